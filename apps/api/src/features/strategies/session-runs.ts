import type { Trx } from '@quantdeck/db'
import type { Strategy, TradingMode } from '@quantdeck/domain'
import { closeSessionRun, openSessionRun } from '../runs/session-runs.ts'

/** The mode in which a strategy trades right now, if it does. */
function tradingModeOf(strategy: Strategy): TradingMode | null {
  return strategy.status === 'active' && strategy.mode !== 'BACKTEST' ? strategy.mode : null
}

/**
 * A PAPER or LIVE session run opens when a strategy becomes active in that mode, and closes when it becomes inactive
 * or changes mode. Part of the transaction that changes the strategy.
 */
export async function syncSessionRun(
  trx: Trx,
  change: { before: Strategy | null; after: Strategy; at: Date },
): Promise<void> {
  const { before, after, at } = change
  const from = before === null ? null : tradingModeOf(before)
  const to = tradingModeOf(after)
  if (from === to) return
  if (from !== null) await closeSessionRun(trx, after.strategyId, from, at)
  if (to !== null) await openSessionRun(trx, after.strategyId, to, at)
}
