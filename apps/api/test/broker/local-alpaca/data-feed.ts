import type { WebSocket } from 'ws'

/** A trade, a quote or a minute bar: https://docs.alpaca.markets/docs/real-time-stock-pricing-data */
export type DataPoint = { T: 't' | 'q' | 'b'; S: string; t: string; [field: string]: unknown }

/** A bar of the REST history: https://docs.alpaca.markets/reference/stockbars */
export interface HistoricBar {
  t: string
  o: number
  h: number
  l: number
  c: number
  v: number
  n?: number
  vw?: number
}

const CHANNELS = { t: 'trades', q: 'quotes', b: 'bars' } as const

/** The stream of market data, `wss://stream.data.alpaca.markets/v2/{feed}`: control messages, one connection, subscriptions. */
export class DataFeed {
  readonly subscriptions = { trades: new Set<string>(), quotes: new Set<string>(), bars: new Set<string>() }
  readonly history = new Map<string, HistoricBar[]>()
  readonly barRequests: string[] = []
  #client: WebSocket | null = null

  connect(ws: WebSocket, keys: { id: string; secret: string }): void {
    const send = (message: unknown) => ws.send(JSON.stringify([message]))
    send({ T: 'success', msg: 'connected' })
    let isAuthenticated = false
    ws.on('close', () => {
      if (this.#client !== ws) return
      this.#client = null
      for (const set of Object.values(this.subscriptions)) set.clear()
    })
    ws.on('message', (raw: Buffer) => {
      const message = JSON.parse(raw.toString('utf8')) as Record<string, unknown>
      if (message['action'] === 'auth') {
        if (message['key'] !== keys.id || message['secret'] !== keys.secret) {
          return send({ T: 'error', code: 402, msg: 'auth failed' })
        }
        if (this.#client !== null) return send({ T: 'error', code: 406, msg: 'connection limit exceeded' })
        isAuthenticated = true
        this.#client = ws
        for (const set of Object.values(this.subscriptions)) set.clear()
        return send({ T: 'success', msg: 'authenticated' })
      }
      if (!isAuthenticated) return send({ T: 'error', code: 401, msg: 'not authenticated' })
      for (const [name, set] of Object.entries(this.subscriptions)) {
        for (const symbol of (message[name] as string[] | undefined) ?? []) {
          if (message['action'] === 'subscribe') set.add(symbol)
          else set.delete(symbol)
        }
      }
      send({ T: 'subscription', ...this.#lists() })
    })
  }

  /** To whoever subscribed to it. */
  publish(...points: DataPoint[]): void {
    const wanted = points.filter(({ T, S }) => this.subscriptions[CHANNELS[T]].has(S))
    if (wanted.length > 0) this.#client?.send(JSON.stringify(wanted))
  }

  sendRaw(text: string): void {
    this.#client?.send(text)
  }

  disconnect(): void {
    this.#client?.terminate()
  }

  bars(query: URLSearchParams): unknown {
    this.barRequests.push(query.toString())
    const start = Date.parse(query.get('start') ?? '1970-01-01T00:00:00Z')
    const symbols = query.get('symbols')?.split(',') ?? []
    const limit = Number(query.get('limit') ?? 1000)
    const token = Number(query.get('page_token') ?? 0)
    const all = symbols.flatMap((symbol) =>
      (this.history.get(symbol) ?? [])
        .filter(({ t }) => Date.parse(t) >= start)
        .map((bar) => ({ symbol, bar })),
    )
    const bars: Record<string, HistoricBar[]> = {}
    for (const { symbol, bar } of all.slice(token, token + limit)) (bars[symbol] ??= []).push(bar)
    return { bars, next_page_token: token + limit < all.length ? String(token + limit) : null }
  }

  #lists(): Record<string, string[]> {
    return Object.fromEntries(Object.entries(this.subscriptions).map(([name, set]) => [name, [...set]]))
  }
}
