import type { OrderStatus, TradingMode } from '@quantdeck/domain'

/** Kept by triggers on the orders. */
export interface OrderCountsTable {
  strategyId: string
  mode: TradingMode
  status: OrderStatus
  count: number
}
