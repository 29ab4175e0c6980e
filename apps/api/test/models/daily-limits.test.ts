import { describeEngines, describePostgres } from '@quantdeck/db/testing'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { limitsReference, LimitsWorld, races } from './daily-limits.ts'
import { assertLinearizable, Gate } from './machine.ts'

// oxlint-disable-next-line eslint/no-restricted-properties -- the long form is chosen by the environment
const { RISK_INTERLEAVINGS: RUNS = '10', RISK_MODEL_SEED: SEED = '20260107' } = process.env
const seed = Number(SEED)

/** Two processes take orders, a loss, a price and a stop at once: it must be as if one had come after the other. */
function agrees(world: () => LimitsWorld, gate: Gate, countsWorking = true) {
  return fc.asyncProperty(fc.scheduler(), races, async (scheduler, { morning, acts }) => {
    const before = await world().begin(morning)
    const calls = await gate.together(scheduler, world(), acts)
    const ends = []
    for (const { act, answer, from, to } of calls) {
      if (act.type !== 'order' || (answer as string[]).length > 0) continue
      ends.push({ act: await world().end(act), answer: null, from, to })
    }
    assertLinearizable(
      limitsReference(before, countsWorking),
      before,
      [...calls, ...ends],
      await world().view(),
    )
  })
}

describeEngines('daily limits and the cooldown while orders race', (engine) => {
  const gate = new Gate()
  let world: LimitsWorld
  beforeAll(async () => {
    world = await LimitsWorld.open(engine, gate)
  })
  afterAll(() => world?.close())

  it(
    `are as if one came after the other, in ${RUNS} interleavings of two processes`,
    async () => {
      const property = agrees(() => world, gate)
      await fc.assert(property, { numRuns: Number(RUNS), seed, endOnFailure: true })
    },
    Number(RUNS) * 5_000 + 60_000,
  )

  // A defect of the reference: one engine is enough to see it.
  it.skipIf(engine !== 'pglite')(
    'would show a product that forgets entries on their way',
    async () => {
      const property = agrees(() => world, gate, false)
      const found = await fc.check(property, { numRuns: 200, seed, endOnFailure: true })
      expect(found.failed).toBe(true)
    },
    120_000,
  )
})

describePostgres('daily limits without row locks', () => {
  const gate = new Gate()
  let world: LimitsWorld
  beforeAll(async () => {
    world = await LimitsWorld.open('postgres', gate, true)
  })
  afterAll(() => world?.close())

  it('would count a trade less than there were', async () => {
    const property = agrees(() => world, gate)
    const found = await fc.check(property, { numRuns: 300, seed, endOnFailure: true })
    expect(found.failed).toBe(true)
  }, 300_000)
})
