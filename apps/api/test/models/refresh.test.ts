import { describeEngines, describePostgres } from '@quantdeck/db/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertLinearizable, COUNTS, follow, Gate, inTime, longer, type Product } from './machine.ts'
import { opened } from './opened.ts'
import { PureRefresh, REFRESH_DEFECTS, type RefreshJudge } from './refresh-pure.ts'
import {
  type RefreshAct,
  type RefreshIntent,
  refreshIntents,
  refreshRaces,
  refreshReference,
  type RefreshState,
  toAct,
} from './refresh-reference.ts'
import { gatedDoor, httpDoor, RefreshWorld } from './refresh-world.ts'

const { seed } = COUNTS

/** What the intents are as acts: whoever has a token has it from an answer, and the model says which those were. */
function actsOf(intents: readonly RefreshIntent[]): RefreshAct[] {
  let state = refreshReference.begin()
  return intents.map((intent) => {
    const { families } = state
    const act = toAct(intent, (family) => (families[family]?.tokens.length ?? 1) - 1)
    state = refreshReference.step(state, act).state
    return act
  })
}

const agrees = (open: () => Promise<Product<RefreshAct>>) =>
  fc.asyncProperty(refreshIntents, async (intents) => {
    await follow(refreshReference, await open(), actsOf(intents))
  })

describe('the machine of refresh families and an independent model of it', () => {
  const of = (judge?: RefreshJudge) => agrees(async () => new PureRefresh(judge))

  it(
    `agree on every answer, token and alert in ${COUNTS.pure} histories`,
    async () => {
      await fc.assert(of(), { numRuns: COUNTS.pure, seed })
    },
    longer(COUNTS.pure),
  )

  it.each(Object.entries(REFRESH_DEFECTS))('would show a product that %s', async (_, judge) => {
    const { failed } = await fc.check(of(judge), { numRuns: 10_000, seed, endOnFailure: true })
    expect(failed).toBe(true)
  })
})

describeEngines('refresh families over HTTP', (engine) => {
  const world = opened(() => RefreshWorld.open(engine, httpDoor))

  it(
    `agree with the model in ${COUNTS.http} histories`,
    async () => {
      await fc.assert(
        agrees(() => world().reset()),
        { numRuns: COUNTS.http, seed, endOnFailure: true },
      )
    },
    longer(COUNTS.http),
  )
})

/** Several holders of tokens at once, each statement in the order of the scheduler. */
function races(world: () => RefreshWorld, gate: Gate) {
  return fc.asyncProperty(fc.scheduler(), refreshRaces, (scheduler, { refreshed, late, race }) =>
    inTime(async () => {
      const product = await world().reset()
      const before: RefreshIntent[] = [
        { type: 'login' },
        ...Array.from({ length: refreshed }, () => ({ type: 'refresh' as const, family: 0, back: 0 })),
        { type: 'wait', ms: late ? 10_001 : 1 },
      ]
      const known: RefreshState = await follow(refreshReference, product, actsOf(before))
      const acts = race.map((intent) => toAct(intent, () => product.newestOf(0)))
      const calls = await gate.together(scheduler, product, acts)
      assertLinearizable(refreshReference, known, calls, await product.view())
    }),
  )
}

describeEngines('tokens that are presented at once', (engine) => {
  const gate = new Gate()
  const world = opened(() => RefreshWorld.open(engine, gatedDoor(gate)))

  it(
    `are as if one came after the other, in ${COUNTS.interleavings} interleavings`,
    async () => {
      const property = races(world, gate)
      await fc.assert(property, { numRuns: COUNTS.interleavings, seed, endOnFailure: true })
    },
    longer(COUNTS.interleavings),
  )
})

describePostgres('tokens without row locks', () => {
  const gate = new Gate()
  const world = opened(() => RefreshWorld.open('postgres', gatedDoor(gate, true)))

  it('would have two successors', async () => {
    const found = await fc.check(races(world, gate), { numRuns: 300, seed, endOnFailure: true })
    expect(found.failed).toBe(true)
  }, 300_000)
})
