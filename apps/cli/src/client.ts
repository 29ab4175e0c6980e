import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Endpoint, OutputOf, RequestOf } from '@quantdeck/contracts'
import type { CliEnv } from './env.ts'
import { CliError } from './errors.ts'

const TIMEOUT_MS = 60_000
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

export interface ClientOptions {
  url?: string | undefined
  key?: string | undefined
}

/** Called before each wait for the rate limit, with the seconds to wait. */
export type OnWait = (seconds: number) => void

/** Speaks to a Quantdeck server through the contract's own endpoints: what goes out and comes in is checked. */
export class Client {
  readonly url: string
  readonly #key: string | null
  #onWait: OnWait = () => {}

  constructor(options: ClientOptions, env: CliEnv) {
    this.url = normalUrl(options.url ?? env.url)
    this.#key = options.key ?? env.apiKey ?? localKey(this.url, env.dataDir)
  }

  onWait(listener: OnWait): void {
    this.#onWait = listener
  }

  /** @throws {CliError} with one sentence, whatever went wrong */
  async call<E extends Endpoint>(endpoint: E, input: RequestOf<E>): Promise<OutputOf<E>> {
    const response = await this.#send(endpoint, input)
    const body = await readJson(response)
    const isSuccess = response.ok || String(response.status) in endpoint.meta.alternativeStatuses
    if (!isSuccess) throw new CliError(this.#explain(response.status, body))
    const result = endpoint.output.safeParse(body)
    if (result.success) return result.data as OutputOf<E>
    throw new CliError(`${this.url} answered ${endpoint.meta.path} in a form that this version does not know`)
  }

  /**
   * The bytes of an answer that is no JSON, as they come.
   * @throws {CliError} with one sentence, whatever went wrong before the first byte
   */
  async download(endpoint: Endpoint, input: object): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#send(endpoint, input)
    if (!response.ok) throw new CliError(this.#explain(response.status, await readJson(response)))
    if (response.body === null) throw new CliError(`${this.url} answered ${endpoint.meta.path} with nothing`)
    return response.body
  }

  async #send(endpoint: Endpoint, input: object): Promise<Response> {
    for (;;) {
      const response = await this.#fetch(endpoint, input)
      const seconds = Number(response.headers.get('retry-after'))
      if (response.status !== 429 || !(seconds > 0) || seconds > 120) return response
      await response.body?.cancel()
      this.#onWait(seconds)
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    }
  }

  async #fetch({ meta }: Endpoint, input: object): Promise<Response> {
    const url = new URL(this.url + meta.path)
    const headers: Record<string, string> = { accept: 'application/json' }
    if (this.#key !== null) headers.authorization = `Bearer ${this.#key}`
    const init: RequestInit = { method: meta.method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) }
    if (meta.method === 'GET') {
      for (const [name, value] of Object.entries(input)) url.searchParams.set(name, String(value))
    } else {
      headers['content-type'] = 'application/json'
      init.body = JSON.stringify(input)
    }
    try {
      return await fetch(url, init)
    } catch (error) {
      const isTimeout = error instanceof Error && error.name === 'TimeoutError'
      const what = isTimeout
        ? `${this.url} did not answer within ${TIMEOUT_MS / 1000} s`
        : `no server answers at ${this.url}`
      throw new CliError(`${what}: start it with npm start, or name it with --url`, { cause: error })
    }
  }

  #explain(status: number, body: unknown): string {
    if (status === 401) {
      const hint =
        this.#key === null
          ? 'give an API key with --key or QUANTDECK_API_KEY'
          : 'the API key is not valid there'
      return `${this.url} wants to know who asks: ${hint}`
    }
    const { error } = (body ?? {}) as {
      error?: { message?: string; details?: { field?: string; message?: string }[] }
    }
    if (error?.message === undefined)
      return `${this.url} answered with status ${status} and is perhaps no Quantdeck server`
    const [detail] = error.details ?? []
    const more =
      detail?.message === undefined ? '' : ` (${[detail.field, detail.message].filter(Boolean).join(': ')})`
    return `the server refused: ${error.message}${more}`
  }
}

function normalUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new CliError(`${JSON.stringify(text)} is no http URL`)
  }
  return text.replace(/\/+$/, '')
}

/** Whether the server is on this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.has(hostname)
}

/** The server leaves a key for its own machine in DATA_DIR; it must not travel to another one. */
export function localKey(url: string, dataDir: string): string | null {
  const path = join(dataDir, 'cli-key')
  if (!isLoopback(new URL(url)) || !existsSync(path)) return null
  return readFileSync(path, 'utf8').trim() || null
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return null
  }
}
