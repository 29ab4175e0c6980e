import type { Numeric } from './columns.ts'

export interface EquityPointsTable {
  scope: string
  at: Date
  equity: Numeric
  realizedPnl: Numeric
  unrealizedPnl: Numeric
}
