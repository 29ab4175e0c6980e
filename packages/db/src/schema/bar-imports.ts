import type { Generated } from 'kysely'

export interface BarImportsTable {
  importId: Generated<string>
  symbol: string
  fileName: string
  rowsTotal: number
  rowsAccepted: number
  rowsQuarantined: number
  rowsDuplicate: number
  createdBy: string | null
  createdAt: Date
}
