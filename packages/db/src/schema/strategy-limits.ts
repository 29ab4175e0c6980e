import type { Json } from './columns.ts'

export interface StrategyLimitsTable {
  strategyId: string
  limits: Json
  updatedAt: Date
  updatedBy: string | null
}
