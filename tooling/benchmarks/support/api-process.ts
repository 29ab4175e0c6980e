import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../../apps/api/src/main.ts')
/** The administrator's. */
export const LOGIN = { email: 'bench@quantdeck.local', password: 'a password of the benchmark' }

export interface ApiProcess {
  url: string
  pid: number
  /** A bearer token of the administrator. */
  token: string
  close(): Promise<void>
}

/** The real server in a process of its own, without rate limits, over a database that is migrated already. */
export async function startApi(databaseUrl: string, env: Record<string, string> = {}): Promise<ApiProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-bench-api-'))
  const child = spawn(process.execPath, ['--conditions=@quantdeck/source', MAIN], {
    env: {
      ...{ PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, DATABASE_URL: databaseUrl, PORT: '0' },
      ...{
        DEMO: 'off',
        RATE_LIMITS: 'off',
        LOG_LEVEL: 'error',
        JWT_SECRET: 'a secret of the benchmark, 32 bytes',
      },
      ...{ ADMIN_EMAIL: LOGIN.email, ADMIN_PASSWORD: LOGIN.password },
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await untilReady(child)
  const login = await fetch(`${url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(LOGIN),
  })
  const { access_token: token } = (await login.json()) as { access_token: string }
  return {
    url,
    pid: child.pid ?? 0,
    token,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function untilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
      const port = /Ready in [^:]*: http:\/\/localhost:(\d+)/.exec(output)?.[1]
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${output}`)))
  })
}
