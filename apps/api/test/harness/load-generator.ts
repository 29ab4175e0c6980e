import type { Socket } from 'node:net'

import { open } from './raw-http.ts'

export interface LoadOptions {
  port: number
  /** One whole request without a body. */
  request: string
  connections: number
  seconds: number
  /** Requests per second whatever the answers do; null: each connection asks again once it was answered. */
  rate: number | null
}

/** Milliseconds of every answer, by status; 0 is a connection that ended. */
export class LoadReport {
  readonly #times = new Map<number, number[]>()
  sent = 0

  add(status: number, ms: number): void {
    const times = this.#times.get(status)
    if (times === undefined) this.#times.set(status, [ms])
    else times.push(ms)
  }

  get statuses(): number[] {
    return [...this.#times.keys()].sort((a, b) => a - b)
  }

  count(status: number): number {
    return this.#times.get(status)?.length ?? 0
  }

  /** @param share 0.99 for p99 */
  percentile(status: number, share: number): number {
    const sorted = [...(this.#times.get(status) ?? [])].sort((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  }
}

interface Connection {
  readonly socket: Socket
  sentAt: number
  isWaiting: boolean
  text: string
}

/** Asks over kept connections and reads only what it needs of the answers: the client must not be what is slow. */
class Load {
  readonly report = new LoadReport()
  readonly #options: LoadOptions
  readonly #idle: Connection[] = []
  #isOver = false

  constructor(options: LoadOptions) {
    this.#options = options
  }

  async run(): Promise<LoadReport> {
    const { connections, seconds, rate } = this.#options
    const all: Connection[] = []
    for (let i = 0; i < connections; i += 1) all.push(await this.#connect())
    const startedAt = performance.now()
    if (rate === null) for (const connection of all) this.#send(connection)
    else this.#idle.push(...all)
    for (;;) {
      const elapsed = (performance.now() - startedAt) / 1_000
      if (elapsed >= seconds) break
      if (rate !== null) this.#sendUpTo(Math.floor(elapsed * rate))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    this.#isOver = true
    await Promise.race([
      Promise.all(all.map((connection) => untilAnswered(connection))),
      new Promise((resolve) => setTimeout(resolve, 10_000)),
    ])
    for (const { socket } of all) socket.destroy()
    return this.report
  }

  async #connect(): Promise<Connection> {
    const socket = await open(this.#options.port)
    socket.setNoDelay(true)
    const connection: Connection = { socket, sentAt: 0, isWaiting: false, text: '' }
    socket.on('data', (chunk) => this.#onData(connection, chunk.toString('latin1')))
    socket.on('close', () => {
      if (connection.isWaiting) this.#onAnswer(connection, 0)
    })
    return connection
  }

  #sendUpTo(due: number): void {
    while (this.report.sent < due) {
      const connection = this.#idle.pop()
      if (connection === undefined) return
      this.#send(connection)
    }
  }

  #send(connection: Connection): void {
    this.report.sent += 1
    connection.sentAt = performance.now()
    connection.isWaiting = true
    connection.socket.write(this.#options.request)
  }

  #onData(connection: Connection, chunk: string): void {
    connection.text += chunk
    const end = connection.text.indexOf('\r\n\r\n')
    if (end === -1) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(connection.text)?.[1] ?? '0')
    if (connection.text.length < end + 4 + length) return
    const status = Number(connection.text.slice(9, 12))
    connection.text = ''
    this.#onAnswer(connection, status)
  }

  #onAnswer(connection: Connection, status: number): void {
    this.report.add(status, performance.now() - connection.sentAt)
    connection.isWaiting = false
    if (this.#isOver || status === 0) return
    if (this.#options.rate === null) this.#send(connection)
    else this.#idle.push(connection)
  }
}

async function untilAnswered(connection: Connection): Promise<void> {
  while (connection.isWaiting) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Loads a server from this process and says how each request ended. */
export function load(options: LoadOptions): Promise<LoadReport> {
  return new Load(options).run()
}
