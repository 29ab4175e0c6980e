import type { OutgoingHttpHeaders } from 'node:http'
import { CliError } from '../errors.ts'
import { CheckFailure, CheckSkip } from './check.ts'
import { type Answer, Http } from './http.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
}

export interface TargetOptions {
  readonly url: URL
  readonly credentials: Credentials | null
  /** An access token or API key instead of a login. */
  readonly token: string | null
  readonly allowWrites: boolean
  /** Without the checks that take half a minute. */
  readonly fast: boolean
  /** How long a heartbeat may take, in milliseconds. */
  readonly heartbeatMs: number
  /** Called before each wait for a rate limit, with the seconds. */
  readonly onWait?: (seconds: number) => void
}

export interface Call {
  /** Default: with the token. */
  readonly as?: 'user' | 'nobody'
  readonly headers?: OutgoingHttpHeaders
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string
  /** Default: wait and ask again. */
  readonly on429?: 'wait' | 'answer'
}

const LONGEST_WAIT_SECONDS = 120

/** The server under test, and what is known about it. */
export class Target {
  readonly options: TargetOptions
  readonly #http: Http
  readonly #kept = new Map<string, Promise<Answer>>()
  #token: Promise<string | null> | null = null
  #rlCaller: Promise<'user' | 'nobody'> | null = null

  constructor(options: TargetOptions) {
    this.options = options
    this.#http = new Http(options.url)
  }

  /** @throws {CliError} when nobody answers at all: then no check says anything */
  async reach(): Promise<void> {
    try {
      await this.#http.send({ method: 'GET', path: '/openapi.json' })
    } catch (error) {
      const { origin } = this.options.url
      const reason = error instanceof Error ? error.message : String(error)
      throw new CliError(`no server answers at ${origin}: ${reason}`, { cause: error })
    }
  }

  close(): void {
    this.#http.close()
  }

  /** The access token of the given login, or the given one; null when neither is there. */
  token(): Promise<string | null> {
    this.#token ??= this.#findToken()
    return this.#token
  }

  async #findToken(): Promise<string | null> {
    const { token, credentials } = this.options
    if (token !== null) return token
    if (credentials === null) return null
    const answer = await this.call('POST', '/v1/auth/login', { as: 'nobody', body: { ...credentials } })
    const found = (answer.body as { access_token?: unknown } | undefined)?.access_token
    if (typeof found === 'string') return found
    throw new CheckFailure(
      'POST /v1/auth/login to answer an access_token',
      `${answer.status} ${answer.text.slice(0, 160)}`,
    )
  }

  async call(method: string, path: string, call: Call = {}): Promise<Answer> {
    const { as = 'user', headers = {}, body, on429 = 'wait' } = call
    const token = as === 'user' ? await this.token() : null
    if (as === 'user' && token === null) throw new CheckSkip('needs a login or --token')
    const sent: OutgoingHttpHeaders = { ...headers }
    if (token !== null) sent['authorization'] ??= `Bearer ${token}`
    if (typeof body === 'object') sent['content-type'] ??= 'application/json'
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    if (text !== undefined) sent['content-length'] = Buffer.byteLength(text)
    for (;;) {
      const answer = await this.#send(method, path, sent, text)
      const seconds = Number(answer.headers['retry-after'])
      const canWait =
        answer.status === 429 && on429 === 'wait' && seconds > 0 && seconds <= LONGEST_WAIT_SECONDS
      if (!canWait) return answer
      this.options.onWait?.(seconds)
      await sleep(seconds * 1000)
    }
  }

  async #send(method: string, path: string, headers: OutgoingHttpHeaders, body: string | undefined) {
    try {
      return await this.#http.send({ method, path, headers, ...(body !== undefined && { body }) })
    } catch (error) {
      const seen = error instanceof Error ? error.message : String(error)
      throw new CheckFailure(`an answer to ${method} ${path}`, seen)
    }
  }

  /** GET with the token; the same path is asked once. */
  get(path: string): Promise<Answer> {
    return this.#keep(path, () => this.call('GET', path))
  }

  /** GET of the rl family, without a token where the server allows it, as its document shows. */
  getRl(path: string): Promise<Answer> {
    return this.#keep(path, async () => this.call('GET', path, { as: await this.rlCaller() }))
  }

  /** The rl document has no login; a server may still ask for one. */
  rlCaller(): Promise<'user' | 'nobody'> {
    this.#rlCaller ??= this.call('GET', '/api/signals/latest', { as: 'nobody' }).then(({ status }) =>
      status === 401 ? 'user' : 'nobody',
    )
    return this.#rlCaller
  }

  #keep(path: string, ask: () => Promise<Answer>): Promise<Answer> {
    let answer = this.#kept.get(path)
    if (answer === undefined) {
      answer = ask()
      this.#kept.set(path, answer)
    }
    return answer
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Runs again what a moving market can disturb. @throws what the last try threw */
export async function settled<T>(attempt: () => Promise<T>, tries = 4): Promise<T> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await attempt()
    } catch (error) {
      if (left === 0 || !(error instanceof CheckFailure)) throw error
      await sleep(150)
    }
  }
}
