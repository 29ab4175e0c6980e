import { Agent, request as open } from 'node:http'

export interface RawRequest {
  method: string
  /** As it goes on the wire: already encoded. */
  path: string
  headers: Record<string, string>
  body?: string | Buffer
}

export interface RawAnswer {
  status: number
  contentType: string
  requestId: string
  text: string
}

/** Sends a path exactly as it is written: fetch would tidy up `..` and refuse what a hostile client sends. */
export class RawClient {
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 })

  constructor(url: string) {
    this.#port = Number(new URL(url).port)
  }

  send({ method, path, headers, body }: RawRequest): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers }
      const sent = open(options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            requestId: String(response.headers['x-request-id'] ?? ''),
            text: Buffer.concat(chunks).toString('utf8'),
          })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
