import type { Json } from './columns.ts'

export interface RunResultsTable {
  runId: string
  metrics: Json
  equityCurve: Json
  trades: Json
  assumptions: Json
  dataHash: string
}
