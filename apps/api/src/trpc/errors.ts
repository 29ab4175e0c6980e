import { AppError, type ErrorCode, type ErrorDetail } from '@quantdeck/domain'
import { TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server'
import * as z from 'zod'

const TRPC_CODES: Record<ErrorCode, TRPC_ERROR_CODE_KEY> = {
  VALIDATION_ERROR: 'BAD_REQUEST',
  INVALID_JSON: 'BAD_REQUEST',
  INVALID_PARAM: 'BAD_REQUEST',
  UNAUTHORIZED: 'UNAUTHORIZED',
  INVALID_CREDENTIALS: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_SUPPORTED',
  CONFLICT: 'CONFLICT',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  RISK_REJECTED: 'UNPROCESSABLE_CONTENT',
  IDEMPOTENCY_KEY_REUSED: 'UNPROCESSABLE_CONTENT',
  RATE_LIMIT_EXCEEDED: 'TOO_MANY_REQUESTS',
  INTERNAL_ERROR: 'INTERNAL_SERVER_ERROR',
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
}

const FROM_TRPC: Partial<Record<TRPC_ERROR_CODE_KEY, ErrorCode>> = {
  PARSE_ERROR: 'INVALID_JSON',
  BAD_REQUEST: 'VALIDATION_ERROR',
  NOT_FOUND: 'NOT_FOUND',
  METHOD_NOT_SUPPORTED: 'METHOD_NOT_ALLOWED',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
}

export function toTrpcError(error: AppError): TRPCError {
  return new TRPCError({ code: TRPC_CODES[error.code], message: error.message, cause: error })
}

/** Whatever a procedure threw as an AppError; null for a defect, whose text nobody outside may see. */
export function findAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  if (!(error instanceof TRPCError)) return null
  if (error.cause instanceof AppError) return error.cause
  if (error.code === 'BAD_REQUEST' && error.cause instanceof z.core.$ZodError) return fromZod(error.cause)
  const code = FROM_TRPC[error.code]
  return code === undefined ? null : new AppError(code, TRPC_MESSAGES[code] ?? error.message)
}

/** tRPC's own messages name procedures and parsers; the caller gets ours. */
const TRPC_MESSAGES: Partial<Record<ErrorCode, string>> = {
  INVALID_JSON: 'The request is not valid JSON',
  VALIDATION_ERROR: 'Invalid request parameters',
  NOT_FOUND: 'Not found',
  METHOD_NOT_ALLOWED: 'Method not allowed',
}

/** Never echoes a received value, apart from one short enum parameter (see `param`): bodies may hold secrets. */
export function fromZod(error: z.core.$ZodError): AppError {
  const details = error.issues.slice(0, 50).flatMap(detailsOf)
  return new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details, cause: error })
}

function detailsOf(issue: z.core.$ZodIssue): ErrorDetail[] {
  const field = issue.path.map(String).join('.').slice(0, 200)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, 20).map((key) => {
      const name = field === '' ? key : `${field}.${key}`
      return { field: name.slice(0, 200), message: 'Unknown field' }
    })
  }
  return [{ field, message: issue.message.slice(0, 300) }]
}
