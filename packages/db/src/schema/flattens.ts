import type { TradingMode } from '@quantdeck/domain'
import type { Json } from './columns.ts'

/** One account's part of a flatten: which positions it set out to close, with which orders. */
export interface FlattensTable {
  flattenId: string
  mode: TradingMode
  scope: string
  reason: string
  startedBy: string
  startedAt: Date
  positions: Json
}
