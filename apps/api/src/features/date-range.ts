import { AppError, DAY_MS } from '@quantdeck/domain'

/**
 * `from_date` and `to_date` as instants, both inclusive; a day stands for the whole UTC day.
 * @throws AppError VALIDATION_ERROR when from is after to
 */
export function dateRange(
  fromDate: string | undefined,
  toDate: string | undefined,
): { from?: Date; to?: Date } {
  const from = fromDate === undefined ? undefined : new Date(fromDate)
  const to = toDate === undefined ? undefined : endOf(toDate)
  if (from && to && from > to) {
    throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', {
      details: [{ field: 'from_date', message: 'from_date must not be after to_date' }],
    })
  }
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) }
}

function endOf(dayOrInstant: string): Date {
  const at = new Date(dayOrInstant)
  return dayOrInstant.length === 10 ? new Date(at.getTime() + DAY_MS - 1) : at
}
