import {
  rlStreamHeartbeatMessage,
  rlStreamMarketStatusMessage,
  rlStreamSignalMessage,
  STREAM_PATH,
} from '@quantdeck/contracts'
import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { CheckFailure, must, show } from './check.ts'
import { expectShape } from './expect.ts'
import type { Target } from './target.ts'

export interface StreamMessage {
  readonly type: string
  readonly timestamp: string
  readonly sequence?: number
  readonly gap?: true
  readonly data: Readonly<Record<string, unknown>>
}

/** A refused upgrade. */
export interface Refusal {
  readonly status: number
  readonly contentType: string
  readonly body: unknown
}

const SCHEMAS = {
  signal: rlStreamSignalMessage,
  heartbeat: rlStreamHeartbeatMessage,
  market_status: rlStreamMarketStatusMessage,
}

/** One connection to the stream: what came, in order, and waiting for more. */
export class StreamClient {
  /** Texts as they came, `pong` included. */
  readonly texts: string[] = []
  readonly #socket: WebSocket
  #wake: () => void = () => {}

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      this.texts.push(data.toString('utf8'))
      this.#wake()
    })
    socket.on('close', () => this.#wake())
  }

  /** @throws {CheckFailure} unless the server takes the connection */
  static async open(target: Target, query = ''): Promise<StreamClient> {
    const result = await connect(target, STREAM_PATH + query)
    if (result instanceof StreamClient) return result
    throw new CheckFailure(`WS ${STREAM_PATH}${query} to connect`, `${result.status} ${show(result.body)}`)
  }

  /** @throws {CheckFailure} if the server takes the connection */
  static async refused(target: Target, path: string): Promise<Refusal> {
    const result = await connect(target, path)
    if (!(result instanceof StreamClient)) return result
    result.close()
    throw new CheckFailure(`WS ${path} to be refused before the upgrade`, 'a connection')
  }

  send(text: string): void {
    this.#socket.send(text)
  }

  close(): void {
    this.#socket.terminate()
  }

  /** Messages so far. @throws {CheckFailure} when one of them is none of the document's */
  messages(): StreamMessage[] {
    return this.texts.filter((text) => text !== 'pong').map(parseMessage)
  }

  /** Waits until `find` finds something in what came. @returns null after `ms`, or when the server closed before */
  async waitFor<T>(find: (client: this) => T | undefined, ms: number): Promise<T | null> {
    const endsAt = performance.now() + ms
    for (;;) {
      const found = find(this)
      if (found !== undefined) return found
      const left = endsAt - performance.now()
      if (left <= 0 || this.#socket.readyState !== WebSocket.OPEN) return null
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}

async function connect(target: Target, path: string): Promise<StreamClient | Refusal> {
  const as = await target.rlCaller()
  const token = as === 'user' ? await target.token() : null
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  const { url } = target.options
  const socket = new WebSocket(`${url.protocol === 'https:' ? 'wss' : 'ws'}://${url.host}${path}`, {
    headers,
    handshakeTimeout: 10_000,
    perMessageDeflate: false,
  })
  const client = new StreamClient(socket)
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(client))
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      readRefusal(response).then(resolve, reject)
    })
    socket.on('error', (error) => reject(new CheckFailure(`an answer to WS ${path}`, error.message)))
  })
}

async function readRefusal(response: IncomingMessage): Promise<Refusal> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  const { statusCode: status = 0, headers } = response
  let body: unknown = text
  try {
    body = JSON.parse(text)
  } catch {
    // The report shows the text.
  }
  return { status, contentType: headers['content-type'] ?? '', body }
}

function parseMessage(text: string): StreamMessage {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CheckFailure('stream messages as JSON', text.slice(0, 100))
  }
  const type = String((value as { type?: unknown } | null)?.type) as keyof typeof SCHEMAS
  must(type in SCHEMAS, `a message of type ${Object.keys(SCHEMAS).join(', ')}`, show(value))
  expectShape(value, SCHEMAS[type], `a ${type} message`)
  return value as StreamMessage
}
