import type { OrderSide, TradingMode } from '@quantdeck/domain'
import type { Generated, GeneratedAlways } from 'kysely'
import type { Numeric, NumericWithDefault } from './columns.ts'

export interface PositionsTable {
  positionId: Generated<string>
  seq: GeneratedAlways<number>
  mode: TradingMode
  strategyId: string
  symbol: string
  quantity: Numeric
  costBasis: Numeric
  realizedQuote: Numeric
  realizedUsd: Numeric
  feesUsd: Numeric
  costUsd: Numeric
  peakQuantity: Numeric
  closedQuantity: NumericWithDefault
  side: OrderSide
  entryPrice: Numeric
  exitPrice: Numeric | null
  stopLoss: Numeric | null
  takeProfit: Numeric | null
  openedAt: Date
  closedAt: Date | null
}
