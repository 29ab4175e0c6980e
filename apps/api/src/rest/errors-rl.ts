import { formatInstant, type AppError } from '@quantdeck/domain'

import { ERROR_STATUSES, type RenderedError } from './errors-v1.ts'

/** rl's errors: flat, with a timestamp; a bad enum parameter is named in the code, as in INVALID_PERIOD. */
export function renderRlError(error: AppError, now: Date): RenderedError {
  const status = ERROR_STATUSES[error.code]
  const timestamp = formatInstant(now)
  if (error.param !== undefined) {
    const { name, received, allowed } = error.param
    const label = name.charAt(0).toUpperCase() + name.slice(1)
    return {
      status,
      body: {
        error: `INVALID_${name.toUpperCase()}`,
        message: `${label} must be one of: ${allowed.join(', ')}`,
        details: { received, allowed },
        timestamp,
      },
    }
  }
  const code = error.code === 'INVALID_CREDENTIALS' ? 'UNAUTHORIZED' : error.code
  const details = detailsOf(error)
  return { status, body: { error: code, message: error.message, ...(details && { details }), timestamp } }
}

function detailsOf(error: AppError): Record<string, unknown> | null {
  if (error.code === 'RATE_LIMIT_EXCEEDED') return { retry_after: error.retryAfterSeconds ?? 1 }
  if (error.code === 'RISK_REJECTED') return { violations: error.details }
  return error.details.length === 0 ? null : { fields: error.details }
}
