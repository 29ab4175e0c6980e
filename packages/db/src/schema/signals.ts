import type { SignalOutcome, SignalType, TradeSide } from '@quantdeck/domain'
import type { Generated, GeneratedAlways } from 'kysely'
import type { JsonWithDefault, Numeric } from './columns.ts'

export interface SignalsTable {
  signalId: Generated<string>
  seq: GeneratedAlways<number>
  strategyId: string
  symbol: string
  signal: SignalType
  side: TradeSide
  confidence: number
  size: number
  entryPrice: Numeric | null
  stopLoss: Numeric | null
  takeProfit: Numeric | null
  riskUsd: Numeric
  reasoning: Generated<string>
  signalAt: Date
  receivedAt: Date
  clientSignalId: string | null
  outcome: SignalOutcome
  outcomeReasons: JsonWithDefault
  orderIds: Generated<string[]>
  source: string
}
