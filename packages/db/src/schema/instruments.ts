import type { ContractType } from '@quantdeck/domain'
import type { Numeric } from './columns.ts'

export interface InstrumentsTable {
  symbol: string
  contractType: ContractType
  currency: string
  tickSize: Numeric
  lotSize: Numeric
  minQuantity: Numeric
  maxQuantity: Numeric | null
  multiplier: Numeric
  priceDecimals: number
  quantityDecimals: number
  calendar: string
  barIntervalSeconds: number
  source: string
}
