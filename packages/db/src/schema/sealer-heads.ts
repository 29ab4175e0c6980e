import type { Generated } from 'kysely'

export interface SealerHeadsTable {
  stream: 'outbox' | 'audit'
  sequence: Generated<number>
  hash: Generated<string>
}
