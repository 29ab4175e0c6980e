import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type DataPoint, DataFeed } from './data-feed.ts'
import { type ExchangeFacts, LocalExchange } from './exchange.ts'
import { Refused, type WireUpdate } from './wire.ts'

/** What goes wrong with a request, once or more often. */
export interface Fault {
  /** `POST /v2/orders`; a path without its ids and query. */
  on: string
  times?: number
  /** Wait before anything happens. */
  delayMs?: number
  /** Cut the connection before the request has had its effect, or after. */
  drop?: 'before' | 'after'
  /** Answer this instead, without any effect. */
  status?: number
  headers?: Record<string, string>
  body?: string
  /** Do it, and answer this instead. */
  answer?: string
}

/** What goes wrong with the stream of trade updates. */
export interface StreamFaults {
  /** Updates that are never sent, by event. */
  drop?: (update: WireUpdate) => boolean
  duplicate?: boolean
  /** Held back until as many have gathered, and then sent newest first. */
  reorder?: number
  delayMs?: number
}

export const KEY_ID = 'PKTESTKEYIDOFTHETESTS'
export const SECRET_KEY = 'secretsecretsecretsecretsecretsecretsecr'

/**
 * A server on this machine that speaks Alpaca's published formats: REST below `/v2`, trade updates at `/stream`, market data
 * at `/v2/iex` and `/v2/stocks/bars`. It can go away and come back on the same port, with the exchange going on meanwhile.
 */
export class LocalAlpaca {
  readonly exchange: LocalExchange
  readonly data = new DataFeed()
  readonly requests: { method: string; path: string; at: number; body: unknown }[] = []
  readonly faults: Fault[] = []
  stream: StreamFaults = {}
  keys = { id: KEY_ID, secret: SECRET_KEY }
  /** Sends `X-RateLimit-*`, and 429 beyond. */
  ratePerMinute = 200
  readonly #listeners = new Set<WebSocket>()
  readonly #sockets = new Set<Socket>()
  readonly #window: number[] = []
  #held: WireUpdate[] = []
  #server: Server | null = null
  #port = 0

  constructor(facts: ExchangeFacts = { cash: '100000', symbols: ['AAPL', 'MSFT', 'SPY'] }) {
    this.exchange = new LocalExchange(facts, (update) => this.#send(update))
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get isListenedTo(): boolean {
    return this.#listeners.size > 0
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response))
    const wss = new WebSocketServer({ noServer: true })
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    server.on('upgrade', (request, socket, head) => {
      wss.handleUpgrade(request, socket, head, (ws) => {
        if (request.url === '/stream') this.#onTradeStream(ws)
        else this.data.connect(ws, this.keys)
      })
    })
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  /** Gone: every connection is cut, new ones are refused. What happens at the exchange is not sent later. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    this.#listeners.clear()
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
  }

  /** Cuts the streams only. */
  disconnectStreams(): void {
    for (const listener of this.#listeners) listener.terminate()
    this.#listeners.clear()
  }

  /** Whatever text, to everybody who listens. */
  sendRaw(text: string | Buffer): void {
    for (const listener of this.#listeners) listener.send(Buffer.from(text))
  }

  requestsOf(on: string): { at: number; body: unknown }[] {
    return this.requests.filter(({ method, path }) => `${method} ${path}` === on)
  }

  publish(point: DataPoint): void {
    this.data.publish(point)
  }

  #onTradeStream(ws: WebSocket): void {
    let isAuthorized = false
    const send = (stream: string, data: unknown) => ws.send(Buffer.from(JSON.stringify({ stream, data })))
    ws.on('close', () => this.#listeners.delete(ws))
    ws.on('message', (raw: Buffer) => {
      const { action, data } = JSON.parse(raw.toString('utf8')) as {
        action: string
        data: Record<string, unknown>
      }
      if (action === 'authenticate') {
        isAuthorized = data['key_id'] === this.keys.id && data['secret_key'] === this.keys.secret
        send('authorization', { status: isAuthorized ? 'authorized' : 'unauthorized', action })
      } else if (action === 'listen' && !isAuthorized) {
        send('authorization', { status: 'unauthorized', action })
      } else if (action === 'listen') {
        const streams = (data['streams'] as string[]).filter((name) => name === 'trade_updates')
        if (streams.length > 0) this.#listeners.add(ws)
        send('listening', { streams })
      }
    })
  }

  #send(update: WireUpdate): void {
    const { drop, duplicate, reorder, delayMs } = this.stream
    if (drop?.(update) === true) return
    this.#held.push(update)
    if (this.#held.length < (reorder ?? 1)) return
    const batch = this.#held.splice(0).reverse()
    const frames = batch
      .flatMap((each) => (duplicate === true ? [each, each] : [each]))
      .map((data) => JSON.stringify({ stream: 'trade_updates', data }))
    // Whoever listens now gets it, nobody later: the stream has no memory.
    const listeners = [...this.#listeners]
    setTimeout(() => {
      for (const listener of listeners) for (const frame of frames) listener.send(Buffer.from(frame))
    }, delayMs ?? 0)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    const path = url.pathname.replace(/\/[0-9a-f]{8}-[0-9a-f-]{27}/, '')
    const method = request.method ?? 'GET'
    const text = await readAll(request)
    const body: unknown = text === '' ? null : JSON.parse(text)
    this.requests.push({ method, path, at: performance.now(), body })
    const fault = this.#faultOf(`${method} ${path}`)
    if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
    if (fault?.drop === 'before') return void request.socket.destroy()
    if (fault?.status !== undefined) return answer(response, fault.status, fault.body ?? '', fault.headers)
    try {
      const headers = this.#countRequest(request)
      const result = this.#act(method, url, body)
      if (fault?.drop === 'after') return void request.socket.destroy()
      const words = fault?.answer ?? (result === null ? '' : JSON.stringify(result))
      answer(response, result === null ? 204 : 200, words, { ...headers, ...fault?.headers })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (fault?.drop === 'after') return void request.socket.destroy()
      answer(response, error.status, JSON.stringify(error.body))
    }
  }

  #faultOf(on: string): Fault | undefined {
    const index = this.faults.findIndex((fault) => fault.on === on || fault.on === '*')
    const fault = this.faults[index]
    if (!fault) return undefined
    fault.times = (fault.times ?? 1) - 1
    if (fault.times <= 0) this.faults.splice(index, 1)
    return fault
  }

  /** https://alpaca.markets/support/usage-limit-api-calls and https://forum.alpaca.markets/t/executing-orders/12029 */
  #countRequest(request: IncomingMessage): Record<string, string> {
    if (
      request.headers['apca-api-key-id'] !== this.keys.id ||
      request.headers['apca-api-secret-key'] !== this.keys.secret
    ) {
      throw new Refused(401, 40_110_000, 'request is not authorized')
    }
    const now = new Date().getTime()
    while (this.#window[0] !== undefined && this.#window[0] < now - 60_000) this.#window.shift()
    if (this.#window.length >= this.ratePerMinute) throw new Refused(429, 42_910_000, 'rate limit exceeded')
    this.#window.push(now)
    return {
      'x-ratelimit-limit': String(this.ratePerMinute),
      'x-ratelimit-remaining': String(this.ratePerMinute - this.#window.length),
      'x-ratelimit-reset': String(Math.ceil((now + 60_000) / 1000)),
    }
  }

  #act(method: string, url: URL, body: unknown): unknown {
    const { pathname, searchParams: query } = url
    const { book, portfolio } = this.exchange
    const id = /^\/v2\/orders\/([^/]+)$/.exec(pathname)?.[1]
    if (method === 'POST' && pathname === '/v2/orders')
      return this.exchange.place(body as Record<string, unknown>)
    if (method === 'DELETE' && id !== undefined) {
      this.exchange.cancel(id)
      return null
    }
    if (method !== 'GET') throw new Refused(404, 40_410_000, 'endpoint not found')
    if (id !== undefined) return book.shown(book.get(id), query.get('nested') === 'true')
    if (pathname === '/v2/orders:by_client_order_id') {
      return book.shown(book.byClientId(query.get('client_order_id') ?? ''), false)
    }
    if (pathname === '/v2/orders') return book.list(query)
    if (pathname === '/v2/positions') return portfolio.list()
    if (pathname === '/v2/account') return this.exchange.account()
    if (pathname === '/v2/account/activities/FILL') return this.exchange.activities(query)
    if (pathname === '/v2/stocks/bars') return this.data.bars(query)
    throw new Refused(404, 40_410_000, 'endpoint not found')
  }
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers })
  response.end(body)
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
