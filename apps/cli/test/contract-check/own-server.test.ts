import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CheckResult } from '../../src/contract-check/check.ts'
import { type RealServer, startRealServer } from '../real-server.ts'
import { runCli } from '../run-cli.ts'

let server: RealServer

beforeAll(async () => {
  // More money than the demo's strategies take, so that one more fits in.
  const env = { DEMO: 'on', RATE_LIMITS: 'documented', INITIAL_CAPITAL: '200000' }
  server = await startRealServer(env)
  await addIdleStrategy(server)
}, 120_000)

afterAll(() => server.stop())

/** The demo has none that may change its mode. */
async function addIdleStrategy({ url, dataDir }: RealServer): Promise<void> {
  const logins = JSON.parse(readFileSync(join(dataDir, 'logins.json'), 'utf8')) as Record<string, string>
  const [[email, password] = []] = Object.entries(logins)
  const post = async (path: string, body: object, token = ''): Promise<Record<string, string>> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Record<string, string>
  }
  const { access_token } = await post('/v1/auth/login', { email, password })
  const { data } = (await server.get('/v1/instruments')) as { data: { symbol: string }[] }
  const strategy = {
    strategy_id: 'idle_v1',
    name: 'Idle',
    universe: [data[0]?.symbol],
    allocated_capital: '1000.00',
  }
  await post('/v1/strategies', strategy, access_token)
}

// With the documented limits: a client that keeps to them waits for up to a minute.
it('every check holds against our own server with its demo and the documented limits', async () => {
  const args = ['contract-check', server.url, '--allow-writes', '--json']
  const { code, stdout, stderr } = await runCli(args, { DATA_DIR: server.dataDir })
  const { checks } = JSON.parse(stdout) as { checks: CheckResult[] }
  expect(
    checks.filter(({ status }) => status === 'failed'),
    stderr,
  ).toEqual([])
  // How many positions the demo's bots hold differs from start to start.
  const skipped = checks.flatMap(({ id, status }) => (status === 'skipped' ? [id] : []))
  expect(['v1.positions.pages'].filter((id) => skipped.includes(id))).toEqual(skipped)
  expect(code).toBe(0)
}, 240_000)
