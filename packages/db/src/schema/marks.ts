import type { Numeric } from './columns.ts'

export interface MarksTable {
  symbol: string
  price: Numeric
  at: Date
  source: string
}
