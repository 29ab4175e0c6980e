import { type RawData, WebSocket } from 'ws'

/** First wait, doubled with each failure up to the longest; half of each is random, so that many clients do not come at once. */
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000
const PING_MS = 15_000
const HANDSHAKE_MS = 10_000
/** Hundreds of orders fit into one frame; Alpaca sends one. */
const MOST_BYTES = 1024 * 1024

export interface SocketParts {
  url: string
  /** The connection is open: log in. */
  onOpen: () => void
  /** Never throws. */
  onMessage: (text: string) => void
  /** The connection was lost, or could not be made. Never throws. */
  onDown: (reason: string) => void
  random?: () => number
}

/** A WebSocket that is always either connected or on its way to be, and notices when the other side has gone silent. */
export class ReconnectingSocket {
  readonly #parts: SocketParts
  readonly #random: () => number
  #socket: WebSocket | null = null
  #retry: NodeJS.Timeout | null = null
  #ping: NodeJS.Timeout | null = null
  #failures = 0
  #isAlive = false
  #closed = false

  constructor(parts: SocketParts) {
    this.#parts = parts
    this.#random = parts.random ?? Math.random
  }

  open(): void {
    if (this.#closed) return
    const socket = new WebSocket(this.#parts.url, {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MOST_BYTES,
      followRedirects: false,
    })
    this.#socket = socket
    let reason = 'the connection was closed'
    socket.on('open', () => {
      this.#isAlive = true
      this.#ping = setInterval(() => this.#checkAlive(socket), PING_MS)
      this.#parts.onOpen()
    })
    socket.on('message', (data: RawData) => {
      this.#isAlive = true
      this.#parts.onMessage(textOf(data))
    })
    socket.on('pong', () => (this.#isAlive = true))
    socket.on('error', (error) => (reason = 'code' in error ? String(error.code) : error.message))
    socket.on('close', (code) => this.#onClose(socket, code === 1006 ? reason : `${reason} (${code})`))
  }

  send(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  /** The other side took us in: the next loss is a first one again. */
  markHealthy(): void {
    this.#failures = 0
  }

  /** Gives this connection up and makes a new one, after a wait of at least `ms`. */
  restart(leastWaitMs = 0): void {
    this.#failures = Math.max(
      this.#failures,
      Math.ceil(Math.log2(Math.max(leastWaitMs, 1) / FIRST_WAIT_MS)) + 1,
    )
    this.#socket?.terminate()
  }

  close(): void {
    this.#closed = true
    if (this.#retry !== null) clearTimeout(this.#retry)
    if (this.#ping !== null) clearInterval(this.#ping)
    this.#socket?.terminate()
  }

  #checkAlive(socket: WebSocket): void {
    if (!this.#isAlive) return socket.terminate()
    this.#isAlive = false
    socket.ping()
  }

  #onClose(socket: WebSocket, reason: string): void {
    if (this.#socket !== socket) return
    this.#socket = null
    if (this.#ping !== null) clearInterval(this.#ping)
    if (this.#closed) return
    this.#parts.onDown(reason)
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures)
    this.#failures += 1
    this.#retry = setTimeout(() => this.open(), wait / 2 + (wait / 2) * this.#random())
  }
}

/** Alpaca's trade updates come in binary frames, its market data in text frames; both hold JSON. */
function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.from(data as Buffer).toString('utf8')
}
