import { markEquity, rollDay } from './controls/equity.ts'
import { breachCollar, compareWithBroker, countExecution, rearm, release } from './controls/latches.ts'
import { closeTrade, countEntry, elapseCooldown, rememberStopExit } from './controls/trades.ts'
import type { RiskEvent } from './events.ts'
import type { RiskLimits } from './limits.ts'
import type { RiskState } from './state.ts'

/**
 * Folds one event into a state. Returns the SAME reference when nothing changed, so whoever stores exactly the events
 * that changed something replays to an identical state. Events count in the order given, not by their time stamps.
 * @throws {RangeError} on an amount that is not a plain decimal
 */
export function apply(state: RiskState, event: RiskEvent, limits: RiskLimits): RiskState {
  const current = elapseCooldown(state, event.at)
  switch (event.type) {
    case 'day_rolled':
      return rollDay(current, event, limits)
    case 'equity_marked':
      return markEquity(current, event, limits)
    case 'entry_filled':
      return countEntry(current, event.orderId)
    case 'trade_closed':
      return closeTrade(current, event, limits)
    case 'stop_exit':
      return rememberStopExit(current, event, limits.stopLossGuard)
    case 'collar_breached':
      return breachCollar(current, event.at, limits)
    case 'executed':
      return countExecution(current, event.at, limits.executionThrottle)
    case 'rearmed':
      return rearm(current)
    case 'reconciled':
      return compareWithBroker(current, event, limits.reconciliationPasses)
    case 'released':
      return release(current, event.equity)
  }
}
