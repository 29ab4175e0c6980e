import { AppError } from '@quantdeck/domain'

import { assertSafeJson } from '../trpc/safe-json.ts'

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i

/**
 * A request body as a JSON object; no body at all is an empty one, and then needs no content type.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE, INVALID_JSON, VALIDATION_ERROR
 */
export function readBody(
  bytes: Buffer | undefined,
  contentType: string | undefined,
): Record<string, unknown> {
  if (bytes === undefined || bytes.length === 0) return {}
  if (contentType === undefined || !JSON_TYPE.test(contentType.trim())) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json')
  }
  const value = parse(bytes)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const details = [{ field: '', message: 'The body must be a JSON object' }]
    throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
  }
  assertSafeJson(value)
  return value as Record<string, unknown>
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new AppError('INVALID_JSON', 'The body is not valid JSON', { cause: error })
  }
}

/**
 * The body's fields only: what belongs to the path or to nobody is refused.
 * @throws AppError VALIDATION_ERROR
 */
export function assertKnownFields(body: Record<string, unknown>, allowed: ReadonlySet<string>): void {
  const details = Object.keys(body)
    .filter((field) => !allowed.has(field))
    .slice(0, 20)
    .map((field) => ({ field: field.slice(0, 200), message: 'Unknown field' }))
  if (details.length > 0) throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
}
