export interface StrategySharesTable {
  strategyId: string
  userId: string
}
