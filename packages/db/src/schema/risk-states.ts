import type { Json } from './columns.ts'

export interface RiskStatesTable {
  scope: string
  state: Json
  lastSeq: number
}
