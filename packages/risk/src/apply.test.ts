import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runsOf } from '../test/runs.ts'
import { Decimal } from '@quantdeck/domain'
import { apply } from './apply.ts'
import { elapseCooldown } from './controls/trades.ts'
import type { RiskEvent } from './events.ts'
import { type LimitOverrides, resolveLimits } from './limits.ts'
import { dailyPnlOf, drawdownOf } from './measures.ts'
import {
  type RiskState,
  accountScope,
  initialRiskState,
  strategyScope,
  isCoolingDown,
  latchedTradingState,
  lossStreak,
  tradesToday,
} from './state.ts'
import { stopLossLockUntil } from './stop-loss-guard.ts'
import { transitions } from './transitions.ts'

const START = initialRiskState('account:PAPER', { equity: '100000', dayKey: '2026-01-07' })
const MINUTE = 60_000
const limits = resolveLimits()

const fold = (events: RiskEvent[], state: RiskState = START, overrides: LimitOverrides = {}): RiskState =>
  events.reduce((current, event) => apply(current, event, resolveLimits(overrides)), state)
const mark = (equity: string, at = 0): RiskEvent => ({ type: 'equity_marked', at, equity })
const close = (netPnlUsd: string, at = 0): RiskEvent => ({ type: 'trade_closed', at, netPnlUsd })
const entry = (orderId: string, at = 0): RiskEvent => ({ type: 'entry_filled', at, orderId })
const roll = (dayKey: string, equity: string, at = 0): RiskEvent => ({
  type: 'day_rolled',
  at,
  dayKey,
  equity,
})
const alerts = (events: RiskEvent[], overrides: LimitOverrides = {}): string[] => {
  let state = START
  return events.flatMap((event) => {
    const before = state
    state = apply(before, event, resolveLimits(overrides))
    return transitions(before, state, resolveLimits(overrides))
  })
}

describe('A01 drawdown', () => {
  it('trips at exactly 15 % of the peak, not a cent above, and stays tripped', () => {
    expect(latchedTradingState(fold([mark('85000.01')]))).toBe('ACTIVE')
    const tripped = fold([mark('85000', 5)])
    expect(latchedTradingState(tripped)).toBe('REDUCING')
    expect(tripped.drawdownTrippedAt).toBe(5)
    expect(latchedTradingState(fold([mark('99000'), mark('120000')], tripped))).toBe('REDUCING')
    expect(latchedTradingState(fold([roll('2026-01-08', '99000')], tripped))).toBe('REDUCING')
  })

  it('measures from the highest equity seen', () => {
    expect(fold([mark('120000'), mark('102000.01')]).drawdownTrippedAt).toBeNull()
    expect(fold([mark('120000'), mark('102000', 3)]).drawdownTrippedAt).toBe(3)
  })

  it('warns once from 10 % until a new peak', () => {
    expect(
      alerts([mark('90000'), mark('89000'), mark('95000'), mark('90000')], { maxDailyLoss: '0.9' }),
    ).toEqual(['drawdown_warning'])
    const again = [mark('90000'), mark('100000'), mark('90000')]
    expect(alerts(again, { maxDailyLoss: '0.9' })).toEqual(['drawdown_warning', 'drawdown_warning'])
    expect(alerts([mark('84000')], { maxDailyLoss: '0.9' })).toEqual(['drawdown_tripped'])
  })

  it('is re-based on release, so the old peak does not trip it again', () => {
    const released = fold([mark('80000'), { type: 'released', at: 1, equity: '80000' }, mark('69000')])
    expect(latchedTradingState(released)).toBe('ACTIVE')
    expect(released.peakEquity).toBe('80000')
    expect(latchedTradingState(fold([mark('68000')], released))).toBe('REDUCING')
    expect(alerts([mark('80000'), { type: 'released', at: 1, equity: '80000' }])).toContain('released')
  })

  it('counts any loss of a scope without capital as a breach, and no loss as none', () => {
    const empty = initialRiskState('strategy:x:PAPER', { equity: '0', dayKey: 'd' })
    expect(fold([mark('0')], empty)).toBe(empty)
    expect(fold([mark('-1')], empty).drawdownTrippedAt).toBe(0)
  })
})

describe('A02 daily loss', () => {
  it('blocks at exactly 5 % of the opening equity and until the next day', () => {
    expect(fold([mark('95000.01')]).dailyLossBlockedAt).toBeNull()
    const blocked = fold([mark('95000', 7), mark('99999')])
    expect(blocked.dailyLossBlockedAt).toBe(7)
    expect(fold([roll('2026-01-07', '95000')], blocked)).toBe(blocked)
    expect(fold([roll('2026-01-08', '95000')], blocked).dailyLossBlockedAt).toBeNull()
  })

  it('is measured from the day open, not from the peak', () => {
    const nextDay = fold([mark('110000'), roll('2026-01-08', '108000')])
    expect(fold([mark('102601')], nextDay).dailyLossBlockedAt).toBeNull()
    expect(fold([mark('102600')], nextDay).dailyLossBlockedAt).toBe(0)
  })
})

describe('A03 trades per day', () => {
  it('counts distinct entry orders and clears at the day roll', () => {
    const state = fold([entry('a'), entry('b'), entry('a')])
    expect(tradesToday(state)).toBe(2)
    expect(fold([entry('a')], state)).toBe(state)
    expect(tradesToday(fold([roll('2026-01-08', '100000')], state))).toBe(0)
  })

  it('warns at 80 % and says when it blocks', () => {
    const events = Array.from({ length: 21 }, (_, index) => entry(`o${index}`))
    expect(alerts(events)).toEqual(['trades_warning', 'trades_blocked'])
    expect(alerts(events.slice(0, 15))).toEqual([])
  })
})

describe('A04 loss streak', () => {
  const three = [close('-1', 0), close('-1', 5 * MINUTE), close('-1', 10 * MINUTE)]

  it('cools down 30 minutes from the third loss, over at the last millisecond', () => {
    const state = fold(three)
    expect(state.cooldownUntil).toBe(40 * MINUTE)
    expect(isCoolingDown(state, 40 * MINUTE - 1)).toBe(true)
    expect(isCoolingDown(state, 40 * MINUTE)).toBe(false)
    expect(lossStreak(state, 40 * MINUTE - 1)).toBe(3)
    expect(lossStreak(state, 40 * MINUTE)).toBe(0)
  })

  it('restarts with a further loss, never with a win', () => {
    expect(fold([...three, close('-1', 20 * MINUTE)]).cooldownUntil).toBe(50 * MINUTE)
    const won = fold([...three, close('1', 20 * MINUTE)])
    expect(won.cooldownUntil).toBe(40 * MINUTE)
    expect(won.consecutiveLosses).toBe(0)
    expect(alerts([...three, close('-1', 20 * MINUTE)])).toEqual(['cooldown_started', 'cooldown_extended'])
  })

  it('any loss while it runs restarts it, even after a win', () => {
    const state = fold([...three, close('1', 20 * MINUTE), close('-1', 25 * MINUTE)])
    expect(state.cooldownUntil).toBe(55 * MINUTE)
  })

  it('leaves the streak alone at exactly 0 and clears it on a win', () => {
    const two = fold(three.slice(0, 2))
    expect(fold([close('0.00', 6 * MINUTE)], two)).toBe(two)
    expect(fold([close('0.01', 6 * MINUTE)], two).consecutiveLosses).toBe(0)
    expect(fold([close('5')])).toBe(START)
  })

  it('starts anew after the cooldown, and the next event says so', () => {
    const later = fold([...three, close('-1', 40 * MINUTE)])
    expect(later.consecutiveLosses).toBe(1)
    expect(later.cooldownUntil).toBeNull()
    expect(elapseCooldown(fold(three), 40 * MINUTE).consecutiveLosses).toBe(0)
  })

  it('ends at the day roll', () => {
    const rolled = fold([...three, roll('2026-01-08', '100000', 11 * MINUTE)])
    expect([rolled.cooldownUntil, rolled.consecutiveLosses]).toEqual([null, 0])
  })
})

describe('A05, R07 and R16', () => {
  const exit = (at: number, symbol = 'SPX'): RiskEvent => ({
    type: 'stop_exit',
    at,
    symbol,
    positionSide: 'BUY',
  })
  const guard = {
    stopLossGuard: { count: 2, lookbackMinutes: 60, durationMinutes: 30, locks: 'symbol' as const },
  }

  it('remembers stop exits only while the guard is on, and forgets old ones', () => {
    expect(fold([exit(0)])).toBe(START)
    expect(fold([exit(0), exit(90 * MINUTE)], START, guard).stopExits).toHaveLength(1)
    expect(alerts([exit(0), exit(10 * MINUTE)], guard)).toEqual(['stop_loss_guard_locked'])
    expect(alerts([exit(0), exit(61 * MINUTE)], guard)).toEqual([])
    expect(alerts([exit(0), exit(1, 'X')], guard)).toEqual([])
  })

  it('the fourth collar breach within a minute puts the scope into REDUCING until it is released', () => {
    const breach = (at: number): RiskEvent => ({ type: 'collar_breached', at })
    expect(latchedTradingState(fold([0, 1, 2].map(breach)))).toBe('ACTIVE')
    expect(latchedTradingState(fold([0, 1, 2, 60_000].map(breach)))).toBe('ACTIVE')
    const tripped = fold([0, 1, 2, 59_999].map(breach))
    expect(latchedTradingState(tripped)).toBe('REDUCING')
    expect(fold([breach(60_001)], tripped).collarTrippedAt).toBe(59_999)
    expect(latchedTradingState(fold([{ type: 'released', at: 1, equity: '100000' }], tripped))).toBe('ACTIVE')
    expect(alerts([...[0, 1, 2, 3].map(breach), { type: 'released', at: 9, equity: '100000' }])).toEqual([
      'collar_tripped',
      'released',
    ])
  })

  it('counts automated executions only with a throttle, over the day roll, until re-armed', () => {
    const executed: RiskEvent = { type: 'executed', at: 0 }
    expect(fold([executed])).toBe(START)
    const throttle = { executionThrottle: 5 }
    const state = fold([executed, executed, roll('2026-01-08', '100000')], START, throttle)
    expect(state.executions).toBe(2)
    expect(fold([{ type: 'rearmed', at: 0 }], state).executions).toBe(0)
    expect(fold([{ type: 'rearmed', at: 0 }])).toBe(START)
    expect(
      alerts(
        Array.from({ length: 6 }, () => executed),
        throttle,
      ),
    ).toEqual(['throttle_warning', 'throttle_tripped'])
  })
})

describe('the fold', () => {
  it('keeps the reference when nothing changed, so only such events need storing', () => {
    expect(fold([mark('100000'), mark('99000.00'), mark('100000.00')])).toBe(START)
    expect(transitions(START, START, limits)).toEqual([])
  })

  it('replays to the identical state from the stored events alone', () => {
    const event = fc.oneof(
      fc.record({
        type: fc.constant('equity_marked' as const),
        equity: fc.integer({ min: 80_000, max: 110_000 }).map(String),
      }),
      fc.record({
        type: fc.constant('trade_closed' as const),
        netPnlUsd: fc.constantFrom('-1', '-0.01', '0', '2'),
      }),
      fc.record({
        type: fc.constant('entry_filled' as const),
        orderId: fc.integer({ min: 0, max: 30 }).map(String),
      }),
      fc.record({
        type: fc.constant('day_rolled' as const),
        dayKey: fc.constantFrom('a', 'b', 'c'),
        equity: fc.constant('90000'),
      }),
      fc.record({ type: fc.constant('released' as const), equity: fc.constant('90000') }),
      fc.record({ type: fc.constant('collar_breached' as const) }),
    )
    const timed = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 20 })), { maxLength: 60 })
    fc.assert(
      fc.property(timed, (steps) => {
        let [state, at] = [START, 0]
        const stored: RiskEvent[] = []
        for (const [step, minutes] of steps) {
          at += minutes * MINUTE
          const next = apply(state, { ...step, at }, limits)
          if (next !== state) stored.push({ ...step, at })
          state = next
        }
        expect(fold(stored)).toEqual(state)
      }),
      { numRuns: runsOf(1_000) },
    )
  })

  it('refuses amounts that are not plain decimals', () => {
    expect(() => fold([mark('NaN')])).toThrow(RangeError)
    expect(() => fold([close('1e5')])).toThrow(RangeError)
  })
})

describe('scopes', () => {
  it('are named by strategy and mode, or by the mode account', () => {
    expect([strategyScope('momentum_v1', 'PAPER'), accountScope('LIVE')]).toEqual([
      'strategy:momentum_v1:PAPER',
      'account:LIVE',
    ])
  })

  it('a guard that is off locks nothing', () => {
    const exit = { at: 0, symbol: 'SPX', side: 'BUY' as const }
    expect(stopLossLockUntil([exit, exit], exit, limits.stopLossGuard)).toBeNull()
  })
})

describe('measures', () => {
  it('a drawdown is a non-positive fraction, a day result a signed one', () => {
    expect(drawdownOf(START, new Decimal('96800')).toFixed()).toBe('-0.032')
    expect(drawdownOf(START, new Decimal('120000')).toFixed()).toBe('0')
    expect(dailyPnlOf(START, new Decimal('101500')).toFixed()).toBe('0.015')
    const empty = initialRiskState('x', { equity: '0', dayKey: 'd' })
    expect(dailyPnlOf(empty, new Decimal(5)).toFixed()).toBe('0')
    expect(drawdownOf(empty, new Decimal(-5)).toFixed()).toBe('0')
  })
})
