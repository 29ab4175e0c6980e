import type { Trx } from '@quantdeck/db'
import { findStrategy } from '@quantdeck/db'
import { ensureDefined, type TradingMode, utcDay } from '@quantdeck/domain'

/** Opens the session run of a strategy that became active in a mode. Does nothing when one is open already. */
export async function openSessionRun(
  trx: Trx,
  strategyId: string,
  mode: TradingMode,
  at: Date,
): Promise<void> {
  const open = await trx
    .selectFrom('runs')
    .select('runId')
    .where('strategyId', '=', strategyId)
    .where('runType', '=', mode)
    .where('status', '=', 'RUNNING')
    .executeTakeFirst()
  if (open) return
  const strategy = ensureDefined(await findStrategy(trx, strategyId), strategyId)
  await trx
    .insertInto('runs')
    .values({
      strategyId,
      runType: mode,
      status: 'RUNNING',
      startDate: utcDay(at),
      endDate: null,
      initialCapital: strategy.allocatedCapital.toFixed(),
      phase: 'trading',
      createdAt: at,
    })
    .execute()
}

/** Closes the open session run of a strategy that became inactive or changed its mode. */
export async function closeSessionRun(
  trx: Trx,
  strategyId: string,
  mode: TradingMode,
  at: Date,
): Promise<void> {
  await trx
    .updateTable('runs')
    .set({ status: 'COMPLETED', endDate: utcDay(at), completedAt: at, progress: 1, phase: 'closed' })
    .where('strategyId', '=', strategyId)
    .where('runType', '=', mode)
    .where('status', '=', 'RUNNING')
    .execute()
}
