import { describeEngines } from '@quantdeck/db/testing'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { follow } from '../models/machine.ts'
import { opened } from '../models/opened.ts'
import { killActs, killReference } from './http-reference.ts'
import { type Defect, KillWorld } from './http-world.ts'

/** A few in the suite; `pnpm test:soak kill-switch` sets the full count. */
const RUNS = Number(process.env['KILL_SWITCH_HTTP_RUNS'] ?? '3')
const SEED = Number(process.env['KILL_SWITCH_SEED'] ?? '20260107')
const A_RUN_MS = 30_000

describeEngines('the kill switch over HTTP', (engine) => {
  const world = opened(() => KillWorld.open(engine))

  const agrees = (defect: Defect = 'none') =>
    fc.asyncProperty(killActs, async (acts) => {
      await follow(killReference, await world().reset(defect), acts)
    })

  it(
    `agrees with the model in ${RUNS} histories of stops, releases, approvals, orders and restarts`,
    async () => {
      await fc.assert(agrees(), { numRuns: RUNS, seed: SEED, endOnFailure: true })
    },
    RUNS * A_RUN_MS + 60_000,
  )

  // The first needs some twenty histories: in the long form only.
  const defects: Defect[] = ['lets a release of real money pass']
  it.each(RUNS < 100 ? defects : [...defects, 'counts from the last activation' as const])(
    'would show one that %s',
    async (defect) => {
      const found = await fc.check(agrees(defect), { numRuns: 100, seed: 7, endOnFailure: true })
      expect(found.failed).toBe(true)
    },
    100 * A_RUN_MS,
  )
})
