import type { Clock } from '@quantdeck/domain'
import type * as z from 'zod'
import { type ReportProblem, shown } from './problems.ts'
import type { Priority, RequestBudget } from './request-budget.ts'
import { alpacaError, firstIssue } from './wire.ts'

/** Alpaca said no, and said why: the request had no effect. */
export class AlpacaRefusal extends Error {
  readonly status: number
  readonly code: string | null

  constructor(status: number, message: string, code: string | null) {
    super(code === null ? message : `${message} (${code})`)
    this.name = 'AlpacaRefusal'
    this.status = status
    this.code = code
  }
}

/** Nobody knows whether the request arrived, or what came back makes no sense. */
export class AlpacaUncertain extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'AlpacaUncertain'
  }
}

/** 500 orders with legs take less than 1 MB. */
const MOST_BYTES = 4 * 1024 * 1024

class TooLong extends Error {}

export interface AlpacaAccess {
  baseUrl: string
  keyId: string
  secretKey: string
}

export interface AlpacaRequest<T extends z.ZodType> {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  query?: Record<string, string>
  body?: unknown
  priority: Priority
  /** From the call to the last byte of the answer, waiting for the budget included. */
  timeoutMs: number
  /** Null where success has no body. */
  answer: T | null
}

export interface HttpParts {
  access: AlpacaAccess
  budget: RequestBudget
  clock: Clock
  report: ReportProblem
}

/**
 * One request to Alpaca and its answer, validated. It never sends twice: who may repeat a request decides that where it
 * is known to be harmless. The keys are in two headers and nowhere else, no error and no log line has them.
 */
export class AlpacaHttp {
  readonly #parts: HttpParts

  constructor(parts: HttpParts) {
    this.#parts = parts
  }

  /** For people: where it talks to. */
  get host(): string {
    return new URL(this.#parts.access.baseUrl).host
  }

  /**
   * @throws AlpacaRefusal for an answer that is a stated refusal (4xx)
   * @throws AlpacaUncertain for everything else that is no success
   */
  async send<T extends z.ZodType>(request: AlpacaRequest<T>): Promise<z.output<T>> {
    const signal = AbortSignal.timeout(request.timeoutMs)
    const { status, text } = await this.#exchange(request, signal)
    if (status >= 200 && status < 300) return this.#read(request, text)
    throw this.#failure(request, status, text)
  }

  async #exchange(
    request: AlpacaRequest<z.ZodType>,
    signal: AbortSignal,
  ): Promise<{ status: number; text: string }> {
    const what = `${request.method} ${request.path}`
    try {
      await this.#parts.budget.take(request.priority, signal)
    } catch (error) {
      throw new AlpacaUncertain(`${what} was not sent: no request was left in time`, error)
    }
    try {
      const response = await fetch(this.#url(request), {
        method: request.method,
        headers: this.#headers(request.body !== undefined),
        ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
        // A redirect would carry the keys to somebody else.
        redirect: 'error',
        signal,
      })
      this.#heed(response)
      return { status: response.status, text: await readText(response) }
    } catch (error) {
      if (error instanceof TooLong) this.#reportBadAnswer(what, error.message)
      throw new AlpacaUncertain(`${what} has no answer: ${reasonOf(error)}`, error)
    }
  }

  #url({ path, query }: AlpacaRequest<z.ZodType>): string {
    const url = new URL(this.#parts.access.baseUrl)
    url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value)
    return url.href
  }

  #headers(hasBody: boolean): Record<string, string> {
    const { keyId, secretKey } = this.#parts.access
    return {
      'apca-api-key-id': keyId,
      'apca-api-secret-key': secretKey,
      accept: 'application/json',
      ...(hasBody && { 'content-type': 'application/json' }),
    }
  }

  /** https://forum.alpaca.markets/t/executing-orders/12029: every answer says how many requests are left, and until when. */
  #heed({ status, headers }: Response): void {
    const reset = Number(headers.get('x-ratelimit-reset')) * 1000
    const isUsedUp = status === 429 || headers.get('x-ratelimit-remaining') === '0'
    if (!isUsedUp) return
    const now = this.#parts.clock.nowMs()
    const isPlausible = reset > now && reset <= now + 120_000
    this.#parts.budget.pauseUntil(isPlausible ? reset : now + 1_000)
  }

  #read<T extends z.ZodType>({ answer, method, path }: AlpacaRequest<T>, text: string): z.output<T> {
    if (answer === null) return undefined as z.output<T>
    const parsed = answer.safeParse(parseJson(text))
    if (parsed.success) return parsed.data
    const why = firstIssue(parsed.error)
    this.#reportBadAnswer(`${method} ${path}`, `${why}; it begins with ${shown(text.slice(0, 80))}`)
    throw new AlpacaUncertain(`${method} ${path} was answered with what makes no sense (${why})`)
  }

  #failure({ method, path }: AlpacaRequest<z.ZodType>, status: number, text: string): Error {
    const what = `${method} ${path}`
    const isStated = status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429
    const stated = alpacaError.safeParse(parseJson(text))
    if (isStated && stated.success) {
      const { message, code } = stated.data
      return new AlpacaRefusal(status, shown(message), code === undefined ? null : shown(String(code)))
    }
    // A page that something in front of the API made up is no answer of the API: "not found" would mean a lost order.
    if (status === 401) return new AlpacaRefusal(status, 'unauthorized', null)
    if (isStated)
      this.#reportBadAnswer(what, `${status} without a reason; it begins with ${shown(text.slice(0, 80))}`)
    return new AlpacaUncertain(`${what} was answered with ${status}`)
  }

  #reportBadAnswer(what: string, detail: string): void {
    this.#parts.report({
      severity: 'ERROR',
      code: 'BROKER_BAD_ANSWER',
      message: `Alpaca answered ${what.replace(/\/[0-9a-f-]{36}/, '/...')} with what makes no sense: ${detail}`,
      context: { request: what },
      key: what.replace(/\/[0-9a-f-]{36}/, ''),
    })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed'
  if (error.name === 'TimeoutError') return 'it took too long'
  const { cause } = error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : shown(error.message)
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MOST_BYTES) throw new TooLong(`it is longer than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
