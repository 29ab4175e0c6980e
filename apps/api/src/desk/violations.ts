import type { ViolationRecord } from '@quantdeck/domain'
import type { CheckResult, Verdict } from '@quantdeck/risk'

/** The failed checks of a verdict as they are stored and shown. */
export function violationsOf(verdict: Verdict): ViolationRecord[] {
  return verdict.violations.map(toViolation)
}

function toViolation(check: CheckResult): ViolationRecord {
  const { code, scope, limit, observed, unit, message, until } = check
  return { code, scope, limit, observed, unit, message, ...(until === undefined ? {} : { until }) }
}

const PLAIN_REASONS: Record<string, string> = {
  HOLD: 'HOLD asks for no order',
  ALREADY_LONG: 'the strategy is already long',
  ALREADY_SHORT: 'the strategy is already short',
  NO_POSITION: 'there is no position to close',
  QUANTITY_BELOW_LOT: 'the size comes to less than one lot',
  STRATEGY_INACTIVE: 'the strategy is inactive: it takes no new entries',
  BACKTEST_MODE: 'the strategy is in BACKTEST mode: signals are recorded, no order is sent',
  INSTRUMENT_NOT_FOUND: 'the symbol is not known, or its currency has no USD rate',
  ENTRY_ON_ITS_WAY: 'an entry to this side is on its way already',
  CLOSE_ON_ITS_WAY: 'an order that closes the position is on its way already',
  REPLACED_EARLIER_ORDER: 'an earlier order that this signal contradicts was cancelled',
  PRICE_UNKNOWN: 'there is no price for the symbol yet',
}

/** A reason that is no risk violation, in the same shape. */
export function plainReason(code: string): ViolationRecord {
  return {
    code,
    scope: 'signal',
    limit: null,
    observed: null,
    unit: null,
    message: PLAIN_REASONS[code] ?? code,
  }
}
