import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyFill } from '../../src/index.ts'
import { MUTANTS } from './mutants.ts'
import { PROPERTIES, type PropertyName } from './properties.ts'

/** Cases of each property: `pnpm test:soak books` asks for 10,000. */
const RUNS = Number(process.env['BOOKS_RUNS'] ?? 500)
/** Another one each time in the suite; a failure names it. */
const SEED = Number(process.env['BOOKS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const TIMEOUT_MS = Math.max(30_000, RUNS * 60)
const NAMES = Object.keys(PROPERTIES) as PropertyName[]

describe(`the books, for any sequence of fills (${RUNS} each)`, () => {
  it.each(NAMES)('%s', { timeout: TIMEOUT_MS }, (name) => {
    fc.assert(PROPERTIES[name](applyFill), { numRuns: RUNS, seed: SEED })
  })
})

/** Bugs seeded into a copy: a suite that finds none of them would prove nothing. */
describe('the properties find the bug in which', () => {
  it.each(MUTANTS)('$name', { timeout: TIMEOUT_MS }, ({ apply, foundBy }) => {
    const { failed, numRuns } = fc.check(PROPERTIES[foundBy](apply), { numRuns: 500, endOnFailure: true })
    expect(failed, `${foundBy}: not noticed in ${numRuns} cases`).toBe(true)
  })
})
