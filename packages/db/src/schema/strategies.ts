import type { Mode, StrategyStatus } from '@quantdeck/domain'
import type { Generated, GeneratedAlways } from 'kysely'
import type { JsonWithDefault, Numeric } from './columns.ts'

export interface StrategiesTable {
  strategyId: string
  seq: GeneratedAlways<number>
  name: string
  description: Generated<string>
  status: StrategyStatus
  mode: Mode
  ownerId: string | null
  isPublic: Generated<boolean>
  universe: Generated<string[]>
  maxPositions: number
  allocatedCapital: Numeric
  config: JsonWithDefault
  version: Generated<number>
  createdAt: Date
  updatedAt: Date
  updatedBy: string | null
}
