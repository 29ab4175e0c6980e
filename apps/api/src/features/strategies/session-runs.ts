import { randomUUID } from 'node:crypto'
import type { Trx } from '@quantdeck/db'
import { type Strategy, utcDay } from '@quantdeck/domain'

/** The mode in which a strategy trades right now, if it does. */
function tradingModeOf(strategy: Strategy): 'PAPER' | 'LIVE' | null {
  return strategy.status === 'active' && strategy.mode !== 'BACKTEST' ? strategy.mode : null
}

/**
 * A PAPER or LIVE session run opens when a strategy becomes active in that mode, and closes when it becomes inactive
 * or changes mode. Part of the transaction that changes the strategy.
 */
export async function syncSessionRun(
  trx: Trx,
  change: { before: Strategy | null; after: Strategy; at: Date; by: string },
): Promise<void> {
  const { before, after, at, by } = change
  const from = before === null ? null : tradingModeOf(before)
  const to = tradingModeOf(after)
  if (from === to) return
  if (from !== null) await closeSession(trx, after.strategyId, at)
  if (to !== null) await openSession(trx, after, { mode: to, at, by })
}

async function closeSession(trx: Trx, strategyId: string, at: Date): Promise<void> {
  await trx
    .updateTable('runs')
    .set({ status: 'COMPLETED', completedAt: at, endDate: utcDay(at), progress: 1, phase: 'closed' })
    .where('strategyId', '=', strategyId)
    .where('status', '=', 'RUNNING')
    .where('runType', '!=', 'BACKTEST')
    .execute()
}

async function openSession(
  trx: Trx,
  strategy: Strategy,
  { mode, at, by }: { mode: 'PAPER' | 'LIVE'; at: Date; by: string },
): Promise<void> {
  await trx
    .insertInto('runs')
    .values({
      runId: randomUUID(),
      strategyId: strategy.strategyId,
      runType: mode,
      status: 'RUNNING',
      startDate: utcDay(at),
      initialCapital: strategy.allocatedCapital.toFixed(),
      phase: 'trading',
      createdBy: by,
      createdAt: at,
    })
    .execute()
}
