import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts')

let dataDir: string
const children: ChildProcess[] = []

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-start-'))
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--conditions=@quantdeck/source', MAIN], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      DATA_DIR: dataDir,
      DEMO: 'off',
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return { child, output, exited }
}

async function untilReady(output: { out: string; err: string }): Promise<string> {
  await expect.poll(() => output.out, { timeout: 25_000, interval: 50 }).toMatch(/API documents/)
  return /http:\/\/localhost:\d+/.exec(output.out)?.[0] ?? ''
}

describe('the process', () => {
  it('prints phases, URL and logins once, keeps them to its owner, and stops on SIGTERM', async () => {
    const first = start({})
    const url = await untilReady(first.output)
    expect(first.output.out).toMatch(/database +\d+\.\d s/)
    const logins = join(dataDir, 'logins.json')
    expect(statSync(logins).mode & 0o777).toBe(0o600)
    const saved = JSON.parse(readFileSync(logins, 'utf8')) as Record<string, string>
    const [email, password] = Object.entries(saved)[0] ?? ['', '']
    expect(first.output.out).toContain(password)
    const body = JSON.stringify({ email, password })
    const headers = { 'content-type': 'application/json' }
    const login = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers, body })
    expect(login.status).toBe(200)
    first.child.kill('SIGTERM')
    expect(await first.exited).toBe(0)

    const second = start({})
    await untilReady(second.output)
    expect(second.output.out).not.toContain(password)
    const third = start({})
    expect(await third.exited).toBe(1)
    expect(third.output.err.trim()).toMatch(/^The database in .* is in use by process \d+ .*\.$/)
    second.child.kill('SIGINT')
    expect(await second.exited).toBe(0)
  })

  it('says in one sentence that the port is taken', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as AddressInfo
    const { exited, output } = start({ PORT: String(port) })
    expect(await exited).toBe(1)
    expect(output.err).toBe(`Port ${port} is taken by another program: set PORT to a free one.\n`)
    holder.close()
  })

  it('says in one sentence what is wrong with the configuration', async () => {
    const { exited, output } = start({ RATE_LIMITS: 'plenty' })
    expect(await exited).toBe(1)
    expect(output.err).toMatch(/^RATE_LIMITS must be documented, off, or JSON .*\n$/)
  })
})
