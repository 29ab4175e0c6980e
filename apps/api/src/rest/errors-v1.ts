import type { AppError, ErrorCode } from '@quantdeck/domain'

export interface RenderedError {
  readonly status: number
  readonly body: Record<string, unknown>
}

export const ERROR_STATUSES: Record<ErrorCode, number> = {
  VALIDATION_ERROR: 400,
  INVALID_JSON: 400,
  INVALID_PARAM: 400,
  UNAUTHORIZED: 401,
  INVALID_CREDENTIALS: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RISK_REJECTED: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  RATE_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
}

/** v1's errors: one shape, but for the two the document writes out (a failed login, 429). */
export function renderV1Error(error: AppError, requestId: string): RenderedError {
  const status = ERROR_STATUSES[error.code]
  if (error.code === 'INVALID_CREDENTIALS') return { status, body: { detail: 'Invalid credentials' } }
  if (error.code === 'RATE_LIMIT_EXCEEDED') {
    const { code, message, retryAfterSeconds } = error
    const inner = { code, message, retry_after: retryAfterSeconds ?? 1 }
    return { status, body: { error: inner, request_id: requestId } }
  }
  const code = error.code === 'INVALID_PARAM' ? 'VALIDATION_ERROR' : error.code
  return { status, body: envelope(code, error, requestId) }
}

function envelope(code: ErrorCode, { message, details }: AppError, requestId: string) {
  return { error: { code, message, details }, request_id: requestId }
}
