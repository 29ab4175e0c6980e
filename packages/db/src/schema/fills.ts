import type { OrderSide, TradingMode } from '@quantdeck/domain'
import type { Generated, GeneratedAlways } from 'kysely'
import type { Numeric } from './columns.ts'

export interface FillsTable {
  fillId: Generated<string>
  seq: GeneratedAlways<number>
  orderId: string
  brokerTradeId: string
  mode: TradingMode
  strategyId: string
  symbol: string
  side: OrderSide
  quantity: Numeric
  price: Numeric
  fee: Numeric
  usdRate: Numeric
  filledAt: Date
}
