import { ensureDefined } from '@quantdeck/domain'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'

/** What a receiver does with a message. */
export type Behaviour = (response: ServerResponse, received: Received) => void

export interface Received {
  id: string
  headers: Record<string, string>
  text: string
  body: { type: string; timestamp: string; data: Record<string, unknown> }
  /** As the standard's own library finds. */
  isVerified: boolean
  atMs: number
}

export const take: Behaviour = (response) => void response.writeHead(200).end('ok')
export const fail: Behaviour = (response) => void response.writeHead(500).end()
export const stall: Behaviour = () => {}
/** Took it, but the sender never learns of it. */
export const cut: Behaviour = (response) => void response.destroy()
export const redirect =
  (to: string): Behaviour =>
  (response) =>
    void response.writeHead(307, { location: to }).end()

/** A receiver as somebody else would write it, on a port of this machine. */
export class WebhookReceiver {
  readonly received: Received[] = []
  readonly #server: Server
  /** By default everything is taken. */
  behave: (received: Received) => Behaviour = () => take
  secret = ''

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => void receiver.#answer(request, response))
    const receiver = new WebhookReceiver(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return receiver
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`
  }

  /** Messages by id, as a receiver that knows ids sees them: the first counts. */
  get distinct(): Received[] {
    return [...new Map(this.received.toReversed().map((one) => [one.id, one])).values()].toReversed()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    const headers = request.headers as Record<string, string>
    const received: Received = {
      id: ensureDefined(headers['webhook-id'], 'a webhook-id'),
      headers,
      text,
      body: JSON.parse(text) as Received['body'],
      isVerified: this.verify(text, headers),
      atMs: performance.now(),
    }
    this.received.push(received)
    this.behave(received)(response, received)
  }

  verify(text: string, headers: Record<string, string>, secret = this.secret): boolean {
    try {
      new Webhook(secret).verify(text, headers)
      return true
    } catch (error) {
      if (error instanceof WebhookVerificationError || secret === '') return false
      throw error
    }
  }
}
