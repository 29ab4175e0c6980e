import type { RiskInstrument, RiskLimits } from '@quantdeck/risk'
import { resolveLimits } from '@quantdeck/risk'
import { describe, expect, it } from 'vitest'
import type { StrategyInstance } from '../strategies/port.ts'
import { NO_COSTS } from './costs.ts'
import { RiskEngineGate } from './risk-engine-gate.ts'
import { runBacktest } from './run.ts'

const DAY_MS = 86_400_000
const RISK_INSTRUMENT: RiskInstrument = {
  symbol: 'X',
  contractType: 'STOCK',
  tickSize: '0.01',
  lotSize: '1',
  minQuantity: '1',
  maxQuantity: null,
  barIntervalSeconds: 86_400,
}

/** Goes long whenever flat, half the allocation, with a stop 3 % away. */
const eager: StrategyInstance = {
  warmupBars: 0,
  onBar: (bar, { position }) =>
    position === 0
      ? { signal: 'LONG', size: 0.5, confidence: 1, stopLoss: bar.close * 0.97, reasoning: 'flat' }
      : null,
}

function run(
  closes: number[],
  limits: Partial<RiskLimits>,
  options: { step?: number; accountShare?: number } = {},
) {
  const { step = DAY_MS, accountShare = 0.3 } = options
  const prices = Float64Array.from(closes)
  const bars = {
    t: prices.map((_, i) => i * step),
    open: prices,
    high: prices,
    low: prices,
    close: prices,
    volume: prices,
  }
  const risk = new RiskEngineGate({
    strategyId: 's',
    limits: resolveLimits(null, limits),
    instruments: [RISK_INSTRUMENT],
    allocation: '30000',
    accountShare,
  })
  const instrument = { symbol: 'X', tickSize: '0.01', lotSize: '1', multiplier: '1' }
  return runBacktest({
    symbols: [{ instrument, bars, strategy: eager }],
    initialCapital: '30000',
    costs: NO_COSTS,
    risk,
  })
}

describe('the live risk engine in a backtest', () => {
  it('lets ordinary entries pass', () => {
    const result = run([100, 100, 101, 102], {})
    expect(result.refusals).toEqual({})
    expect(result.trades).toHaveLength(1)
  })

  it('stops entries for good once the drawdown limit is reached', () => {
    const falling = Array.from({ length: 60 }, (_, i) => 100 * 0.985 ** i)
    const result = run(falling, { maxDrawdown: '0.1', drawdownWarning: '0.05', lossStreak: 100 })
    const tripped = result.riskEvents.find((event) => event.type === 'drawdown_tripped')
    expect(tripped).toBeDefined()
    expect(result.trades.every((trade) => trade.entryTime <= tripped!.t)).toBe(true)
    expect(result.refusals.TRADING_STATE_REDUCING).toBeGreaterThan(10)
    // What is open at the trip may still lose its stop.
    expect(Number(result.finalEquity)).toBeGreaterThan(30_000 * 0.88)
  })

  it('blocks the rest of a day after its loss limit and trades again the next day', () => {
    const hour = 3_600_000
    // A day of hourly bars that falls by 1.5 % an hour in its first hours, then two calm days.
    const closes = Array.from({ length: 72 }, (_, i) => 100 * 0.985 ** Math.min(i, 12))
    const result = run(closes, { maxDailyLoss: '0.03', lossStreak: 100 }, { step: hour })
    expect(result.riskEvents.map((event) => event.type)).toContain('daily_loss_blocked')
    expect(result.refusals.DAILY_LOSS_LIMIT).toBeGreaterThan(5)
    const last = result.trades.at(-1)
    expect(last?.entryTime).toBeGreaterThanOrEqual(24 * hour)
  })

  it('refuses an order that is too large for the account around the allocation', () => {
    const result = run([100, 100, 100], {}, { accountShare: 1 })
    expect(result.trades).toEqual([])
    expect(result.refusals.MAX_ORDER_NOTIONAL).toBe(3)
  })

  it('remembers a peak that was passed between two looks', () => {
    const path = [100, 100, 110, 130, 150, 139, 128, 117, 106, 100, 100]
    const result = run(path, { maxDrawdown: '0.2', drawdownWarning: '0.15' })
    // Half invested: 37,500 at the top, 30,000 at the end, which is a fifth below it.
    expect(result.riskEvents.map((event) => event.type)).toContain('drawdown_tripped')
  })
})
