import type { Series } from './series.ts'

export type PeriodUnit = 'week' | 'month' | 'quarter' | 'year'

/** The return of one calendar period; `period` is `2026-01`, `2026-Q1`, `2026`, or an ISO week `2026-W05`. */
export interface PeriodReturn {
  period: string
  /** Fraction. */
  return: number
}

const DAY_MS = 86_400_000

/** ISO 8601 week: the one that holds the Thursday. */
function isoWeek(ms: number): string {
  const day = (new Date(ms).getUTCDay() + 6) % 7
  const thursday = new Date(Math.floor(ms / DAY_MS) * DAY_MS + (3 - day) * DAY_MS)
  const year = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS / 7) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

/** The name of the calendar period (UTC) that an instant falls into. */
export function periodOf(ms: number, unit: PeriodUnit): string {
  if (unit === 'week') return isoWeek(ms)
  const iso = new Date(ms).toISOString()
  if (unit === 'year') return iso.slice(0, 4)
  if (unit === 'month') return iso.slice(0, 7)
  return `${iso.slice(0, 4)}-Q${Math.floor((Number(iso.slice(5, 7)) - 1) / 3) + 1}`
}

/**
 * Returns compounded within each calendar period (UTC): `prod(1 + r) - 1`. `times[i]` is the instant (ms) of
 * `returns[i]`; missing returns count as 0. Source: empyrical `aggregate_returns`.
 */
export function periodReturns(times: Series, returns: Series, unit: PeriodUnit): PeriodReturn[] {
  const growth = new Map<string, number>()
  for (let i = 0; i < returns.length; i++) {
    const period = periodOf(times[i]!, unit)
    const value = returns[i]!
    growth.set(period, (growth.get(period) ?? 1) * (Number.isNaN(value) ? 1 : 1 + value))
  }
  return [...growth].map(([period, factor]) => ({ period, return: factor - 1 }))
}

/** Return per calendar month, `2026-01`. */
export function monthlyReturns(times: Series, returns: Series): PeriodReturn[] {
  return periodReturns(times, returns, 'month')
}

/** Return per calendar year, `2026`. */
export function annualReturns(times: Series, returns: Series): PeriodReturn[] {
  return periodReturns(times, returns, 'year')
}
