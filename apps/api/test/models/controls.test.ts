import { describeEngines } from '@quantdeck/db/testing'
import type { LimitOverrides } from '@quantdeck/risk'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { commands, ControlsModel } from './controls-commands.ts'
import { ControlsWorld } from './controls-world.ts'

// oxlint-disable-next-line eslint/no-restricted-properties -- the long form is chosen by the environment
const { RISK_HTTP_RUNS = '8', RISK_MODEL_SEED = String(Math.floor(Math.random() * 2 ** 31)) } = process.env
const RUNS = Number(RISK_HTTP_RUNS)
const MINUTES = 60_000

describeEngines('daily limits, cooldown, drawdown and kill switch over HTTP', (engine) => {
  let world: ControlsWorld
  beforeAll(async () => {
    world = await ControlsWorld.open(engine)
  })
  afterAll(() => world?.close())

  const agrees = (limits: LimitOverrides = {}) =>
    fc.asyncProperty(commands, async (steps) => {
      await world.reset(limits)
      await fc.asyncModelRun(() => ({ model: new ControlsModel(), real: world }), steps)
      await world.assertReplays()
    })

  it(
    `agree with the model in ${RUNS} random histories, and a restart replays to the identical state`,
    async () => {
      await fc.assert(agrees(), { numRuns: RUNS, seed: Number(RISK_MODEL_SEED), endOnFailure: true })
    },
    RUNS * MINUTES,
  )

  // Minutes, since it may need many histories: in the long form only. The pure machines have twelve such defects.
  it.skipIf(RUNS < 100).each<[string, LimitOverrides]>([
    ['a cooldown of 31 minutes', { cooldownMinutes: 31 }],
    ['a fourth trade a day', { maxTradesPerDay: 4 }],
  ])(
    'would show %s',
    async (_, limits) => {
      const { failed } = await fc.check(agrees(limits), { numRuns: 60, seed: 1, endOnFailure: true })
      expect(failed).toBe(true)
    },
    10 * MINUTES,
  )
})
