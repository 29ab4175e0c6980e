import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request as httpRequest } from 'node:http'
import { Agent as TlsAgent, request as httpsRequest } from 'node:https'

const TIMEOUT_MS = 30_000
const MOST_BYTES = 32 * 1024 * 1024

export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

export interface Answer {
  /** `GET /v1/positions?page=2`, for the report. */
  readonly request: string
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The parsed body; undefined when it is no JSON. */
  readonly body: unknown
}

/** Sends exactly what it is told: no default headers, no redirects, no checks. */
export class Http {
  readonly base: URL
  readonly #agent: Agent

  constructor(base: URL) {
    this.base = base
    this.#agent =
      base.protocol === 'https:' ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true })
  }

  close(): void {
    this.#agent.destroy()
  }

  send({ method, path, headers = {}, body }: HttpRequest): Promise<Answer> {
    const request = this.base.protocol === 'https:' ? httpsRequest : httpRequest
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(this.base.origin + path), { method, headers, agent: this.#agent })
      let isAnswered = false
      outgoing.setTimeout(TIMEOUT_MS, () =>
        outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
      )
      // A server may refuse a large body before it has read it: the answer counts, not the broken pipe.
      outgoing.on('error', (error) => {
        if (!isAnswered) reject(error)
      })
      outgoing.on('response', (response) => {
        isAnswered = true
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size <= MOST_BYTES) chunks.push(chunk)
          else response.destroy(new Error('the answer is larger than 32 MiB'))
        })
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          const { statusCode = 0, headers: received } = response
          resolve({
            request: `${method} ${path}`,
            status: statusCode,
            headers: received,
            text,
            body: parse(text),
          })
        })
      })
      outgoing.end(body)
    })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
