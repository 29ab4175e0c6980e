import { apply } from '../src/apply.ts'
import { evaluate } from '../src/evaluate.ts'
import type { RiskEvent } from '../src/events.ts'
import type { LimitOverrides } from '../src/limits.ts'
import type { RiskStates } from '../src/request.ts'
import type { Verdict } from '../src/verdict.ts'
import { type Overrides, freshStates, limitsOf, requestOf } from './fixtures.ts'

/** Limits and states other than the usual ones. */
export interface Case {
  strategy?: LimitOverrides
  global?: LimitOverrides
  states?: RiskStates
}

export const judge = (overrides: Overrides = {}, { strategy, global, states }: Case = {}): Verdict =>
  evaluate(requestOf(overrides), states ?? freshStates(), limitsOf(strategy, global))
/** Codes of the violations, in order. */
export const codes = (overrides: Overrides = {}, extra: Case = {}): string[] =>
  judge(overrides, extra).violations.map((violation) => violation.code)
/** A position of 4, and an order that sells 2 of them. */
export const reducing = (order: Overrides['order'] = {}): Overrides => ({
  order: { side: 'SELL', ...order },
  books: { positionQuantity: '4' },
})
/** The strategy's state after some events. */
export const withEvents = (...events: RiskEvent[]): RiskStates => {
  const { strategy, account } = freshStates()
  return {
    strategy: events.reduce((state, event) => apply(state, event, limitsOf().strategy), strategy),
    account,
  }
}
