import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

export interface ProcessAnswer {
  status: number
  text: string
  headers: Headers
  body: unknown
}

/** The real server, as `npm start` runs it: node directly, so that signals reach it and a kill is a kill. */
export class ServerProcess {
  readonly pid: number
  /** Everything it printed, both streams. */
  out = ''
  err = ''
  /** Its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>
  readonly #startedAt = performance.now()
  readonly #child
  #url: string | null = null

  /** `script`: another main file with its arguments. */
  constructor(dataDir: string, env: Record<string, string> = {}, script: readonly string[] = [MAIN]) {
    this.#child = spawn(process.execPath, ['--conditions=@quantdeck/source', ...script], {
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        PORT: '0',
        LOG_LEVEL: 'warn',
        DATA_DIR: dataDir,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.pid = this.#child.pid ?? 0
    this.#child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString()))
    this.#child.stderr.on('data', (chunk: Buffer) => (this.err += chunk.toString()))
    this.exited = new Promise((resolve) => this.#child.on('exit', resolve))
  }

  get url(): string {
    if (this.#url === null) throw new Error('the server is not ready yet')
    return this.#url
  }

  get hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Waits for a line of its output. */
  async prints(pattern: RegExp, withinMs = 60_000): Promise<RegExpExecArray> {
    const deadline = performance.now() + withinMs
    for (;;) {
      const found = pattern.exec(this.out)
      if (found !== null) return found
      if (this.hasExited) throw new Error(`the server ended:\n${this.out}${this.err}`)
      if (performance.now() > deadline) throw new Error(`no ${pattern} in time:\n${this.out}${this.err}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** @returns seconds from spawn to "Ready" */
  async ready(withinMs?: number): Promise<number> {
    const [, port] = await this.prints(/Ready in [\d.]+ s: http:\/\/localhost:(\d+)/, withinMs)
    this.#url = `http://localhost:${port}`
    return (performance.now() - this.#startedAt) / 1000
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal)
    return this.exited
  }

  async call(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ProcessAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...headers,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== ''
    return {
      status: response.status,
      text,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as unknown) : null,
    }
  }

  /** A token of the admin whose password the server keeps in DATA_DIR. */
  async login(dataDir: string): Promise<string> {
    const saved = JSON.parse(readFileSync(join(dataDir, 'logins.json'), 'utf8')) as Record<string, string>
    const [email, password] = Object.entries(saved)[0] ?? []
    const { body } = await this.call('POST', '/v1/auth/login', undefined, { email, password })
    return (body as { access_token: string }).access_token
  }

  async createKey(token: string): Promise<string> {
    const scopes = ['read', 'signals', 'orders']
    const { body } = await this.call('POST', '/v1/api-keys', token, { name: 'test', scopes })
    return (body as { data: { key: string } }).data.key
  }
}
