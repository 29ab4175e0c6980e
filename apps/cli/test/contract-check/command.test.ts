import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHECKS } from '../../src/contract-check/checks.ts'
import { runCli } from '../run-cli.ts'
import { ACCESS_TOKEN, LOGIN } from './state.ts'
import { startWrongServer, type WrongServer } from './wrong-server.ts'

let dataDir: string
let server: WrongServer

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-check-'))
  writeFileSync(join(dataDir, 'logins.json'), JSON.stringify({ [LOGIN.email]: LOGIN.password }))
  server = await startWrongServer()
})

afterEach(async () => {
  await server.close()
  rmSync(dataDir, { recursive: true })
})

const check = (...args: string[]) => runCli(['contract-check', ...args], { DATA_DIR: dataDir })

describe('quantdeck contract-check', () => {
  it('prints one line for each check, the counts last, and ends with 0 when all hold', async () => {
    const { code, stdout, stderr } = await check(server.url.origin, '--allow-writes')
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trim().split('\n')
    expect(lines).toHaveLength(CHECKS.length + 2)
    expect(lines.at(-1)).toBe(
      `${server.url.origin}: every check holds (${CHECKS.length} ok, 0 failed, 0 skipped)`,
    )
  })

  it('says what was expected and what was seen, and ends with 1', async () => {
    const wrong = await startWrongServer({ break: 'local time without Z' })
    const { code, stdout } = await check(wrong.url.origin, '--only', 'v1.alerts.list')
    await wrong.close()
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^failed {3}v1\.alerts\.list: expected GET \/v1\/alerts: data\[0\]\.created_at: .+; saw "2\d{3}-\S+"$/m,
    )
    expect(stdout).toContain('1 check fails (0 ok, 1 failed, 0 skipped)')
  })

  it('changes nothing without --allow-writes, and says what it skipped and why', async () => {
    const { code, stdout } = await check(server.url.origin, '--only', 'v1.runs.create')
    expect(code).toBe(0)
    expect(stdout).toContain('skipped  v1.runs.create: changes something on the server: --allow-writes')
  })

  it('skips the heartbeat with --fast', async () => {
    const { stdout } = await check(server.url.origin, '--only', 'stream.heartbeat', '--fast')
    expect(stdout).toContain('skipped  stream.heartbeat: takes half a minute')
  })

  it('prints the report as JSON', async () => {
    const { code, stdout } = await check(server.url.origin, '--only', 'rl', '--json')
    const report = JSON.parse(stdout) as { checks: { id: string }[] }
    expect(code).toBe(0)
    expect(report).toMatchObject({ url: server.url.origin, failed: 0, skipped: 0 })
    expect(report.checks.map(({ id }) => id)).toEqual(
      CHECKS.flatMap(({ id, family }) => (family === 'rl' ? [id] : [])),
    )
  })

  it('works with a token, and skips what needs the password', async () => {
    const { code, stdout } = await check(server.url.origin, '--only', 'v1.auth', '--token', ACCESS_TOKEN)
    expect(code).toBe(0)
    expect(stdout).toContain('skipped  v1.auth.refresh: needs --email and --password')
    expect(stdout).toContain('ok       v1.auth.required')
  })

  it('fails every check that needs a token when the login is refused', async () => {
    const login = ['--email', LOGIN.email, '--password', 'wrong']
    const { code, stdout } = await check(server.url.origin, '--only', 'v1.strategies', ...login)
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /failed {3}v1\.strategies\.list: expected POST \/v1\/auth\/login to answer .+; saw 401/,
    )
  })

  it.each([
    [[], 'contract-check takes one URL'],
    [['ftp://127.0.0.1'], 'is no URL of a server'],
    [['http://127.0.0.1:9', '--only', 'v2'], '--only must be one of v1, rl, stream'],
    [['http://127.0.0.1:9', '--email', 'a@example.com'], '--email and --password belong together'],
  ])('answers %j with one sentence and exit code 2', async (args, sentence) => {
    const { code, stdout, stderr } = await check(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(sentence)
  })

  it('says that nobody answers, instead of failing every check', async () => {
    const { code, stderr } = await check('http://127.0.0.1:9')
    expect(code).toBe(1)
    expect(stderr).toContain('no server answers at http://127.0.0.1:9')
  })

  it('sends the logins of this machine to no other one', async () => {
    const { code, stderr } = await check('http://quantdeck.example')
    expect(code).toBe(1)
    expect(stderr).toContain('the v1 document needs a login')
  })
})
