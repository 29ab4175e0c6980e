import {
  bookKeyText,
  toDecimal,
  type BookKey,
  type Decimal,
  type EquityPoint,
  type Fill,
  type Position,
  type StoredOrder,
  type SumsOfBook,
  type TradingMode,
  ZERO,
} from '@quantdeck/domain'
import { sql, type Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { OrdersTable } from '../schema/orders.ts'
import { toEquityPoint } from './equity-points.ts'
import { toFill } from './fills.ts'
import { toPosition } from './positions.ts'
import { decimalOrNull } from './values.ts'

/** USD net of fees per strategy, over every position it ever had in the mode, open ones included. */
export async function sumRealizedByStrategy(db: Queryable, mode: TradingMode): Promise<Map<string, Decimal>> {
  const { rows } = await sql<{ strategyId: string; realized: string }>`
    select strategy_id, sum(realized_usd - fees_usd)::numeric as realized
    from positions where mode = ${mode} group by strategy_id`.execute(db)
  return new Map(rows.map((row) => [row.strategyId, toDecimal(row.realized)]))
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

/** Both sums of every book that has fills or positions; what one side does not know is 0. */
export async function sumBooks(db: Queryable): Promise<SumsOfBook[]> {
  const [ofFills, ofPositions] = [await sumFillsByBook(db), await sumPositionsByBook(db)]
  const fills = new Map(ofFills.map((row) => [bookKeyText(row), row]))
  const positions = new Map(ofPositions.map((row) => [bookKeyText(row), row]))
  const books = new Map<string, BookKey>([...fills, ...positions])
  return [...books].map(([key, { mode, strategyId, symbol }]) => ({
    mode,
    strategyId,
    symbol,
    cash: fills.get(key)?.cash ?? ZERO,
    fillQuantity: fills.get(key)?.quantity ?? ZERO,
    fillFeesUsd: fills.get(key)?.feesUsd ?? ZERO,
    quantity: positions.get(key)?.quantity ?? ZERO,
    costBasis: positions.get(key)?.costBasis ?? ZERO,
    realizedQuote: positions.get(key)?.realizedQuote ?? ZERO,
    feesUsd: positions.get(key)?.feesUsd ?? ZERO,
  }))
}

const PAGE = 5_000

/** Every fill in the order in which it was booked, some thousand at a time. */
export async function* eachFill(db: Queryable): AsyncGenerator<Fill[]> {
  for (let after = 0; ;) {
    const rows = await db
      .selectFrom('fills')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    if (rows.length > 0) yield rows.map(toFill)
    if (rows.length < PAGE) return
    after = rows.at(-1)?.seq ?? after
  }
}

/** Every position, open and closed. */
export async function listAllPositions(db: Queryable): Promise<Position[]> {
  return (await db.selectFrom('positions').selectAll().orderBy('seq').execute()).map(toPosition)
}

/** What was filled of every order, some thousand orders at a time. */
export async function* eachFilledState(db: Queryable): AsyncGenerator<StoredOrder[]> {
  for (let after = 0; ;) {
    const rows = await db
      .selectFrom('orders')
      .select(['seq', 'orderId', 'mode', 'strategyId', 'symbol', 'status', 'quantity'])
      .select(['filledQuantity', 'averageFillPrice', 'fees'])
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    if (rows.length > 0) yield rows.map(toStoredOrder)
    if (rows.length < PAGE) return
    after = rows.at(-1)?.seq ?? after
  }
}

type StoredOrderRow = Pick<Selectable<OrdersTable>, keyof StoredOrder>

function toStoredOrder(row: StoredOrderRow): StoredOrder {
  return {
    orderId: row.orderId,
    mode: row.mode,
    strategyId: row.strategyId,
    symbol: row.symbol,
    status: row.status,
    quantity: toDecimal(row.quantity),
    filledQuantity: toDecimal(row.filledQuantity),
    averageFillPrice: decimalOrNull(row.averageFillPrice),
    fees: toDecimal(row.fees),
  }
}

/** Every point of every equity curve, curve by curve, some thousand at a time. */
export async function* eachEquityPoint(db: Queryable): AsyncGenerator<(EquityPoint & { scope: string })[]> {
  let after = { scope: '', at: new Date(0) }
  for (;;) {
    const rows = await db
      .selectFrom('equityPoints')
      .selectAll()
      .where((eb) => eb(eb.refTuple('scope', 'at'), '>', eb.tuple(after.scope, after.at)))
      .orderBy('scope')
      .orderBy('at')
      .limit(PAGE)
      .execute()
    if (rows.length > 0) yield rows.map((row) => ({ scope: row.scope, ...toEquityPoint(row) }))
    if (rows.length < PAGE) return
    after = rows.at(-1) ?? after
  }
}

/** What the rate and duplicate checks remember of an order. */
export interface SubmittedOrder {
  orderId: string
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

/** Orders of a mode submitted since an instant, oldest first; those that risk refused never were, protective ones do not count. */
export async function listOrdersSubmittedSince(
  db: Queryable,
  mode: TradingMode,
  since: Date,
): Promise<SubmittedOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .select([
      'orderId',
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
    .where('ocoGroupId', 'is', null)
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
