import { toDecimal, type Decimal, type Mode, type RunStatus, type SignalType } from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { RunsTable } from '../schema/runs.ts'
import { type Page, readPage } from './page.ts'
import { given, isUuid, type InstantRange, type VisibleStrategies, visibleOnly } from './values.ts'

/** A backtest or a session. Ratios are fractions; days are `2026-01-07`. */
export interface Run {
  runId: string
  seq: number
  strategyId: string
  runType: Mode
  status: RunStatus
  startDate: string
  endDate: string | null
  initialCapital: Decimal
  /** What was asked for, as the one who asked stored it. */
  params: unknown
  /** Figures of a finished run, as the one who computed them stored them. */
  metrics: unknown
  totalReturn: number | null
  sharpeRatio: number | null
  maxDrawdown: number | null
  totalTrades: number | null
  error: string | null
  /** 0..1 */
  progress: number
  phase: string
  attempt: number
  estimatedCompletion: Date | null
  createdBy: string | null
  createdAt: Date
  completedAt: Date | null
  cancelRequestedAt: Date | null
}

export interface NewRun {
  runId: string
  strategyId: string
  startDate: string
  endDate: string
  initialCapital: Decimal
  params: unknown
  estimatedCompletion: Date
  createdBy: string
  createdAt: Date
}

export interface RunFilter {
  visible: VisibleStrategies
  strategyId?: string
  runType?: Mode
  status?: RunStatus
}

/** The headline figures beside the row, so that a list needs no result. */
export interface RunHeadline {
  totalReturn: number | null
  sharpeRatio: number | null
  maxDrawdown: number | null
  totalTrades: number
}

/** JSON texts, written as they are: equal runs store equal bytes. */
export interface NewRunResult {
  metrics: string
  equityCurve: string
  trades: string
  assumptions: string
  dataHash: string
}

export interface RunResult {
  metrics: unknown
  equityCurve: unknown
  trades: unknown
  assumptions: unknown
  dataHash: string
}

function toRun(row: Selectable<RunsTable>): Run {
  const { fencingToken: _, ...run } = row
  return { ...run, initialCapital: toDecimal(row.initialCapital) }
}

/** Stores a backtest that waits for its turn. @returns false if the id exists already */
export async function insertRun(db: Queryable, run: NewRun): Promise<boolean> {
  const inserted = await db
    .insertInto('runs')
    .values({
      ...run,
      runType: 'BACKTEST',
      status: 'RUNNING',
      initialCapital: run.initialCapital.toFixed(),
      params: JSON.stringify(run.params),
    })
    .onConflict((conflict) => conflict.column('runId').doNothing())
    .returning('runId')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Null for an unknown run, and for one of a strategy out of sight. */
export async function findRun(
  db: Queryable,
  runId: string,
  visible: VisibleStrategies = 'all',
): Promise<Run | null> {
  if (!isUuid(runId)) return null
  const row = await db
    .selectFrom('runs')
    .selectAll()
    .where('runId', '=', runId)
    .where((eb) => eb.and(visibleOnly(visible)))
    .executeTakeFirst()
  return row === undefined ? null : toRun(row)
}

/** Recent first, with the count over all pages. */
export async function listRuns(
  db: Queryable,
  filter: RunFilter,
  page: Page,
): Promise<{ runs: Run[]; totalCount: number }> {
  const query = db
    .selectFrom('runs')
    .where((eb) =>
      eb.and([
        ...visibleOnly(filter.visible),
        ...given(filter.strategyId, (id) => eb('strategyId', '=', id)),
        ...given(filter.runType, (type) => eb('runType', '=', type)),
        ...given(filter.status, (status) => eb('status', '=', status)),
      ]),
    )
  const { rows, totalCount } = await readPage(query, (q) => q.selectAll(), 'createdAt', page)
  return { runs: rows.map(toRun), totalCount }
}

/** Backtests that are not finished, oldest first: what a restart has to look after. */
export async function listRunningBacktests(db: Queryable): Promise<Run[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .where('runType', '=', 'BACKTEST')
    .where('status', '=', 'RUNNING')
    .orderBy('createdAt')
    .execute()
  return rows.map(toRun)
}

/**
 * Makes the caller the one attempt that counts: whoever held the run before can no longer publish.
 * @returns the run, or null if it is finished already
 */
export async function claimRun(db: Queryable, runId: string, fencingToken: string): Promise<Run | null> {
  const row = await db
    .updateTable('runs')
    .set(({ eb }) => ({ fencingToken, attempt: eb('attempt', '+', 1), phase: 'loading bars' }))
    .where('runId', '=', runId)
    .where('status', '=', 'RUNNING')
    .returningAll()
    .executeTakeFirst()
  return row === undefined ? null : toRun(row)
}

export interface RunProgress {
  progress: number
  phase: string
  estimatedCompletion: Date | null
}

/** @returns whether somebody asked to cancel; null if another attempt has taken over or the run is finished */
export async function updateRunProgress(
  db: Queryable,
  runId: string,
  fencingToken: string,
  progress: RunProgress,
): Promise<{ isCancelRequested: boolean } | null> {
  const row = await db
    .updateTable('runs')
    .set({ ...progress })
    .where('runId', '=', runId)
    .where('fencingToken', '=', fencingToken)
    .where('status', '=', 'RUNNING')
    .returning('cancelRequestedAt')
    .executeTakeFirst()
  return row === undefined ? null : { isCancelRequested: row.cancelRequestedAt !== null }
}

/** Part of the transaction that stores the result. @returns false if this attempt no longer counts */
export async function completeRun(
  trx: Queryable,
  run: { runId: string; fencingToken: string; completedAt: Date; metrics: string; headline: RunHeadline },
): Promise<boolean> {
  const { totalReturn, sharpeRatio, maxDrawdown, totalTrades } = run.headline
  const updated = await trx
    .updateTable('runs')
    .set({
      status: 'COMPLETED',
      completedAt: run.completedAt,
      progress: 1,
      phase: 'done',
      estimatedCompletion: null,
      metrics: run.metrics,
      totalReturn,
      sharpeRatio,
      maxDrawdown,
      totalTrades,
    })
    .where('runId', '=', run.runId)
    .where('fencingToken', '=', run.fencingToken)
    .where('status', '=', 'RUNNING')
    .returning('runId')
    .executeTakeFirst()
  return updated !== undefined
}

/** Ends a run with the reason; with a token only if that attempt still counts. @returns false if it was finished */
export async function failRun(
  db: Queryable,
  run: { runId: string; fencingToken: string | null; completedAt: Date; error: string },
): Promise<boolean> {
  const updated = await db
    .updateTable('runs')
    .set({
      status: 'FAILED',
      completedAt: run.completedAt,
      error: run.error,
      phase: 'failed',
      estimatedCompletion: null,
    })
    .where('runId', '=', run.runId)
    .where('status', '=', 'RUNNING')
    .where((eb) => eb.and(given(run.fencingToken, (token) => eb('fencingToken', '=', token))))
    .returning('runId')
    .executeTakeFirst()
  return updated !== undefined
}

/** @returns false if the run is finished */
export async function requestRunCancel(db: Queryable, runId: string, at: Date): Promise<boolean> {
  const updated = await db
    .updateTable('runs')
    .set({ cancelRequestedAt: at })
    .where('runId', '=', runId)
    .where('status', '=', 'RUNNING')
    .where('runType', '=', 'BACKTEST')
    .returning('runId')
    .executeTakeFirst()
  return updated !== undefined
}

export async function insertRunResult(trx: Queryable, runId: string, result: NewRunResult): Promise<void> {
  await trx
    .insertInto('runResults')
    .values({ runId, ...result })
    .execute()
}

export async function findRunResult(db: Queryable, runId: string): Promise<RunResult | null> {
  const row = await db
    .selectFrom('runResults')
    .select(['metrics', 'equityCurve', 'trades', 'assumptions', 'dataHash'])
    .where('runId', '=', runId)
    .executeTakeFirst()
  return row ?? null
}

/** A stored signal as a backtest replays it. */
export interface StoredSignal {
  symbol: string
  signalAt: Date
  signal: SignalType
  size: number
  confidence: number
  stopLoss: number | null
  takeProfit: number | null
  reasoning: string
}

/** Every signal of a strategy within a range, oldest first. */
export async function listStoredSignals(
  db: Queryable,
  strategyId: string,
  range: InstantRange = {},
): Promise<StoredSignal[]> {
  const rows = await db
    .selectFrom('signals')
    .select(['symbol', 'signalAt', 'signal', 'size', 'confidence', 'stopLoss', 'takeProfit', 'reasoning'])
    .where('strategyId', '=', strategyId)
    .where((eb) =>
      eb.and([
        ...given(range.from, (at) => eb('signalAt', '>=', at)),
        ...given(range.to, (at) => eb('signalAt', '<=', at)),
      ]),
    )
    .orderBy('signalAt')
    .orderBy('seq')
    .execute()
  const numberOrNull = (text: string | null): number | null => (text === null ? null : Number(text))
  return rows.map((row) => ({
    ...row,
    stopLoss: numberOrNull(row.stopLoss),
    takeProfit: numberOrNull(row.takeProfit),
  }))
}

/** When a strategy's stored signals begin and end; null without any. */
export async function findSignalSpan(
  db: Queryable,
  strategyId: string,
): Promise<{ first: Date; last: Date; count: number } | null> {
  const { rows } = await sql<{ first: Date | null; last: Date | null; count: number }>`
    select min(signal_at) as first, max(signal_at) as last, count(*) as count
    from signals where strategy_id = ${strategyId}`.execute(db)
  const [row] = rows
  return row?.first && row.last ? { first: row.first, last: row.last, count: row.count } : null
}

/** How many bars of a series opened within a range, both ends inclusive. */
export async function countBars(
  db: Queryable,
  series: { symbol: string; intervalSeconds: number },
  range: { from: Date; to: Date },
): Promise<number> {
  const { count } = await db
    .selectFrom('bars')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('symbol', '=', series.symbol)
    .where('intervalSeconds', '=', series.intervalSeconds)
    .where('openedAt', '>=', range.from)
    .where('openedAt', '<=', range.to)
    .executeTakeFirstOrThrow()
  return count
}
