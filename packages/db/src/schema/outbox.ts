import type { Generated, GeneratedAlways } from 'kysely'
import type { Json } from './columns.ts'

export interface OutboxTable {
  outboxId: GeneratedAlways<number>
  topic: string
  key: string | null
  payload: Json
  createdAt: Date
  push: Generated<boolean>
  sequence: number | null
  sealedAt: Date | null
}
