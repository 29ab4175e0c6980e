import type { GeneratedAlways } from 'kysely'
import type { Json } from './columns.ts'

export interface RiskEventsTable {
  seq: GeneratedAlways<number>
  scope: string
  at: Date
  type: string
  payload: Json
}
