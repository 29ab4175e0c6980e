import type { AlpacaAccess } from './http.ts'
import { type ReportProblem, shown } from './problems.ts'
import { ReconnectingSocket } from './reconnecting-socket.ts'
import { authorization, firstIssue, listening, streamFrame, type TradeUpdate, tradeUpdate } from './wire.ts'

/** Keys that were refused will hardly be taken a second later. */
const REFUSED_WAIT_MS = 30_000

export interface TradeStreamParts {
  access: AlpacaAccess
  report: ReportProblem
  /** Updates are flowing from now on; what happened before has to be asked for. */
  onListening: () => void
  onUpdate: (update: TradeUpdate) => void
  /** A frame that should have been an update could not be read: something may be missing. */
  onLost: () => void
}

/** https://docs.alpaca.markets/docs/websocket-streaming: `authenticate`, `listen`, then one frame for each update. */
export class TradeStream {
  readonly #parts: TradeStreamParts
  readonly #socket: ReconnectingSocket
  #state: 'closed' | 'connecting' | 'listening' = 'closed'
  #why = 'not connected yet'

  constructor(parts: TradeStreamParts) {
    this.#parts = parts
    this.#socket = new ReconnectingSocket({
      url: streamUrl(parts.access.baseUrl),
      onOpen: () => this.#authenticate(),
      onMessage: (text) => this.#onFrame(text),
      onDown: (reason) => {
        if (this.#state === 'listening' || this.#why === 'not connected yet') this.#why = shown(reason)
        this.#state = 'connecting'
      },
    })
  }

  open(): void {
    this.#state = 'connecting'
    this.#socket.open()
  }

  close(): void {
    this.#state = 'closed'
    this.#socket.close()
  }

  /** Null while updates are flowing, else why not. */
  get trouble(): string | null {
    return this.#state === 'listening' ? null : this.#why
  }

  #authenticate(): void {
    const { keyId, secretKey } = this.#parts.access
    this.#socket.send({ action: 'authenticate', data: { key_id: keyId, secret_key: secretKey } })
  }

  #onFrame(text: string): void {
    const frame = streamFrame.safeParse(parse(text))
    if (!frame.success) return this.#onNonsense('a frame', firstIssue(frame.error))
    const { stream, data } = frame.data
    if (stream === 'authorization') return this.#onAuthorization(data)
    if (stream === 'listening') return this.#onListening(data)
    if (stream === 'trade_updates') return this.#onUpdate(data)
  }

  #onAuthorization(data: unknown): void {
    const answer = authorization.safeParse(data)
    if (!answer.success) return this.#onNonsense('an authorization', firstIssue(answer.error))
    if (answer.data.status === 'authorized') {
      return this.#socket.send({ action: 'listen', data: { streams: ['trade_updates'] } })
    }
    this.#why = 'the keys were refused'
    this.#parts.report({
      severity: 'CRITICAL',
      code: 'BROKER_KEYS_REFUSED',
      message: 'Alpaca refused the keys of the trade updates: fills are only found by asking',
      context: {},
      key: 'stream',
    })
    this.#socket.restart(REFUSED_WAIT_MS)
  }

  #onListening(data: unknown): void {
    const answer = listening.safeParse(data)
    if (!answer.success || !answer.data.streams.includes('trade_updates')) {
      this.#onNonsense('the answer to listen', 'trade_updates is not in it')
      return this.#socket.restart()
    }
    this.#state = 'listening'
    this.#socket.markHealthy()
    this.#parts.onListening()
  }

  #onUpdate(data: unknown): void {
    const update = tradeUpdate.safeParse(data)
    if (update.success) return this.#parts.onUpdate(update.data)
    this.#onNonsense('a trade update', firstIssue(update.error))
    this.#parts.onLost()
  }

  #onNonsense(what: string, why: string): void {
    this.#parts.report({
      severity: 'ERROR',
      code: 'BROKER_BAD_ANSWER',
      message: `Alpaca sent ${what} that makes no sense (${shown(why)}): it was left out, and the broker is asked instead`,
      context: {},
      key: `stream:${what}`,
    })
  }
}

export function streamUrl(baseUrl: string): string {
  const url = new URL(baseUrl)
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:'
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/stream`
  return url.href
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
