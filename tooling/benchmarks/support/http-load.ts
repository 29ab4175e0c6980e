import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import type { Sample } from '../suite.ts'
import { cpuDuring } from './processes.ts'

export interface HttpRequest {
  method: string
  path: string
  body?: string
}

export interface HttpLoad {
  url: string
  token: string
  connections: number
  /** One list per connection, sent one after the other. */
  requests: readonly (readonly HttpRequest[])[]
  /** The only status that counts as done. */
  expectedStatus: number
  /** Processes whose CPU time is counted: the servers, not this client. */
  pids: readonly number[]
}

/** Sends requests over kept connections, each waiting for its answer. @throws on any other status */
export async function httpLoad(load: HttpLoad): Promise<Sample> {
  const latenciesMs: number[] = []
  const connections = await Promise.all(load.requests.map(() => Connection.open(load)))
  let wallMs = 0
  try {
    const cpuMs = await cpuDuring(load.pids, async () => {
      const started = performance.now()
      await Promise.all(
        load.requests.map(async (list, index) => {
          for (const one of list) {
            const sentAt = performance.now()
            await connections[index]?.send(one)
            latenciesMs.push(performance.now() - sentAt)
          }
        }),
      )
      wallMs = performance.now() - started
    })
    return { operations: latenciesMs.length, wallMs, cpuMs, latenciesMs }
  } finally {
    for (const connection of connections) connection.close()
  }
}

/**
 * HTTP/1.1 by hand: of two processors one is for this client and the database, and node:http would take as much of it as
 * an order takes of the database. It reads what our server sends: a status and a Content-Length.
 */
class Connection {
  readonly #load: HttpLoad
  readonly #socket: Socket
  #answer = ''
  #done: { resolve: () => void; reject: (error: Error) => void } | null = null
  #what = ''

  private constructor(load: HttpLoad, socket: Socket) {
    this.#load = load
    this.#socket = socket
    socket.setEncoding('latin1').on('data', (chunk: string) => this.#read(chunk))
    socket.on('error', (error) => this.#done?.reject(error))
    socket.on('close', () => this.#done?.reject(new Error('the server closed the connection')))
  }

  static async open(load: HttpLoad): Promise<Connection> {
    const { hostname, port } = new URL(load.url)
    const socket = createConnection({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    return new Connection(load, socket)
  }

  send({ method, path, body }: HttpRequest): Promise<void> {
    const { url, token } = this.#load
    const about = `${method} ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\nauthorization: Bearer ${token}\r\n`
    const length = Buffer.byteLength(body ?? '')
    const content =
      body === undefined ? '' : `content-type: application/json\r\ncontent-length: ${length}\r\n`
    this.#what = `${method} ${path}`
    this.#socket.write(`${about}${content}\r\n${body ?? ''}`)
    return new Promise((resolve, reject) => (this.#done = { resolve, reject }))
  }

  #read(chunk: string): void {
    this.#answer += chunk
    const end = this.#answer.indexOf('\r\n\r\n')
    if (end === -1) return
    const head = this.#answer.slice(0, end)
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
    if (this.#answer.length < end + 4 + length) return
    const [status, text] = [Number(head.slice(9, 12)), this.#answer.slice(end + 4)]
    const done = this.#done
    this.#answer = ''
    this.#done = null
    if (status === this.#load.expectedStatus) done?.resolve()
    else done?.reject(new Error(`${this.#what} answered ${status}: ${text.slice(0, 500)}`))
  }

  close(): void {
    this.#socket.destroy()
  }
}
