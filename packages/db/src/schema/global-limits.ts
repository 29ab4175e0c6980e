import type { Json } from './columns.ts'

export interface GlobalLimitsTable {
  id: number
  limits: Json
  updatedAt: Date
  updatedBy: string | null
}
