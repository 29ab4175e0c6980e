import { rlStreamQuery, STREAM_PATH } from '@quantdeck/contracts'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { answer, type Exchange, type Request } from './answer.ts'
import { DEVIATIONS, type Deviation } from './deviations/index.ts'
import { latestSignals } from './operations.ts'
import { isoAt, newState, rlExampleOf, type Row } from './state.ts'

const HEARTBEAT_MS = 200
/** Rarer than a client needs to see that a replay is over. */
const SIGNAL_MS = 600
const PAST_MESSAGES = 4

export interface WrongServer {
  url: URL
  close(): Promise<void>
}

/** A small server that answers both documents correctly from their own examples, but for the one named deviation. */
export async function startWrongServer(options: { break?: string } = {}): Promise<WrongServer> {
  const deviation = options.break === undefined ? {} : findDeviation(options.break)
  const state = newState(Date.now())
  const server = createServer((request, response) => {
    void readRequest(request).then((asked) => {
      deviation.before?.(asked)
      const exchange = answer(asked, state, Date.now())
      deviation.after?.(exchange)
      send(response, exchange)
    })
  })
  const stream = new Stream(deviation)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    stream.upgrade(request, socket, head),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    close: async () => {
      stream.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function findDeviation(name: string): Omit<Deviation, 'name' | 'caughtBy'> {
  const found = DEVIATIONS.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no deviation "${name}"`)
  return found
}

async function readRequest(request: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const url = new URL(request.url ?? '/', 'http://localhost')
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers as Request['headers'],
    text: Buffer.concat(chunks).toString('utf8'),
    isCounted: true,
  }
}

function send(response: ServerResponse, { status, headers, body }: Exchange): void {
  response.writeHead(status, headers)
  if (status === 204) response.end()
  else response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** The stream: market_status first, then what was asked for, then a heartbeat and a signal from time to time. */
class Stream {
  readonly #deviation: Partial<Deviation>
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #timers: NodeJS.Timeout[]
  #sequence = PAST_MESSAGES

  constructor(deviation: Partial<Deviation>) {
    this.#deviation = deviation
    this.#timers = [
      setInterval(() => this.#broadcast(this.#heartbeat()), HEARTBEAT_MS),
      setInterval(() => {
        this.#sequence += 1
        this.#broadcast(this.#signal(this.#sequence, Date.now()))
      }, SIGNAL_MS),
    ]
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://localhost')
    this.#deviation.streamQuery?.(url.searchParams)
    const query = rlStreamQuery.safeParse(Object.fromEntries(url.searchParams))
    if (url.pathname !== STREAM_PATH) return this.#refuse(socket, { status: 404, error: 'NOT_FOUND' })
    if (!query.success) return this.#refuse(socket, { status: 400, error: 'VALIDATION_ERROR' })
    const { since, snapshot } = query.data
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#greet(client, { since, snapshot }))
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const client of this.#sockets.clients) client.terminate()
  }

  #greet(
    client: WebSocket,
    { since, snapshot }: { since?: string | undefined; snapshot?: string | undefined },
  ): void {
    client.on('message', (data: Buffer) => {
      if (data.toString('utf8') === 'ping') client.send(this.#deviation.pong ?? 'pong')
    })
    const market = {
      ...rlExampleOf('marketStatusMessage'),
      timestamp: isoAt(Date.now()),
      sequence: this.#sequence,
    }
    const messages: Row[] = [market]
    const latest = snapshot === '1' ? latestSignals(Date.now()).signals : []
    for (const { timestamp, strategy_code } of latest) {
      messages.push(this.#signal(this.#sequence, Date.parse(timestamp), strategy_code))
    }
    for (let sequence = Number(since ?? this.#sequence) + 1; sequence <= this.#sequence; sequence += 1) {
      messages.push(this.#signal(sequence, Date.now() - 3_600_000))
    }
    const sent = this.#deviation.greeting?.(messages) ?? messages
    for (const message of sent) this.#send(client, message)
  }

  /** Live ones are of another strategy than the latest, so that a snapshot cannot be mistaken. */
  #signal(sequence: number, atMs: number, strategy_code = 'sac_v2'): Row {
    const message = rlExampleOf('signalMessage') as { data: Row }
    return { ...message, timestamp: isoAt(atMs), data: { ...message.data, strategy_code }, sequence }
  }

  #heartbeat(): Row {
    const server_time = isoAt(Date.now())
    const data = { server_time, connected_clients: this.#sockets.clients.size }
    return { ...rlExampleOf('heartbeatMessage'), timestamp: server_time, data, sequence: this.#sequence }
  }

  #broadcast(message: Row): void {
    for (const client of this.#sockets.clients) this.#send(client, structuredClone(message))
  }

  #send(client: WebSocket, message: Row): void {
    const bent = this.#deviation.message === undefined ? message : this.#deviation.message(message)
    if (bent !== null) client.send(JSON.stringify(bent))
  }

  #refuse(socket: Duplex, refusal: { status: number; error: string }): void {
    const { status, error } = this.#deviation.refusal?.(refusal) ?? refusal
    const body: unknown = this.#deviation.refusalBody ?? {
      error,
      message: error,
      timestamp: isoAt(Date.now()),
    }
    const text = JSON.stringify(body)
    socket.end(
      `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    )
  }
}
