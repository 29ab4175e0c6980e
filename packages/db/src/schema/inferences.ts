import type { GeneratedAlways } from 'kysely'

export interface InferencesTable {
  seq: GeneratedAlways<number>
  strategyId: string
  action: number
  inferredAt: Date
  receivedAt: Date
}
