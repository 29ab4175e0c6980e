import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'
import { describe, expect, it } from 'vitest'

/** A Redis of the test's own: no files, no defaults of the machine. */
export class TestRedis {
  readonly port: number
  #process: ChildProcess | null = null

  constructor(port: number) {
    this.port = port
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    this.#process = spawn('redis-server', settings, { stdio: 'ignore' })
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await answers(this.url)) return
      await sleep(50)
    }
    throw new Error('redis-server did not start')
  }

  /** Frozen: it accepts connections and answers nothing. */
  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }

  async kill(): Promise<void> {
    const child = this.#process
    this.#process = null
    if (child === null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    if (client.isOpen) client.destroy()
  }
}

export async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** Where redis-server is missing the suite is skipped and says so; in CI that is a failure. */
export function describeRedis(name: string, suite: () => void): void {
  if (spawnSync('redis-server', ['--version']).status === 0) return void describe(name, suite)
  // A test's own question; the product's configuration is in env.ts.
  // oxlint-disable-next-line no-restricted-properties
  if (process.env['CI'] === 'true') {
    describe(name, () => {
      it('needs redis-server on PATH', () =>
        expect.fail('redis-server is missing, and CI must not skip this'))
    })
    return
  }
  // oxlint-disable-next-line no-console -- a skipped suite must not pass unseen
  console.warn(`SKIPPED: ${name}. redis-server is not on PATH (Debian: apt-get install redis-server)`)
  describe.skip(`${name} (skipped: no redis-server)`, suite)
}
