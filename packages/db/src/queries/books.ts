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
