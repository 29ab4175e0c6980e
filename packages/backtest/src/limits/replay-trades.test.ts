import { resolveLimits, type LimitOverrides } from '@quantdeck/risk'
import { describe, expect, it } from 'vitest'
import { RiskEngineGate } from '../engine/risk-engine-gate.ts'
import { type PastMarks, type PastTrade, replayTrades } from './replay-trades.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** A long trade of 10 at 100, opened and closed at hours after the start. */
function trade(openHour: number, closeHour: number, pnl: number, over: Partial<PastTrade> = {}): PastTrade {
  return {
    symbol: 'X',
    side: 'BUY',
    quantity: '10',
    entryTime: openHour * HOUR_MS,
    exitTime: closeHour * HOUR_MS,
    entryPrice: '100.00',
    stopLoss: '98.00',
    confidence: 0.7,
    notional: '1000',
    fees: '1',
    pnl: pnl.toFixed(2),
    isStopped: false,
    ...over,
  }
}

function gate(limits: LimitOverrides): RiskEngineGate {
  return new RiskEngineGate({
    strategyId: 's',
    limits: resolveLimits(null, limits),
    instruments: [
      {
        symbol: 'X',
        contractType: 'STOCK',
        tickSize: '0.01',
        lotSize: '1',
        minQuantity: '1',
        maxQuantity: null,
        barIntervalSeconds: 3600,
      },
    ],
    allocation: '10000',
    accountShare: 0.1,
  })
}

const replay = (trades: readonly PastTrade[], limits: LimitOverrides | null, marks: PastMarks[] = []) =>
  replayTrades(trades, { capital: '10000', marks, gate: limits === null ? null : gate(limits) })

describe('a history under proposed limits', () => {
  it('without limits is as it happened', () => {
    const history = replay([trade(10, 12, 100), trade(30, 32, -50)], null)
    expect(history.finalEquity).toBe(10_050)
    expect(history.days).toEqual([
      { date: '1969-12-31', equity: 10_000 },
      { date: '1970-01-01', equity: 10_100 },
      { date: '1970-01-02', equity: 10_050 },
    ])
    expect(history.maxDrawdown).toBeCloseTo(-50 / 10_100, 12)
  })

  it('a daily loss stops the rest of the day and nothing of the next', () => {
    const trades = [trade(1, 2, -300), trade(3, 4, -300), trade(5, 6, 900), trade(25, 26, 100)]
    const { denied, accepted, finalEquity } = replay(trades, { maxDailyLoss: '0.05', lossStreak: 10 })
    expect(denied.map(({ code, trade: { pnl } }) => [code, pnl])).toEqual([['DAILY_LOSS_LIMIT', '900.00']])
    expect(accepted).toHaveLength(3)
    expect(finalEquity).toBe(9_500)
  })

  it('an open loss counts through its marks, before the trade is over', () => {
    const falling: PastMarks = {
      symbol: 'X',
      t: [11 * HOUR_MS, 12 * HOUR_MS],
      close: [60, 40],
      multiplier: 1,
      isInverse: false,
    }
    const trades = [trade(10, 20, 0), trade(13, 14, 50, { symbol: 'X' })]
    const limits = { maxDailyLoss: '0.05' }
    expect(replay(trades, limits).denied).toEqual([])
    expect(replay(trades, limits, [falling]).denied.map(({ code }) => code)).toEqual(['DAILY_LOSS_LIMIT'])
  })

  it('a refused trade neither counts for a streak nor moves the equity', () => {
    const trades = [1, 2, 3, 4, 5, 6].map((hour) => trade(hour, hour + 0.5, -10))
    const { denied } = replay(trades, { lossStreak: 2, cooldownMinutes: 90 })
    // Losses at 1:30 and 2:30 start a pause to 4:00; after it the streak begins anew.
    expect(denied.map(({ trade: { entryTime } }) => entryTime / HOUR_MS)).toEqual([3, 6])
    expect(new Set(denied.map(({ code }) => code))).toEqual(new Set(['COOLDOWN_ACTIVE']))
  })

  it('sizes and confidence are judged as live', () => {
    const [code] = replay([trade(1, 2, 5)], { maxOrderNotionalOfAllocation: '0.05' }).denied
    expect(code?.code).toBe('MAX_ORDER_NOTIONAL')
    expect(replay([trade(1, 2, 5)], { signalThreshold: 0.8 }).denied[0]?.code).toBe(
      'CONFIDENCE_BELOW_THRESHOLD',
    )
    expect(replay([trade(1, 2, 5, { stopLoss: '50.00' })], {}).denied[0]?.code).toBe('MAX_RISK_PER_TRADE')
  })

  it('a drawdown trips for good and is told as an event', () => {
    const trades = [trade(1, 2, -1600), trade(30, 31, 100), trade(100 * 24, 100 * 24 + 1, 100)]
    const { denied, events } = replay(trades, { maxDailyLoss: '1', lossStreak: 10 })
    expect(denied).toHaveLength(2)
    expect(events.map(({ type }) => type)).toContain('drawdown_tripped')
  })

  it('of an inverse pair the open result is worth what it is at the close', () => {
    const marks: PastMarks = { symbol: 'X', t: [DAY_MS], close: [4200], multiplier: 1, isInverse: true }
    const pair = trade(1, 48, 0, { quantity: '1000', entryPrice: '4000.00' })
    const { days } = replay([pair], null, [marks])
    expect(days[2]?.equity).toBeCloseTo(10_000 + (1000 * 200) / 4200, 6)
  })

  it('nothing happened, nothing to say', () => {
    expect(replay([], {})).toMatchObject({
      accepted: [],
      denied: [],
      days: [],
      maxDrawdown: 0,
      finalEquity: 10_000,
    })
  })
})
