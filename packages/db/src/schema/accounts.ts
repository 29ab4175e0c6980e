import type { TradingMode } from '@quantdeck/domain'
import type { Generated } from 'kysely'
import type { Numeric } from './columns.ts'

export interface AccountsTable {
  mode: TradingMode
  currency: string
  initialCapital: Numeric
  version: Generated<number>
  createdAt: Date
}
