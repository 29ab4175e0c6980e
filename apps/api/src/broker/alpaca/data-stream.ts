import type { AlpacaAccess } from './http.ts'
import { type AlpacaBar, control, type Control, frame, streamBar, streamTrade } from './data-wire.ts'
import { type ReportProblem, shown } from './problems.ts'
import { ReconnectingSocket } from './reconnecting-socket.ts'
import { firstIssue } from './wire.ts'
import type { Quote } from '../port.ts'

/** Another process has the one connection that an account may have, or the keys are wrong: no reason to hurry. */
const REFUSED_WAIT_MS = 30_000

export interface DataStreamParts {
  /** `wss://stream.data.alpaca.markets/v2/iex` */
  url: string
  access: Pick<AlpacaAccess, 'keyId' | 'secretKey'>
  report: ReportProblem
  onTrade: (quote: Quote) => void
  /** A bar of one minute. */
  onBar: (symbol: string, bar: AlpacaBar) => void
}

/** The stream of trades and minute bars of the symbols that are wanted, which are asked for again after each connect. */
export class DataStream {
  readonly #parts: DataStreamParts
  readonly #socket: ReconnectingSocket
  #wanted: ReadonlySet<string> = new Set()
  #isAuthenticated = false

  constructor(parts: DataStreamParts) {
    this.#parts = parts
    this.#socket = new ReconnectingSocket({
      url: parts.url,
      onOpen: () => {
        const { keyId, secretKey } = parts.access
        this.#socket.send({ action: 'auth', key: keyId, secret: secretKey })
      },
      onMessage: (text) => this.#onFrame(text),
      onDown: () => (this.#isAuthenticated = false),
    })
  }

  open(): void {
    this.#socket.open()
  }

  close(): void {
    this.#socket.close()
  }

  /** From now on these symbols and no others. */
  want(symbols: ReadonlySet<string>): void {
    const gone = [...this.#wanted].filter((symbol) => !symbols.has(symbol))
    const fresh = [...symbols].filter((symbol) => !this.#wanted.has(symbol))
    this.#wanted = new Set(symbols)
    if (!this.#isAuthenticated) return
    if (gone.length > 0) this.#socket.send({ action: 'unsubscribe', trades: gone, bars: gone })
    this.#subscribe(fresh)
  }

  #subscribe(symbols: readonly string[]): void {
    if (symbols.length > 0) this.#socket.send({ action: 'subscribe', trades: symbols, bars: symbols })
  }

  #onFrame(text: string): void {
    const parsed = frame.safeParse(parse(text))
    if (!parsed.success) return this.#onNonsense('a frame of market data', firstIssue(parsed.error))
    for (const message of parsed.data) {
      if (message.T === 't') this.#onTrade(message)
      else if (message.T === 'b') this.#onBar(message)
      else this.#onControl(message)
    }
  }

  #onTrade(message: unknown): void {
    const trade = streamTrade.safeParse(message)
    if (!trade.success) return this.#onNonsense('a trade', firstIssue(trade.error))
    this.#parts.onTrade({ symbol: trade.data.S, price: trade.data.p, at: trade.data.t })
  }

  #onBar(message: unknown): void {
    const bar = streamBar.safeParse(message)
    if (!bar.success) return this.#onNonsense('a bar', firstIssue(bar.error))
    this.#parts.onBar(bar.data.S, bar.data)
  }

  #onControl(message: unknown): void {
    const parsed = control.safeParse(message)
    // Other kinds of messages were not asked for.
    if (!parsed.success) return
    if (parsed.data.T === 'error') return this.#onError(parsed.data)
    if (parsed.data.msg !== 'authenticated') return
    this.#isAuthenticated = true
    this.#socket.markHealthy()
    this.#subscribe([...this.#wanted])
  }

  /** https://docs.alpaca.markets/docs/streaming-market-data#errors */
  #onError({ code, msg }: Control): void {
    // 403: we are in already. 405: some symbols are over the subscription's limit, the others go on.
    if (code === 403) return
    const what = shown(`${msg ?? 'no reason'} (${code ?? 'no code'})`)
    this.#parts.report({
      // One connection per account: of several processes, the others stand by.
      severity: code === 406 ? 'INFO' : 'ERROR',
      code: 'BROKER_STREAM_DOWN',
      message: `Alpaca's stream of prices refuses: ${what}`,
      context: { code: code ?? null },
      key: `data:${code ?? ''}`,
    })
    if (code !== 405) this.#socket.restart(REFUSED_WAIT_MS)
  }

  #onNonsense(what: string, why: string): void {
    this.#parts.report({
      severity: 'WARNING',
      code: 'BROKER_BAD_ANSWER',
      message: `Alpaca sent ${what} that makes no sense (${shown(why)}): it was left out`,
      context: {},
      key: `data:${what}`,
    })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
