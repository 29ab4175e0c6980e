import type { Numeric } from './columns.ts'

export interface BarsTable {
  symbol: string
  intervalSeconds: number
  openedAt: Date
  closedAt: Date
  open: Numeric
  high: Numeric
  low: Numeric
  close: Numeric
  volume: Numeric
  source: string
}
