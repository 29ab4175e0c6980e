import { describe, expect, it } from 'vitest'
import { judge } from '../test/judge.ts'
import { apply } from './apply.ts'
import type { RiskEvent } from './events.ts'
import { resolveLimits } from './limits.ts'
import { type RiskState, initialRiskState, latchedTradingState } from './state.ts'
import { type RiskTransition, transitions } from './transitions.ts'

const START = initialRiskState('strategy:s:PAPER', { equity: '30000', dayKey: 'd' })
const limits = resolveLimits({ executionThrottle: 3 })

/** The state after some events, and what became of them. */
function after(...events: RiskEvent[]): { state: RiskState; told: RiskTransition[] } {
  const told: RiskTransition[] = []
  const state = events.reduce((before, event) => {
    const next = apply(before, event, limits)
    told.push(...transitions(before, next, limits))
    return next
  }, START)
  return { state, told }
}

const executed = (at: number): RiskEvent => ({ type: 'executed', at })
const compared = (matches: boolean, at = 0): RiskEvent => ({ type: 'reconciled', at, matches })
const THREE = [1, 2, 3].map(executed)

describe('the execution throttle (R16)', () => {
  it('puts the scope into REDUCING with the last allowed execution, and not before', () => {
    expect(latchedTradingState(after(executed(1), executed(2)).state)).toBe('ACTIVE')
    const { state, told } = after(...THREE, executed(4))
    expect([state.throttleTrippedAt, state.executions]).toEqual([3, 4])
    expect(latchedTradingState(state)).toBe('REDUCING')
    expect(told).toEqual(['throttle_tripped'])
  })

  it('holds over the day and ends when a person re-arms or releases', () => {
    const rolled: RiskEvent = { type: 'day_rolled', at: 9, dayKey: 'e', equity: '30000' }
    expect(latchedTradingState(after(...THREE, rolled).state)).toBe('REDUCING')
    for (const event of [
      { type: 'rearmed', at: 9 },
      { type: 'released', at: 9, equity: '30000' },
    ] as const) {
      const { state, told } = after(...THREE, event)
      expect([state.executions, state.throttleTrippedAt, told.at(-1)]).toEqual([0, null, 'released'])
    }
    expect(after(executed(1), { type: 'rearmed', at: 2 }).state).toEqual(START)
  })
})

describe('a difference from the broker (A06)', () => {
  it('puts the scope into REDUCING until two passes in a row find none', () => {
    expect(after(compared(true)).state).toBe(START)
    const differs = after(compared(false, 5), compared(false, 6))
    expect([differs.state.reconciliationTrippedAt, differs.told]).toEqual([5, ['reconciliation_tripped']])
    expect(latchedTradingState(after(compared(false), compared(true)).state)).toBe('REDUCING')
    const again = after(compared(false), compared(true), compared(false), compared(true))
    expect(latchedTradingState(again.state)).toBe('REDUCING')
    const clean = after(compared(false), compared(true), compared(true))
    expect([clean.state, clean.told]).toEqual([START, ['reconciliation_tripped', 'reconciliation_cleared']])
  })

  it('is not ended by a person', () => {
    const { state, told } = after(compared(false, 5), { type: 'released', at: 6, equity: '30000' })
    expect([state.reconciliationTrippedAt, told]).toEqual([5, ['reconciliation_tripped']])
  })
})

describe('rules that do not concern an order', () => {
  it('say so: R23 to R25 of an order without a signal and a model', () => {
    const { checks } = judge({ signal: null, modelHealth: null })
    const rows = checks.filter(({ id }) => ['R23', 'R24', 'R25'].includes(id))
    expect(rows.map(({ code, skipped }) => [code, skipped])).toEqual([
      ['SIGNAL_EXPIRED', 'not_applicable'],
      ['CONFIDENCE_BELOW_THRESHOLD', 'not_applicable'],
      ['MODEL_UNHEALTHY', 'not_applicable'],
    ])
  })
})
