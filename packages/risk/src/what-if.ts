import { type Decimal } from '@quantdeck/domain'
import { apply } from './apply.ts'
import type { RiskEvent } from './events.ts'
import type { RiskLimits } from './limits.ts'
import type { RiskState } from './state.ts'
import { type RiskTransition, transitions } from './transitions.ts'

/** A round trip that has not happened. */
export interface ImaginedTrade {
  /** Net result as a fraction of the equity: -0.02 is a loss of 2 %. */
  result: Decimal
  /** USD, including unrealised P&L, before the trade. */
  equity: Decimal
  /** Epoch ms. */
  at: number
}

/** The state after it, and what the controls would do on the way. */
export interface ImaginedOutcome {
  state: RiskState
  /** USD. */
  equity: Decimal
  consequences: RiskTransition[]
}

/**
 * One more round trip on a copy of a state: the same events that the desk folds (entry filled, trade closed, equity
 * marked), by the same rules. Pure: the state given is not changed.
 */
export function imagineTrade(state: RiskState, trade: ImaginedTrade, limits: RiskLimits): ImaginedOutcome {
  const { at } = trade
  const netPnl = trade.equity.times(trade.result).toDecimalPlaces(8)
  const equity = trade.equity.plus(netPnl)
  const events: RiskEvent[] = [
    { type: 'entry_filled', at, orderId: 'imagined' },
    { type: 'trade_closed', at, netPnlUsd: netPnl.toFixed() },
    { type: 'equity_marked', at, equity: equity.toFixed() },
  ]
  const consequences: RiskTransition[] = []
  let current = state
  for (const event of events) {
    const next = apply(current, event, limits)
    consequences.push(...transitions(current, next, limits))
    current = next
  }
  return { state: current, equity, consequences }
}
