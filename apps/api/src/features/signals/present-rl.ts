import type {
  DeckSignal,
  DeckSignalResult,
  RlLatestSignalsResponse,
  RlStrategySignal,
} from '@quantdeck/contracts'
import {
  type Decimal,
  formatFixed,
  formatInstant,
  roundNumber,
  type Signal,
  type Strategy,
} from '@quantdeck/domain'
import { formatPrice } from '../format.ts'
import type { InstrumentMap } from '../orders/operations.ts'
import type { LatestSignals, SignalResult } from './operations.ts'

export function presentLatest(latest: LatestSignals, now: Date): RlLatestSignalsResponse {
  return {
    timestamp: formatInstant(now),
    market_price: latest.marketPrice?.toNumber() ?? 0,
    market_status: latest.marketStatus,
    signals: latest.signals.map(({ signal, strategy }) => presentStrategySignal(signal, strategy, now)),
  }
}

function presentStrategySignal(signal: Signal, strategy: Strategy, now: Date): RlStrategySignal {
  return {
    strategy_code: signal.strategyId,
    strategy_name: strategy.name,
    signal: signal.signal,
    side: signal.side,
    confidence: signal.confidence,
    size: signal.size,
    ...optional('entry_price', signal.entryPrice),
    ...optional('stop_loss', signal.stopLoss),
    ...optional('take_profit', signal.takeProfit),
    risk_usd: roundNumber(signal.riskUsd.toNumber(), 2),
    reasoning: signal.reasoning,
    timestamp: formatInstant(signal.signalAt),
    age_seconds: Math.max(0, Math.floor((now.getTime() - signal.signalAt.getTime()) / 1000)),
    symbol: signal.symbol,
  }
}

function optional<K extends string>(key: K, value: Decimal | null): Partial<Record<K, number>> {
  return value === null ? {} : ({ [key]: value.toNumber() } as Record<K, number>)
}

export function presentResult({ signal, duplicate }: SignalResult): DeckSignalResult {
  return {
    signal_id: signal.signalId,
    client_signal_id: signal.clientSignalId,
    strategy_code: signal.strategyId,
    symbol: signal.symbol,
    signal: signal.signal,
    side: signal.side,
    risk_usd: roundNumber(signal.riskUsd.toNumber(), 2),
    outcome: signal.outcome,
    order_ids: signal.orderIds,
    violations: signal.outcomeReasons,
    duplicate,
  }
}

export function presentSignal(signal: Signal, instruments: InstrumentMap): DeckSignal {
  const instrument = instruments.get(signal.symbol) ?? { priceDecimals: 2 }
  const price = (value: Decimal | null) => (value === null ? null : formatPrice(value, instrument))
  return {
    signal_id: signal.signalId,
    strategy_id: signal.strategyId,
    symbol: signal.symbol,
    signal: signal.signal,
    side: signal.side,
    confidence: signal.confidence,
    size: signal.size,
    entry_price: price(signal.entryPrice),
    stop_loss: price(signal.stopLoss),
    take_profit: price(signal.takeProfit),
    risk_usd: formatFixed(signal.riskUsd, 2),
    reasoning: signal.reasoning,
    signal_at: formatInstant(signal.signalAt),
    received_at: formatInstant(signal.receivedAt),
    client_signal_id: signal.clientSignalId,
    outcome: signal.outcome,
    order_ids: signal.orderIds,
    violations: signal.outcomeReasons,
  }
}
