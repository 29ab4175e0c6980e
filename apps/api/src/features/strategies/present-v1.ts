import type { V1Strategy, V1StrategyDetail, V1StrategyPerformance } from '@quantdeck/contracts'
import { formatFixed, formatInstant, formatPercent, roundNumber, type Strategy } from '@quantdeck/domain'
import { MetricFields } from '../format.ts'
import type { StrategyPerformance } from '../performance/operations.ts'
import { riskPerTradePct } from './config-rules.ts'
import type { StrategyDetail } from './operations.ts'

export function presentStrategy(strategy: Strategy): V1Strategy {
  return {
    strategy_id: strategy.strategyId,
    name: strategy.name,
    description: strategy.description,
    status: strategy.status,
    mode: strategy.mode,
    universe_size: strategy.universe.length,
    max_positions: strategy.maxPositions,
    risk_per_trade_pct: riskPerTradePct(strategy.config),
    created_at: formatInstant(strategy.createdAt),
    updated_at: formatInstant(strategy.updatedAt),
  }
}

export function presentStrategyDetail({ strategy, performance }: StrategyDetail): V1StrategyDetail {
  return {
    ...presentStrategy(strategy),
    config: strategy.config,
    performance: presentPerformance(performance),
    universe: strategy.universe,
    allocated_capital: formatFixed(strategy.allocatedCapital, 2),
    owner_id: strategy.ownerId,
    version: strategy.version,
  }
}

function presentPerformance({
  metrics,
  currentEquity,
  initialEquity,
}: StrategyPerformance): V1StrategyPerformance {
  const fields = new MetricFields()
  const ratio = (value: number) => roundNumber(value, 2).toFixed(2)
  return {
    total_pnl: formatFixed(currentEquity.minus(initialEquity), 2),
    sharpe_ratio: fields.text('sharpe_ratio', metrics.sharpeRatio, ratio),
    max_drawdown: formatPercent(metrics.maxDrawdown),
    win_rate: fields.text('win_rate', metrics.winRate, ratio),
    undefined_metrics: fields.undefinedMetrics,
  }
}
