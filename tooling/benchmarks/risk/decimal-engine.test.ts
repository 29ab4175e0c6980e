import { isDeepStrictEqual } from 'node:util'
import { evaluate, RISK_CODES } from '@quantdeck/risk'
import { describe, expect, it } from 'vitest'
import { evaluateWithDecimals } from './decimal-engine.ts'
import { randomDecisions } from './random-decisions.ts'

// oxlint-disable-next-line eslint/no-restricted-properties -- the long form is chosen by the environment
const { RISK_DECISIONS = '3000', RISK_DECISIONS_SEED = '20260107' } = process.env
const [COUNT, SEED] = [Number(RISK_DECISIONS), Number(RISK_DECISIONS_SEED)]
const TIMEOUT_MS = 30_000 + COUNT * 3

describe('the risk engine on exact integers and its twin on decimal.js', () => {
  const decisions = randomDecisions(SEED, COUNT)

  it(
    'give the same verdict, row by row, on random orders, books, states and limits',
    { timeout: TIMEOUT_MS },
    () => {
      for (const { request, states, limits } of decisions) {
        const [exact, decimal] = [evaluate, evaluateWithDecimals].map((engine) =>
          engine(request, states, limits),
        )
        if (!isDeepStrictEqual(exact, decimal)) expect(exact).toEqual(decimal)
      }
      expect(decisions).toHaveLength(COUNT)
    },
  )

  it(
    'were asked about every code, with orders that pass and orders that are refused',
    { timeout: TIMEOUT_MS },
    () => {
      const verdicts = decisions.map(({ request, states, limits }) => evaluate(request, states, limits))
      const refusedFor = new Set(verdicts.flatMap(({ violations }) => violations.map(({ code }) => code)))
      expect(RISK_CODES.filter((code) => !refusedFor.has(code))).toEqual([])
      expect(verdicts.some(({ allowed }) => allowed)).toBe(true)
      expect(verdicts.some(({ reducing }) => reducing)).toBe(true)
    },
  )
})
