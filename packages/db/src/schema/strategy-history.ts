import type { Json } from './columns.ts'

export interface StrategyHistoryTable {
  strategyId: string
  version: number
  before: Json | null
  after: Json
  reason: string | null
  changedBy: string
  changedAt: Date
}
