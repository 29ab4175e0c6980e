import { unpackDatabase } from '@quantdeck/db/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { load, type LoadReport } from '../harness/load-generator.ts'
import { ServerProcess, type ProcessAnswer } from '../harness/server-process.ts'

/** A few seconds here; `pnpm test:soak overload` takes a minute, over the demo, and holds the times to their bounds. */
const isSoak = process.env['OVERLOAD_SECONDS'] !== undefined
const SECONDS = Number(process.env['OVERLOAD_SECONDS'] ?? '2')
const TIMES = Number(process.env['OVERLOAD_TIMES'] ?? '10')
/** As many at once as are never refused: they keep the process busy, and its line short. */
const SATURATING = 24
const CONNECTIONS = 500

const dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-overload-'))
let server: ServerProcess
let token: string
let port: number

beforeAll(async () => {
  if (!isSoak) await unpackDatabase(join(dataDir, 'main'))
  server = new ServerProcess(dataDir, { RATE_LIMITS: 'off', ...(!isSoak && { DEMO: 'off' }) })
  await server.ready(180_000)
  port = Number(new URL(server.url).port)
  token = await server.login(dataDir)
}, 200_000)

afterAll(async () => {
  await server.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

const requestOf = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

interface Watched {
  path: string
  status: number
  ms: number
}

/** What must be answered whatever the load: asked for again and again until told to stop. */
async function watch(isOver: () => boolean): Promise<Watched[]> {
  const seen: Watched[] = []
  const ask = async (path: string, call: () => Promise<ProcessAnswer>) => {
    const startedAt = performance.now()
    const { status } = await call()
    seen.push({ path, status, ms: Math.round(performance.now() - startedAt) })
  }
  const kill = { action: 'activate', reason: 'overload' }
  while (!isOver()) {
    for (const path of ['/healthz', '/readyz', '/v1/health'])
      await ask(path, () => server.call('GET', path, token))
    await ask('kill switch', () => server.call('POST', '/v1/controls/kill-switch', token, kill))
    await pause(200)
  }
  return seen
}

/** Loads for so long while it looks after the ones that must be answered. */
async function overload(rate: number): Promise<{ report: LoadReport; seen: Watched[] }> {
  let isOver = false
  const watching = watch(() => isOver)
  const report = await load({
    ...{ port, request: requestOf('/v1/positions'), connections: CONNECTIONS, seconds: SECONDS, rate },
  })
  isOver = true
  return { report, seen: await watching }
}

function summary(report: LoadReport, seconds: number): string {
  const ms = (status: number, share: number) => `${report.percentile(status, share).toFixed(1)} ms`
  const lines = report.statuses.map(
    (status) =>
      `${status}: ${report.count(status)} (${Math.round(report.count(status) / seconds)}/s),` +
      ` p50 ${ms(status, 0.5)}, p99 ${ms(status, 0.99)}, p99.9 ${ms(status, 0.999)}, longest ${ms(status, 1)}`,
  )
  return lines.join('\n  ')
}

describe(`${TIMES} times what saturates the server, for ${SECONDS} s`, () => {
  it(
    'is refused but for what can be served; health and the kill switch are always answered',
    { timeout: 60_000 + SECONDS * 4_000 },
    async () => {
      const request = requestOf('/v1/positions')
      const seconds = Math.min(SECONDS, 10)
      await load({ port, request, connections: 4, seconds: 1, rate: null })
      const idle = await load({ port, request, connections: 1, seconds: seconds / 2, rate: null })
      const saturated = await load({ port, request, connections: SATURATING, seconds, rate: null })
      expect(saturated.statuses).toEqual([200])
      const rate = TIMES * (saturated.count(200) / seconds)
      const { report, seen } = await overload(rate)
      const again = await recover()
      console.log(
        [
          `idle, one connection\n  ${summary(idle, seconds / 2)}`,
          `saturated, ${SATURATING} connections\n  ${summary(saturated, seconds)}`,
          `offered ${Math.round(rate)}/s over ${CONNECTIONS} connections, sent ${Math.round(report.sent / SECONDS)}/s\n  ${summary(report, SECONDS)}`,
          `asked for ${seen.length} times meanwhile: health and kill switch, longest ${Math.max(...seen.map(({ ms }) => ms))} ms`,
          `normal after ${again.toFixed(2)} s`,
        ].join('\n'),
      )
      expect(report.statuses).toEqual([200, 503])
      expect(seen.filter(({ status }) => status !== 200)).toEqual([])
      expect(server.hasExited).toBe(false)
      expect(server.out.match(/some are refused/g)?.length ?? 0).toBeLessThan(SECONDS + 2)
      if (!isSoak) return
      expect(report.percentile(200, 0.99)).toBeLessThan(2 * saturated.percentile(200, 0.99))
      expect(report.percentile(503, 0.99)).toBeLessThan(50)
      expect(again).toBeLessThan(5)
    },
  )
})

/** @returns seconds until twenty requests in a row were served */
async function recover(): Promise<number> {
  const startedAt = performance.now()
  for (let served = 0; served < 20;) {
    const { status } = await server.call('GET', '/v1/positions', token)
    served = status === 200 ? served + 1 : 0
  }
  return (performance.now() - startedAt) / 1_000
}
