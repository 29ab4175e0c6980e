import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startRealServer, type RealServer } from './real-server.ts'
import { runCli } from './run-cli.ts'

/** As an admin makes one: logged in, with the password once more. */
async function makeAdminKey({ url, dataDir }: RealServer): Promise<string> {
  const logins = JSON.parse(readFileSync(join(dataDir, 'logins.json'), 'utf8')) as Record<string, string>
  const [[email, password] = ['', '']] = Object.entries(logins)
  const post = async (path: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as { access_token: string; data: { key: string } }
  }
  const { access_token: token } = await post('/v1/auth/login', { email, password })
  await post('/v1/auth/confirm', { password }, token)
  return (await post('/v1/api-keys', { name: 'audit', scopes: ['admin'] }, token)).data.key
}

describe('quantdeck audit', () => {
  let server: RealServer
  let folder: string
  let file: string
  let key: string
  const cli = (...args: string[]) =>
    runCli(['audit', ...args], { QUANTDECK_URL: server.url, QUANTDECK_API_KEY: key, INIT_CWD: folder })

  beforeAll(async () => {
    server = await startRealServer()
    key = await makeAdminKey(server)
    folder = mkdtempSync(join(tmpdir(), 'quantdeck-audit-'))
    file = join(folder, 'audit.jsonl')
  })
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  it('keeps a head, exports the log, and proves it without the server', async () => {
    const sealed = async () => (await cli('head')).stdout.trim()
    await expect.poll(sealed, { timeout: 10_000 }).toMatch(/^[0-9a-f]{64}:[1-9]\d*$/)
    const head = await sealed()
    expect(await cli('export', 'audit.jsonl')).toMatchObject({ code: 0, stdout: `${file}\n`, stderr: '' })
    const verified = await runCli(['audit', 'verify', file, '--head', head])
    expect(verified).toMatchObject({ code: 0, stderr: '' })
    expect(verified.stdout).toContain(`proven by the trusted head up to entry ${head.split(':')[1]}`)
    expect((await runCli(['audit', 'verify', file])).stdout).toContain('nothing proves that the whole chain')
  })

  it('finds a changed file, and says where', async () => {
    const text = readFileSync(file, 'utf8')
    const changed = join(folder, 'changed.jsonl')
    writeFileSync(changed, text.replace('"action":"', '"action":"x'))
    expect(await runCli(['audit', 'verify', changed])).toMatchObject({
      code: 1,
      stderr: `quantdeck: ${changed}, line 1: entry 1 was changed\n`,
    })
    const other = `${'0'.repeat(64)}:1`
    expect((await runCli(['audit', 'verify', file, '--head', other])).stderr).toContain(
      'is not the trusted head',
    )
  })

  it('explains what it cannot read', async () => {
    const ownKey = { QUANTDECK_URL: server.url, DATA_DIR: server.dataDir }
    expect((await runCli(['audit', 'head'], ownKey)).stderr).toContain('The API key lacks the scope admin')
    expect((await runCli(['audit', 'verify', '/nowhere.jsonl'])).stderr).toContain('there is no such file')
    expect(await runCli(['audit', 'verify', file, '--head', 'abc'])).toMatchObject({ code: 2 })
    expect(await runCli(['audit', 'verify'])).toMatchObject({ code: 2 })
    expect((await cli('export', '/nowhere/audit.jsonl')).stderr).toContain('the export broke off')
  })
})
