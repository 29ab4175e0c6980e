import type { RunStatus } from '@quantdeck/domain'
import type { Generated, GeneratedAlways } from 'kysely'
import type { Json } from './columns.ts'

export const STUDY_KINDS = ['SWEEP', 'WALK_FORWARD'] as const
export type StudyKind = (typeof STUDY_KINDS)[number]

export interface StudiesTable {
  studyId: Generated<string>
  seq: GeneratedAlways<number>
  kind: StudyKind
  strategyId: string
  status: RunStatus
  request: Json
  cellsTotal: number
  cellsDone: Generated<number>
  result: Json | null
  error: string | null
  phase: Generated<string>
  attempt: Generated<number>
  fencingToken: string | null
  estimatedCompletion: Date | null
  createdBy: string | null
  createdAt: Date
  completedAt: Date | null
  cancelRequestedAt: Date | null
}
