import * as z from 'zod'
import { instant, jsonValue } from './common.ts'

/** Codes of the v1 family, and of the rl family except for its `INVALID_<PARAM>`. */
export const WIRE_ERROR_CODES = [
  'VALIDATION_ERROR',
  'INVALID_JSON',
  'UNAUTHORIZED',
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
/** A stable error code; clients match on it, never on messages. */
export type WireErrorCode = (typeof WIRE_ERROR_CODES)[number]

/** Problem with one field; for RISK_REJECTED one violated check. */
export const v1ErrorDetail = z
  .looseObject({ field: z.string().optional(), message: z.string() })
  .meta({ id: 'V1ErrorDetail' })

/** Every error of the v1 family but 429 and a failed login. */
export const v1Error = z
  .object({
    error: z.object({
      code: z.enum(WIRE_ERROR_CODES),
      message: z.string(),
      details: z.array(v1ErrorDetail),
    }),
    request_id: z.string(),
  })
  .meta({ id: 'V1Error', description: 'Error of the v1 family' })

/** 429 of the v1 family: `retry_after` (seconds) stands inside `error`, and there are no details. */
export const v1RateLimitError = z
  .object({
    error: z.object({
      code: z.literal('RATE_LIMIT_EXCEEDED'),
      message: z.string(),
      retry_after: z.int().min(0).describe('Seconds until a retry makes sense'),
    }),
    request_id: z.string(),
  })
  .meta({ id: 'V1RateLimitError', 'x-added-fields': ['request_id'] })

/** A failed login, literally `{"detail": "Invalid credentials"}`. */
export const v1LoginError = z.object({ detail: z.string() }).meta({ id: 'V1LoginError' })

/** Every error of the rl family. A bad enum parameter is `INVALID_<PARAM>` with `received` and `allowed`. */
export const rlError = z
  .object({
    error: z.string().describe('Stable code'),
    message: z.string(),
    details: z.record(z.string(), jsonValue).optional(),
    timestamp: instant,
  })
  .meta({ id: 'RlError', description: 'Error of the rl family' })

/** Body of a v1 error. */
export type V1ErrorBody = z.infer<typeof v1Error>
/** Body of a v1 429. */
export type V1RateLimitErrorBody = z.infer<typeof v1RateLimitError>
/** Body of a failed login. */
export type V1LoginErrorBody = z.infer<typeof v1LoginError>
/** Body of an rl error. */
export type RlErrorBody = z.infer<typeof rlError>
