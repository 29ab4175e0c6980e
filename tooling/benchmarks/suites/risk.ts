import { evaluate, type RiskRequest, type RiskStates, type ScopedLimits, type Verdict } from '@quantdeck/risk'
import { timeHere } from '../measure.ts'
import { evaluateWithDecimals } from '../risk/decimal-engine.ts'
import { type Decision, randomDecisions } from '../risk/random-decisions.ts'
import type { Contender, Suite } from '../suite.ts'

type Engine = (request: RiskRequest, states: RiskStates, limits: ScopedLimits) => Verdict

/** Orders that are judged by every rule: a reducing one is excused from most. */
function entries(count: number): Decision[] {
  return randomDecisions(11, count * 2)
    .filter(({ request, states, limits }) => !evaluate(request, states, limits).reducing)
    .slice(0, count)
}

/** So many passes over the decisions a round. Each verdict is looked at, so that none can be left out. */
function contender(name: string, engine: Engine, decisions: readonly Decision[], passes: number): Contender {
  return {
    name,
    run: () =>
      timeHere(decisions.length * passes, () => {
        let rows = 0
        for (let pass = 0; pass < passes; pass += 1)
          for (const { request, states, limits } of decisions) {
            const { checks, violations } = engine(request, states, limits)
            for (const { message } of checks) rows += message.length
            rows += violations.length
          }
        if (rows === 0) throw new Error('no verdicts')
      }),
  }
}

export const suite: Suite = {
  title: 'one risk decision: 26 rules from decimal strings to the full verdict',
  open: () => {
    const decisions = entries(2_000)
    return {
      comparisons: [
        {
          goal: 'P11',
          title: 'risk decision on exact integers against the same rules on decimal.js',
          figure: 'cpu',
          baseline: contender('decimal.js, precision 60', evaluateWithDecimals, decisions, 2),
          candidates: [{ ...contender('packages/risk', evaluate, decisions, 16), bound: { atLeast: 6 } }],
        },
      ],
      notes: [
        'Both give the same rows: limit, observed value, unit and sentence of every rule (asserted in npm test).',
      ],
    }
  },
}
