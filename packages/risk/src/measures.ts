import { Decimal, ZERO } from '@quantdeck/domain'
import type { RiskState } from './state.ts'

/** Drawdown from the state's peak as a non-positive fraction; 0 at or above the peak, or without a positive peak. */
export function drawdownOf(state: RiskState, equity: Decimal): Decimal {
  const peak = new Decimal(state.peakEquity)
  if (!peak.gt(0) || equity.gte(peak)) return ZERO
  return equity.minus(peak).div(peak)
}

/** Result since the day's open as a signed fraction; 0 without a positive opening equity. */
export function dailyPnlOf(state: RiskState, equity: Decimal): Decimal {
  const open = new Decimal(state.dayOpenEquity)
  return open.gt(0) ? equity.minus(open).div(open) : ZERO
}
