import type { Mode, RunStatus } from '@quantdeck/domain'
import type { Generated, GeneratedAlways } from 'kysely'
import type { Day, Json, JsonWithDefault, Numeric } from './columns.ts'

export interface RunsTable {
  runId: Generated<string>
  seq: GeneratedAlways<number>
  strategyId: string
  runType: Mode
  status: RunStatus
  startDate: Day
  endDate: Day | null
  initialCapital: Numeric
  params: JsonWithDefault
  metrics: Json | null
  totalReturn: number | null
  sharpeRatio: number | null
  maxDrawdown: number | null
  totalTrades: number | null
  error: string | null
  progress: Generated<number>
  phase: Generated<string>
  attempt: Generated<number>
  fencingToken: string | null
  estimatedCompletion: Date | null
  createdBy: string | null
  createdAt: Date
  completedAt: Date | null
  cancelRequestedAt: Date | null
}
