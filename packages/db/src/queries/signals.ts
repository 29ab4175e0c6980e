import {
  toDecimal,
  type Signal,
  type SignalOutcome,
  type SignalType,
  type ViolationRecord,
} from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { SignalsTable } from '../schema/signals.ts'
import { identitiesInOrder, RowBatch, type Identity } from './batch.ts'
import { type Page, readPage } from './page.ts'
import {
  decimalOrNull,
  given,
  isAnyOf,
  isUuid,
  type InstantRange,
  visibleOnly,
  type VisibleStrategies,
} from './values.ts'

/** A signal before the database numbered it. `source` tells where it came from: api, reference, demo, ... */
export type NewSignal = Omit<Signal, 'seq'> & { source: string }

/** `from` and `to` are of `signalAt`. */
export interface SignalFilter extends InstantRange {
  visible: VisibleStrategies
  strategyId?: string
  symbol?: string
  signal?: SignalType
  outcome?: SignalOutcome
}

function toSignal(row: Selectable<SignalsTable>): Signal {
  return {
    signalId: row.signalId,
    seq: row.seq,
    strategyId: row.strategyId,
    symbol: row.symbol,
    signal: row.signal,
    side: row.side,
    confidence: row.confidence,
    size: row.size,
    entryPrice: decimalOrNull(row.entryPrice),
    stopLoss: decimalOrNull(row.stopLoss),
    takeProfit: decimalOrNull(row.takeProfit),
    riskUsd: toDecimal(row.riskUsd),
    reasoning: row.reasoning,
    signalAt: row.signalAt,
    receivedAt: row.receivedAt,
    clientSignalId: row.clientSignalId,
    outcome: row.outcome,
    outcomeReasons: row.outcomeReasons as ViolationRecord[],
    orderIds: row.orderIds,
  }
}

const batch = new RowBatch('signals', [
  'signalId',
  'strategyId',
  'symbol',
  'signal',
  'side',
  'confidence',
  'size',
  'entryPrice',
  'stopLoss',
  'takeProfit',
  'riskUsd',
  'reasoning',
  'signalAt',
  'receivedAt',
  'clientSignalId',
  'outcome',
  'outcomeReasons',
  'orderIds',
  'source',
])

/** @returns the identities, in the order of the signals */
export async function insertSignals(db: Queryable, signals: readonly NewSignal[]): Promise<number[]> {
  const returned = await batch.insert<Identity>(db, signals, sql`returning signal_id as id, seq`)
  return identitiesInOrder(
    signals.map(({ signalId }) => signalId),
    returned,
  )
}

/** The most recent signal of each strategy, one index look-up each. */
export async function listLatestSignals(db: Queryable, strategyIds: readonly string[]): Promise<Signal[]> {
  const { rows } = await sql<Selectable<SignalsTable>>`
    select latest.* from unnest(${[...strategyIds]}::text[]) with ordinality as wanted (strategy_id, place)
    cross join lateral (
      select * from signals s where s.strategy_id = wanted.strategy_id
      order by s.signal_at desc, s.seq desc limit 1
    ) latest order by place`.execute(db)
  return rows.map(toSignal)
}

/** Recent first, with the count over all pages. */
export async function listSignals(
  db: Queryable,
  filter: SignalFilter,
  page: Page,
): Promise<{ signals: Signal[]; totalCount: number }> {
  const query = db
    .selectFrom('signals')
    .where((eb) =>
      eb.and([
        ...visibleOnly(filter.visible),
        ...given(filter.strategyId, (id) => eb('strategyId', '=', id)),
        ...given(filter.symbol, (symbol) => eb('symbol', '=', symbol)),
        ...given(filter.signal, (signal) => eb('signal', '=', signal)),
        ...given(filter.outcome, (outcome) => eb('outcome', '=', outcome)),
        ...given(filter.from, (at) => eb('signalAt', '>=', at)),
        ...given(filter.to, (at) => eb('signalAt', '<=', at)),
      ]),
    )
  const { rows, totalCount } = await readPage(query, (q) => q.selectAll(), 'signalAt', page)
  return { signals: rows.map(toSignal), totalCount }
}

export async function findSignal(db: Queryable, signalId: string): Promise<Signal | null> {
  if (!isUuid(signalId)) return null
  const row = await db.selectFrom('signals').selectAll().where('signalId', '=', signalId).executeTakeFirst()
  return row === undefined ? null : toSignal(row)
}

/** The signals that carry these ids of their sender: a repeated delivery answers with the first. */
export async function listSignalsByClientId(
  db: Queryable,
  strategyId: string,
  clientSignalIds: readonly string[],
): Promise<Signal[]> {
  const rows = await db
    .selectFrom('signals')
    .selectAll()
    .where('strategyId', '=', strategyId)
    .where(isAnyOf('clientSignalId', clientSignalIds))
    .execute()
  return rows.map(toSignal)
}

/** What a backtest of a strategy with outside signals replays, oldest first. */
export async function listSignalsForReplay(
  db: Queryable,
  strategyId: string,
  range: InstantRange,
): Promise<Signal[]> {
  const rows = await db
    .selectFrom('signals')
    .selectAll()
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
  return rows.map(toSignal)
}
