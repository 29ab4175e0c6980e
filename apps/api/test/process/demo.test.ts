import { v1Fixtures } from '@quantdeck/contracts/fixtures'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { DOCUMENTED_GETS, pathOf } from '../harness/endpoints.ts'
import { eventually } from '../harness/seed.ts'
import { ServerProcess } from '../harness/server-process.ts'
import { StreamClient } from '../harness/stream.ts'

const EXAMPLE = join(import.meta.dirname, '../../../../examples/python/post_signal.py')
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.warn('SKIPPED: the Python example. There is no python3 on PATH.')

interface FinishedRun {
  status: string
  error?: string
  equity_curve: { value: string }[]
  trades: unknown[]
  metrics: { total_trades: number; total_return: string }
  report_url: string
}

let dataDir: string
let server: ServerProcess
let firstStartSeconds: number

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-demo-'))
  server = new ServerProcess(dataDir)
  firstStartSeconds = await server.ready(110_000)
}, 120_000)

afterAll(async () => {
  await server.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

// In the order in which a newcomer meets them: the walk right after the start, the restart last.
describe('a fresh start with the demo', () => {
  it('answers every GET of both documents to one login: no 429, no 5xx, nothing empty', async () => {
    const token = await server.login(dataDir)
    const firstId = async (path: string, field: string) => {
      const { body } = await server.call('GET', path, token)
      return (body as { data: Record<string, string>[] }).data[0]?.[field] ?? 'none'
    }
    const base = { strategy_id: 'momentum_v1', position_id: await firstId('/v1/positions', 'position_id') }
    const ids = { ...base, run_id: await firstId('/v1/runs', 'run_id'), service_name: 'database' }
    for (const endpoint of DOCUMENTED_GETS) {
      const path = pathOf(endpoint, ids)
      const { status, headers, body, text } = await server.call('GET', path, token)
      expect([path, status], text).toEqual([path, 200])
      expect(text.length).toBeGreaterThan(20)
      expect(endpoint.output.safeParse(body).error).toBeUndefined()
      if (!path.startsWith('/v1/health')) expect(emptyLists(body), path).toEqual([])
      expect([path, headers.get('x-ratelimit-limit')]).toEqual([path, '100'])
      expect(Number(headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
      expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(1_700_000_000)
    }
  })

  it('serves what clients and people read without a login', async () => {
    for (const path of ['/openapi.json', '/docs', '/redoc', '/healthz', '/readyz']) {
      const { status, text } = await server.call('GET', path)
      expect([path, status]).toEqual([path, 200])
      expect(text.length).toBeGreaterThan(10)
    }
    for (const endpoint of DOCUMENTED_GETS.filter(({ meta }) => meta.path.startsWith('/api'))) {
      const { status } = await server.call('GET', endpoint.meta.path)
      expect([endpoint.meta.path, status]).toEqual([endpoint.meta.path, 200])
    }
  })

  it('prints its phases with their seconds, the URL, a link that logs in once, and the logins', async () => {
    for (const phase of ['database', 'desk and streams', 'logins', 'demo market', 'server']) {
      expect(server.out).toMatch(new RegExp(`^  ${phase} +\\d+\\.\\d s$`, 'm'))
    }
    expect(server.out).toMatch(/login +admin@quantdeck\.local +\S{12,}/)
    expect(server.out).toMatch(/API documents +http:\/\/localhost:\d+\/docs/)
    const token = /\/login\?token=(\S+)/.exec(server.out)?.[1]
    const body = { json: { token } }
    const use = () =>
      server.call('POST', '/trpc/session.loginWithLink', undefined, body, { 'x-quantdeck': '1' })
    const first = await use()
    expect(first.status, first.text).toBe(200)
    expect(first.text).toContain('accessToken')
    expect((await use()).status).toBe(401)
  })

  it('is refused to a second process, which names the first in one sentence', async () => {
    const second = new ServerProcess(dataDir)
    expect(await second.exited).toBe(1)
    expect(second.err.trim().split('\n')).toHaveLength(1)
    expect(second.err).toContain(`process ${server.pid}`)
    const third = new ServerProcess(dataDir, { PORT: new URL(server.url).port })
    expect(await third.exited).toBe(1)
    expect(third.err).toMatch(/^Port \d+ is taken by another program: set PORT to a free one\.\n$/)
  })

  it('runs the backtest of the document for momentum_v1, and its report opens', async () => {
    const token = await server.login(dataDir)
    const started = await server.call('POST', '/v1/runs', token, v1Fixtures.runCreateRequest.value)
    expect(started.status, started.text).toBe(202)
    const { run_id } = (started.body as { data: { run_id: string } }).data
    const run = await eventually(async () => {
      const { data } = (await server.call('GET', `/v1/runs/${run_id}`, token)).body as { data: FinishedRun }
      return data.status === 'RUNNING' ? null : data
    }, 'the end of the run')
    expect([run.status, run.error]).toEqual(['COMPLETED', undefined])
    const [first, last] = [run.equity_curve[0]?.value, run.equity_curve.at(-1)?.value]
    expect(Number(first)).toBe(100_000)
    expect(run.trades).toHaveLength(run.metrics.total_trades)
    expect(run.trades.length).toBeGreaterThan(5)
    expect((Number(last) / Number(first) - 1) * 100).toBeCloseTo(Number(run.metrics.total_return), 1)
    // A link of its own: it opens without a login.
    const report = await fetch(run.report_url)
    expect(report.status).toBe(200)
    expect(report.headers.get('content-type')).toContain('text/html')
    expect(report.headers.get('content-security-policy')).toContain('sandbox')
    expect(await report.text()).toContain('momentum_v1')
  })

  describe.skipIf(!hasPython)('and the Python example', () => {
    function python(key: string, ...more: string[]) {
      const child = spawn('python3', [EXAMPLE, '--url', server.url, '--key', key, ...more], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
      return new Promise<{ code: number | null; text: string }>((resolve) =>
        child.on('close', (code) => resolve({ code, text })),
      )
    }

    it('shows its signal in the list and on the stream within a second, and its order', async () => {
      const token = await server.login(dataDir)
      const key = await server.createKey(token)
      const stream = new StreamClient(server.url)
      await stream.hearType('market_status')
      const { signal, codeAndText } = await postThatTrades(key, stream)
      const { code, text } = codeAndText
      expect([code, text]).toEqual([0, expect.stringContaining('outcome ORDERS')])
      const orderId = /^order +(\S+)$/m.exec(text)?.[1] ?? 'none'
      const latest = (await server.call('GET', '/api/signals/latest')).body as {
        signals: Record<string, string>[]
      }
      expect(latest.signals.map((one) => one['reasoning'])).toContain(signal)
      const orders = (await server.call('GET', '/v1/orders?strategy_id=ppo_v1', token)).body as {
        data: { order_id: string }[]
      }
      expect(orders.data.map((order) => order.order_id)).toContain(orderId)
      stream.close()
    })

    /** Whatever the stand-in holds right now: an entry when flat, else a close. */
    async function postThatTrades(key: string, stream: StreamClient) {
      const { body } = await server.call('GET', '/v1/positions?strategy_id=ppo_v1', key)
      const isFlat = (body as { data: unknown[] }).data.length === 0
      const signal = `from python ${isFlat ? 'in' : 'out'}`
      const startedAt = performance.now()
      const running = python(
        key,
        '--strategy',
        'ppo_v1',
        '--signal',
        isFlat ? 'LONG' : 'CLOSE',
        '--reasoning',
        signal,
      )
      const heard = await stream.hear(({ data }) => data['reasoning'] === signal, 'the signal')
      const codeAndText = await running
      // Python's own start counts too, so this is later than the post, and a second after it at most.
      expect(heard.heardAt - startedAt).toBeLessThan(3_000)
      const posted = Date.parse(heard.timestamp)
      expect(performance.timeOrigin + heard.heardAt - posted).toBeLessThan(1_000)
      return { signal, codeAndText }
    }

    it('prints the violations of a refused one', async () => {
      const key = await server.createKey(await server.login(dataDir))
      const { code, text } = await python(
        key,
        ...['--strategy', 'sac_v2', '--signal', 'LONG', '--size', '1', '--symbol', 'NOT/TRADED'],
      )
      expect(code).toBe(2)
      expect(text).toMatch(/^outcome REFUSED$/m)
      expect(text).toMatch(/^reason +[A-Z_]+: \S.+$/m)
    })
  })

  it('starts faster the second time, on the same data, and stops on SIGTERM', async () => {
    const before = await positions()
    expect(await server.kill('SIGTERM')).toBe(0)
    server = new ServerProcess(dataDir)
    const seconds = await server.ready()
    expect(seconds).toBeLessThan(firstStartSeconds)
    expect(server.out).not.toMatch(/login +admin@quantdeck\.local/)
    expect(await positions()).toEqual(before)
  })

  /** Of the index strategies, which a few seconds do not change. */
  async function positions(): Promise<string[]> {
    const { body } = await server.call('GET', '/v1/positions?symbol=SPX', await server.login(dataDir))
    return (body as { data: { position_id: string }[] }).data.map((row) => row.position_id)
  }
})

/** Paths of the lists in an answer that show nothing, but for those that name what is undefined or wrong. */
function emptyLists(value: unknown, path = '$'): string[] {
  if (Array.isArray(value)) {
    const isNote = /\.(undefined_metrics|notes|trades|equity_curve)$|\.assumptions\./.test(path)
    return value.length === 0 && !isNote
      ? [path]
      : value.slice(0, 3).flatMap((item) => emptyLists(item, path))
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => emptyLists(child, `${path}.${key}`))
}
