import { Decimal } from '@quantdeck/domain'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from './limits.ts'
import { drawdownOf } from './measures.ts'
import { accountScope, initialRiskState, latchedTradingState, tradesToday } from './state.ts'
import { imagineTrade } from './what-if.ts'

const at = Date.parse('2026-01-07T15:00:00Z')
const fresh = initialRiskState(accountScope('PAPER'), { equity: '100000', dayKey: '2026-01-07' })
const imagine = (state: typeof fresh, result: string, equity = '100000') =>
  imagineTrade(state, { result: new Decimal(result), equity: new Decimal(equity), at }, DEFAULT_LIMITS)

describe('one more trade', () => {
  it('that wins counts as a trade and has no consequence', () => {
    const { state, equity, consequences } = imagine(fresh, '0.01')
    expect(equity.toFixed()).toBe('101000')
    expect(state.peakEquity).toBe('101000')
    expect([tradesToday(state), state.consecutiveLosses]).toEqual([1, 0])
    expect(consequences).toEqual([])
  })

  it('that loses more than a day may lose blocks entries, by the limit and not by a guess', () => {
    const limit = new Decimal(DEFAULT_LIMITS.maxDailyLoss)
    const within = imagine(fresh, limit.times('0.99').negated().toFixed())
    expect(within.consequences).not.toContain('daily_loss_blocked')
    const beyond = imagine(fresh, limit.times('1.01').negated().toFixed())
    expect(beyond.consequences).toContain('daily_loss_blocked')
    expect(beyond.state.dailyLossBlockedAt).toBe(at)
  })

  it('from a deep drawdown trips the switch', () => {
    const low = new Decimal(100_000).times(new Decimal(1).minus(DEFAULT_LIMITS.maxDrawdown)).plus(500)
    const { state, equity, consequences } = imagine(fresh, '-0.02', low.toFixed())
    expect(consequences).toContain('drawdown_tripped')
    expect(latchedTradingState(state)).toBe('REDUCING')
    expect(drawdownOf(state, equity).lt(new Decimal(DEFAULT_LIMITS.maxDrawdown).negated())).toBe(true)
  })

  it('that is the last of a row of losses starts the cooldown', () => {
    let state = fresh
    const started: boolean[] = []
    for (let loss = 1; loss <= 3; loss += 1) {
      const outcome = imagine(state, '-0.001')
      started.push(outcome.consequences.includes('cooldown_started'))
      state = { ...outcome.state, entryOrderIds: [...outcome.state.entryOrderIds.slice(0, -1), `o-${loss}`] }
    }
    expect(started).toEqual([false, false, true])
  })

  it('leaves the state it was given as it was', () => {
    const before = structuredClone(fresh)
    imagine(fresh, '-0.5')
    expect(fresh).toEqual(before)
  })
})
