import { Decimal, type Instrument, type Strategy, type StrategyConfig } from '@quantdeck/domain'
import { SPX_SOURCE } from './spx-series.ts'
import type { StandInOptions } from './model-stand-in.ts'

export const DEMO_SEED = 20_260_107
export const USDCOP_SOURCE = 'simulated USD/COP, seeded'

/** The demo's instruments. USD/COP has its true calendar only on request: a newcomer on a Saturday would see "closed". */
export function demoInstruments(usdcopCalendar: 'DEMO' | 'USDCOP'): Instrument[] {
  return [
    {
      symbol: 'SPX',
      contractType: 'INDEX',
      currency: 'USD',
      tickSize: new Decimal('0.01'),
      lotSize: new Decimal('0.01'),
      minQuantity: new Decimal('0.01'),
      maxQuantity: null,
      multiplier: new Decimal(1),
      priceDecimals: 2,
      quantityDecimals: 2,
      calendar: 'NYSE',
      barIntervalSeconds: 86_400,
      source: SPX_SOURCE,
    },
    {
      symbol: 'USD/COP',
      contractType: 'FX',
      currency: 'COP',
      tickSize: new Decimal('0.01'),
      lotSize: new Decimal(1),
      minQuantity: new Decimal(1),
      maxQuantity: null,
      multiplier: new Decimal(1),
      priceDecimals: 2,
      quantityDecimals: 2,
      calendar: usdcopCalendar,
      barIntervalSeconds: 300,
      source: USDCOP_SOURCE,
    },
  ]
}

interface DemoStrategy {
  strategyId: string
  name: string
  description: string
  universe: string[]
  allocatedCapital: string
  maxPositions: number
  config: StrategyConfig
}

const STRATEGIES: readonly DemoStrategy[] = [
  {
    strategyId: 'momentum_v1',
    name: 'Momentum Strategy V1',
    description: 'Time-series momentum on the S&P 500 index, a reference strategy that runs inside Quantdeck',
    universe: ['SPX'],
    allocatedCapital: '30000',
    maxPositions: 1,
    config: { model_type: 'momentum', risk_per_trade_pct: '1.5', stop_loss_pct: '3.0', size: 0.5 },
  },
  {
    strategyId: 'mean_reversion_v1',
    name: 'Mean Reversion V1',
    description:
      'Reversion to a rolling mean on the S&P 500 index, a reference strategy that runs inside Quantdeck',
    universe: ['SPX'],
    allocatedCapital: '30000',
    maxPositions: 1,
    config: { model_type: 'mean_reversion', risk_per_trade_pct: '1.5', stop_loss_pct: '3.0', size: 0.5 },
  },
  {
    strategyId: 'ppo_v1',
    name: 'PPO Conservative',
    description: 'Stand-in for a PPO model on simulated USD/COP prices: follows the last move',
    universe: ['USD/COP'],
    allocatedCapital: '20000',
    maxPositions: 1,
    config: { model_type: 'ppo', risk_per_trade_pct: '0.5', stop_loss_pct: '0.4', take_profit_pct: '0.6' },
  },
  {
    strategyId: 'sac_v2',
    name: 'SAC Balanced',
    description: 'Stand-in for a SAC model on simulated USD/COP prices: follows strong moves with more noise',
    universe: ['USD/COP'],
    allocatedCapital: '20000',
    maxPositions: 1,
    config: { model_type: 'sac', risk_per_trade_pct: '0.5', stop_loss_pct: '0.5', take_profit_pct: '0.7' },
  },
]

export function demoStrategies(ownerId: string, createdAt: Date): Strategy[] {
  return STRATEGIES.map((strategy) => ({
    ...strategy,
    allocatedCapital: new Decimal(strategy.allocatedCapital),
    status: 'active',
    mode: 'PAPER',
    ownerId,
    isPublic: true,
    version: 1,
    createdAt,
    updatedAt: createdAt,
    updatedBy: 'demo',
  }))
}

/** The two model stand-ins; each has its own seed and temper. */
export const STAND_INS: Readonly<Record<string, StandInOptions>> = {
  ppo_v1: {
    seed: DEMO_SEED + 1,
    bias: 0.9,
    noise: 0.35,
    threshold: 0.55,
    minimumHold: 3,
    stopPct: 0.004,
    takePct: 0.006,
    maxRoundTrips: 6,
  },
  sac_v2: {
    seed: DEMO_SEED + 2,
    bias: 0.8,
    noise: 0.5,
    threshold: 0.6,
    minimumHold: 4,
    stopPct: 0.005,
    takePct: 0.007,
    maxRoundTrips: 6,
  },
}
