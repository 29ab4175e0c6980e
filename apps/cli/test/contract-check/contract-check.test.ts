import { listEndpoints, rl, v1 } from '@quantdeck/contracts'
import { describe, expect, it } from 'vitest'
import type { CheckResult } from '../../src/contract-check/check.ts'
import { CHECKS } from '../../src/contract-check/checks.ts'
import { runChecks } from '../../src/contract-check/run-checks.ts'
import { DEVIATIONS } from './deviations/index.ts'
import { LOGIN } from './state.ts'
import { startWrongServer } from './wrong-server.ts'

async function judge(url: URL, only: string | null): Promise<CheckResult[]> {
  return runChecks({
    url,
    only,
    credentials: LOGIN,
    token: null,
    allowWrites: true,
    fast: false,
    heartbeatMs: 1_000,
    onWait: (seconds) => {
      throw new Error(`the test server asked to wait ${seconds} s`)
    },
  })
}

async function judgeServer(options: { break?: string }, only: string | null = null): Promise<CheckResult[]> {
  const server = await startWrongServer(options)
  try {
    return await judge(server.url, only)
  } finally {
    await server.close()
  }
}

const notOk = (results: CheckResult[]) => results.filter(({ status }) => status !== 'ok')
const failedIds = (results: CheckResult[]) =>
  results.flatMap(({ id, status }) => (status === 'failed' ? [id] : []))

describe('contract-check', () => {
  it('has one id for each check, and one check for each operation of both documents', () => {
    const ids = CHECKS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(CHECKS.every(({ id, family }) => id.startsWith(`${family}.`))).toBe(true)
    const operations = [
      ...listEndpoints(v1).map(({ name }) => `v1.${name}`),
      ...listEndpoints(rl).map(({ name }) => `rl.${name}`),
    ]
    expect(operations.filter((id) => !ids.includes(id))).toEqual([])
  })

  it('finds nothing in a server that is right, and skips nothing', async () => {
    expect(notOk(await judgeServer({}))).toEqual([])
  })

  it('has a deviation for every check, so that none of them can only hold', () => {
    const caught = new Set(DEVIATIONS.map(({ caughtBy }) => caughtBy))
    expect(CHECKS.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual([])
    expect(new Set(DEVIATIONS.map(({ name }) => name)).size).toBe(DEVIATIONS.length)
  })
})

// Concurrent: most of the time of a failing check is waiting for what never comes.
describe.concurrent('contract-check catches', () => {
  it.each(DEVIATIONS.map(({ name, caughtBy }) => [name, caughtBy] as const))('%s', async (name, caughtBy) => {
    expect(failedIds(await judgeServer({ break: name }, caughtBy))).toEqual([caughtBy])
  })
})
