import { isDeepStrictEqual } from 'node:util'
import { evaluate, RISK_CODES } from '@quantdeck/risk'
import { describe, expect, it } from 'vitest'
import { evaluateWithDecimals } from './decimal-engine.ts'
import { randomDecisions } from './random-decisions.ts'

// oxlint-disable-next-line eslint/no-restricted-properties -- the long form is chosen by the environment
const COUNT = Number(process.env.RISK_DECISIONS ?? 3_000)

describe('the risk engine on exact integers and its twin on decimal.js', () => {
  const decisions = randomDecisions(20_260_107, COUNT)

  it('give the same verdict, row by row, on random orders, books, states and limits', () => {
    for (const { request, states, limits } of decisions) {
      const [exact, decimal] = [evaluate, evaluateWithDecimals].map((engine) =>
        engine(request, states, limits),
      )
      if (!isDeepStrictEqual(exact, decimal)) expect(exact).toEqual(decimal)
    }
    expect(decisions).toHaveLength(COUNT)
  })

  it('were asked about every code, with orders that pass and orders that are refused', () => {
    const verdicts = decisions.map(({ request, states, limits }) => evaluate(request, states, limits))
    const refusedFor = new Set(verdicts.flatMap(({ violations }) => violations.map(({ code }) => code)))
    expect(RISK_CODES.filter((code) => !refusedFor.has(code))).toEqual([])
    expect(verdicts.some(({ allowed }) => allowed)).toBe(true)
    expect(verdicts.some(({ reducing }) => reducing)).toBe(true)
  })
})
