import type { Json } from './columns.ts'

export interface IdempotencyKeysTable {
  principal: string
  key: string
  operation: string
  requestHash: string
  status: number | null
  response: Json | null
  createdAt: Date
}
