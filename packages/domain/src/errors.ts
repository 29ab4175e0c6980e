/** The closed set of expected failures. Renderers switch over it exhaustively; nobody matches on messages. */
export const ERROR_CODES = [
  'VALIDATION_ERROR',
  'INVALID_JSON',
  'INVALID_PARAM',
  'UNAUTHORIZED',
  'INVALID_CREDENTIALS',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'CONFLICT',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'RISK_REJECTED',
  'IDEMPOTENCY_KEY_REUSED',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** One problem with one field, or (for RISK_REJECTED) one violation. */
export interface ErrorDetail {
  field?: string
  message: string
  [key: string]: unknown
}

export interface AppErrorOptions {
  details?: ErrorDetail[]
  /** rl family: the parameter that was bad, for `INVALID_<PARAM>` with `received` and `allowed`. */
  param?: { name: string; received: unknown; allowed: readonly unknown[] }
  /** Seconds after which a retry makes sense (429, 503). */
  retryAfterSeconds?: number
  /** For METHOD_NOT_ALLOWED. */
  allow?: readonly string[]
  cause?: unknown
}

/** An expected failure. Everything else that is thrown is a defect and is rendered as constant text. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetail[]
  readonly param: AppErrorOptions['param']
  readonly retryAfterSeconds: number | undefined
  readonly allow: readonly string[] | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details ?? []
    this.param = options.param
    this.retryAfterSeconds = options.retryAfterSeconds
    this.allow = options.allow
  }
}

export function notFound(what: string): AppError {
  return new AppError('NOT_FOUND', `${what} not found`)
}

/** Narrows away null and undefined where the program's own logic guarantees a value. */
export function ensureDefined<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`expected a value: ${what}`)
  return value
}
