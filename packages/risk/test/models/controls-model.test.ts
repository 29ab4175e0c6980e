import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RiskState, apply } from '../../src/index.ts'
import { runsOf } from '../runs.ts'
import { begin, commands, replayed, type Transition } from './controls-model.ts'

// oxlint-disable-next-line eslint/no-restricted-properties -- the long form is chosen by the environment
const { RISK_MODEL_RUNS = '1000', RISK_MODEL_SEED = String(Math.floor(Math.random() * 2 ** 31)) } =
  process.env
const RUNS = runsOf(Number(RISK_MODEL_RUNS))

const agrees = (transition: Transition) =>
  fc.property(commands, (steps) => {
    const scope = begin(transition)
    fc.modelRun(() => scope, steps)
    expect(replayed(scope.real)).toEqual(scope.real.state)
  })

describe('the controls and an independent model of them', () => {
  it(`agree on every block, streak and cooldown in ${RUNS} random days, and replay from what was stored`, () => {
    fc.assert(agrees(apply), { numRuns: RUNS, seed: Number(RISK_MODEL_SEED) })
  })
})

/** A transition with a defect: what the right one gave is changed for one type of event. */
const spoiled =
  (type: string, spoil: (after: RiskState, before: RiskState) => Partial<RiskState>): Transition =>
  (state, event, limits) => {
    const next = apply(state, event, limits)
    return event.type === type ? { ...next, ...spoil(next, state) } : next
  }

const HALF_HOUR = 1_800_000

describe('a defect in a machine is found', () => {
  it.each<[string, Transition]>([
    [
      'cooldown: a win extends it',
      (state, event, limits) => {
        const next = apply(state, event, limits)
        const isWin = event.type === 'trade_closed' && !event.netPnlUsd.startsWith('-')
        return isWin && next.cooldownUntil !== null ? { ...next, cooldownUntil: event.at + HALF_HOUR } : next
      },
    ],
    ['cooldown: it outlives the day', spoiled('day_rolled', (_, { cooldownUntil }) => ({ cooldownUntil }))],
    [
      'cooldown: a result of exactly 0 ends the streak',
      (state, event, limits) => {
        const next = apply(state, event, limits)
        const isZero = event.type === 'trade_closed' && Number(event.netPnlUsd) === 0
        return isZero ? { ...next, consecutiveLosses: 0 } : next
      },
    ],
    [
      'cooldown: it still holds at its last millisecond',
      (state, event, limits) => {
        const next = apply(state, event, limits)
        const starts = event.type === 'trade_closed' && next.cooldownUntil !== state.cooldownUntil
        return starts && next.cooldownUntil !== null
          ? { ...next, cooldownUntil: next.cooldownUntil + 1 }
          : next
      },
    ],
    [
      'daily loss: the block outlives the day',
      spoiled('day_rolled', (after, { dailyLossBlockedAt }) => ({
        dailyLossBlockedAt: after.dailyLossBlockedAt ?? dailyLossBlockedAt,
      })),
    ],
    [
      'daily loss: it breaches only beyond the limit',
      (state, event, limits) => apply(state, event, { ...limits, maxDailyLoss: '0.0500000001' }),
    ],
    [
      'trades per day: fills are counted instead of orders',
      (state, event, limits) =>
        event.type === 'entry_filled'
          ? { ...state, entryOrderIds: [...state.entryOrderIds, event.orderId] }
          : apply(state, event, limits),
    ],
    ['drawdown: the latch ends with the day', spoiled('day_rolled', () => ({ drawdownTrippedAt: null }))],
    [
      'drawdown: the peak is not re-based on release',
      spoiled('released', (_, { peakEquity }) => ({ peakEquity })),
    ],
    [
      'trading state: the throttle is armed again by the day',
      spoiled('day_rolled', () => ({ executions: 0, throttleTrippedAt: null })),
    ],
    [
      'trading state: three breaches are enough',
      (state, event, limits) => apply(state, event, { ...limits, collarBreaches: 2 }),
    ],
    [
      'trading state: one pass without a difference is enough',
      (state, event, limits) => apply(state, event, { ...limits, reconciliationPasses: 1 }),
    ],
  ])('%s', (_, defective) => {
    expect(fc.check(agrees(defective), { numRuns: 10_000, seed: 7, endOnFailure: true }).failed).toBe(true)
  })
})
