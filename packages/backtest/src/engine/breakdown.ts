import {
  annualReturns,
  monthlyReturns,
  type PeriodReturn,
  rollingSharpe,
  simpleReturns,
  topDrawdowns,
} from '@quantdeck/risk'
import type { DailyPoint } from './daily.ts'

/** Days from and to which a drawdown lasted, by the curve's dates. */
export interface DrawdownRow {
  /** Non-positive fraction. */
  depth: number
  peakDate: string
  troughDate: string
  /** Null while it is not recovered. */
  recoveryDate: string | null
  /** Calendar days from the peak to the recovery, or to the last day. */
  days: number
}

/** A run's result by period and by fall; see {@link breakdownOf}. */
export interface Breakdown {
  drawdowns: DrawdownRow[]
  monthly: PeriodReturn[]
  annual: PeriodReturn[]
  /** Sharpe ratio, annualised, of the last {@link ROLLING_DAYS} daily returns; null is undefined. */
  rollingSharpe: { date: string; value: number | null }[]
}

/** Window of the rolling Sharpe ratio: about a quarter of trading days. */
export const ROLLING_DAYS = 63

const DAY_MS = 86_400_000

/** Deepest drawdowns, calendar returns and the rolling Sharpe ratio of a daily curve, whose first point is the capital. */
export function breakdownOf(
  curve: readonly Pick<DailyPoint, 'date' | 't' | 'equity'>[],
  mostDrawdowns = 5,
): Breakdown {
  const equity = curve.map((day) => day.equity)
  const returns = simpleReturns(equity)
  const times = curve.slice(1).map((day) => day.t)
  const dateAt = (i: number): string => curve[i]?.date ?? ''
  const timeAt = (i: number): number => curve[i]?.t ?? 0
  return {
    drawdowns: topDrawdowns(equity, mostDrawdowns).map((span) => ({
      depth: span.depth,
      peakDate: dateAt(span.peakIndex),
      troughDate: dateAt(span.troughIndex),
      recoveryDate: span.recoveryIndex === null ? null : dateAt(span.recoveryIndex),
      days: Math.round((timeAt(span.recoveryIndex ?? curve.length - 1) - timeAt(span.peakIndex)) / DAY_MS),
    })),
    monthly: monthlyReturns(times, returns),
    annual: annualReturns(times, returns),
    rollingSharpe: rollingSharpe(returns, ROLLING_DAYS).map((value, i) => ({
      date: dateAt(i + ROLLING_DAYS),
      value,
    })),
  }
}
