import { toDecimal, type Decimal, type TradingMode } from '@quantdeck/domain'
import { sql } from 'kysely'
import type { Queryable } from '../client.ts'
import { decimalOrNull } from './values.ts'

/** USD net of fees per strategy, over every position it ever had in the mode, open ones included. */
export async function sumRealizedByStrategy(db: Queryable, mode: TradingMode): Promise<Map<string, Decimal>> {
  const { rows } = await sql<{ strategyId: string; realized: string }>`
    select strategy_id, sum(realized_usd - fees_usd)::numeric as realized
    from positions where mode = ${mode} group by strategy_id`.execute(db)
  return new Map(rows.map((row) => [row.strategyId, toDecimal(row.realized)]))
}

/** One strategy in one instrument and mode. */
export interface BookKey {
  mode: TradingMode
  strategyId: string
  symbol: string
}

/** What the fills of a book add up to. */
export interface FillSums extends BookKey {
  fills: number
  /** Signed units that are still held. */
  quantity: Decimal
  /** Quote currency per unit of multiplier: sales minus purchases. */
  cash: Decimal
  feesUsd: Decimal
}

/** Added up by the database, as a witness beside the books that the desk keeps. */
export async function sumFillsByBook(db: Queryable): Promise<FillSums[]> {
  const { rows } = await sql<Record<keyof FillSums, string> & BookKey & { fills: number }>`
    select mode, strategy_id, symbol, count(*)::integer as fills,
      sum(case side when 'BUY' then quantity else -quantity end) as quantity,
      sum(case side when 'BUY' then -quantity * price else quantity * price end) as cash,
      sum(fee) as fees_usd
    from fills group by mode, strategy_id, symbol order by mode, strategy_id, symbol`.execute(db)
  return rows.map((row) => ({
    ...row,
    quantity: toDecimal(row.quantity),
    cash: toDecimal(row.cash),
    feesUsd: toDecimal(row.feesUsd),
  }))
}

/** What the positions of a book, open and closed, add up to. */
export interface PositionSums extends BookKey {
  quantity: Decimal
  /** Quote currency. */
  costBasis: Decimal
  /** Quote currency. */
  realizedQuote: Decimal
  realizedUsd: Decimal
  feesUsd: Decimal
}

export async function sumPositionsByBook(db: Queryable): Promise<PositionSums[]> {
  const { rows } = await sql<Record<keyof PositionSums, string> & BookKey>`
    select mode, strategy_id, symbol, sum(quantity) as quantity, sum(cost_basis) as cost_basis,
      sum(realized_quote) as realized_quote, sum(realized_usd) as realized_usd, sum(fees_usd) as fees_usd
    from positions group by mode, strategy_id, symbol order by mode, strategy_id, symbol`.execute(db)
  return rows.map(({ mode, strategyId, symbol, ...sums }) => ({
    mode,
    strategyId,
    symbol,
    quantity: toDecimal(sums.quantity),
    costBasis: toDecimal(sums.costBasis),
    realizedQuote: toDecimal(sums.realizedQuote),
    realizedUsd: toDecimal(sums.realizedUsd),
    feesUsd: toDecimal(sums.feesUsd),
  }))
}

/** What the rate and duplicate checks remember of an order. */
export interface SubmittedOrder {
  strategyId: string
  symbol: string
  side: 'BUY' | 'SELL'
  orderType: 'MARKET' | 'LIMIT' | 'STOP'
  quantity: Decimal
  limitPrice: Decimal | null
  stopPrice: Decimal | null
  isEntry: boolean
  submittedAt: Date
}

/** Orders of a mode submitted since an instant, oldest first; those that risk refused never were. */
export async function listOrdersSubmittedSince(
  db: Queryable,
  mode: TradingMode,
  since: Date,
): Promise<SubmittedOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .select([
      'strategyId',
      'symbol',
      'side',
      'orderType',
      'quantity',
      'limitPrice',
      'stopPrice',
      'isEntry',
      'submittedAt',
    ])
    .where('mode', '=', mode)
    .where('submittedAt', '>=', since)
    .where(({ eb }) => eb('rejectedBy', 'is distinct from', 'risk'))
    .orderBy('submittedAt')
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({
    ...row,
    quantity: toDecimal(row.quantity),
    limitPrice: decimalOrNull(row.limitPrice),
    stopPrice: decimalOrNull(row.stopPrice),
  }))
}
