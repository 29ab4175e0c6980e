import type { Generated, GeneratedAlways } from 'kysely'
import type { Json } from './columns.ts'

export const QUARANTINE_STATUSES = ['PENDING', 'ACCEPTED', 'DROPPED'] as const
export type QuarantineStatus = (typeof QUARANTINE_STATUSES)[number]

export interface BarQuarantineTable {
  quarantineId: Generated<string>
  seq: GeneratedAlways<number>
  symbol: string
  intervalSeconds: number | null
  openedAt: Date | null
  line: number | null
  raw: Json
  reason: string
  detail: Generated<string>
  importId: string | null
  status: Generated<QuarantineStatus>
  createdAt: Date
  resolvedAt: Date | null
  resolvedBy: string | null
}
