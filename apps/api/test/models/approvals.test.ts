import { describeEngines, describePostgres } from '@quantdeck/db/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { APPROVAL_DEFECTS, type ApprovalMachine, PureApprovals } from './approvals-pure.ts'
import { type ApprovalAct, approvalActs, approvalRaces, approvalsReference } from './approvals-reference.ts'
import { ApprovalsWorld, gatedDoor, httpDoor } from './approvals-world.ts'
import { assertLinearizable, COUNTS, follow, Gate, inTime, longer } from './machine.ts'
import { opened } from './opened.ts'

const { seed } = COUNTS

describe('the machine of approvals and an independent model of it', () => {
  const agrees = (machine?: ApprovalMachine) =>
    fc.asyncProperty(approvalActs, async (acts) => {
      await follow(approvalsReference, new PureApprovals(machine), acts)
    })

  it(
    `agree on every answer, status and audit entry in ${COUNTS.pure} histories`,
    async () => {
      await fc.assert(agrees(), { numRuns: COUNTS.pure, seed })
    },
    longer(COUNTS.pure),
  )

  it.each(Object.entries(APPROVAL_DEFECTS))('would show a product that %s', async (_, machine) => {
    const { failed } = await fc.check(agrees(machine), { numRuns: 10_000, seed, endOnFailure: true })
    expect(failed).toBe(true)
  })
})

describeEngines('approvals over HTTP', (engine) => {
  const world = opened(() => ApprovalsWorld.open(engine, httpDoor))

  it(
    `agree with the model in ${COUNTS.http} histories`,
    async () => {
      const agrees = fc.asyncProperty(approvalActs, async (acts) => {
        await follow(approvalsReference, await world().reset(), acts)
      })
      await fc.assert(agrees, { numRuns: COUNTS.http, seed, endOnFailure: true })
    },
    longer(COUNTS.http),
  )
})

/** Several people at once, each statement in the order of the scheduler. */
function races(world: () => ApprovalsWorld, gate: Gate) {
  return fc.asyncProperty(fc.scheduler(), approvalRaces, (scheduler, { before, race, after }) =>
    inTime(async () => {
      const product = await world().reset()
      const known = await follow(approvalsReference, product, before)
      // Whoever has no code can only guess: what is approved meanwhile is told to nobody yet.
      const acts = race.map((act): ApprovalAct =>
        act.type === 'use' && !product.hasCode(act.which) ? { type: 'guess' } : act,
      )
      const calls = await gate.together(scheduler, product, acts)
      // What comes later tells whether a code that was answered works.
      let moment = calls.length * 2
      for (const act of after) {
        const from = (moment += 1)
        calls.push({ act, answer: await product.act(act), from, to: (moment += 1) })
      }
      assertLinearizable(approvalsReference, known, calls, await product.view())
    }),
  )
}

describeEngines('approvals that are decided and used at once', (engine) => {
  const gate = new Gate()
  const world = opened(() => ApprovalsWorld.open(engine, gatedDoor(gate)))

  it(
    `are as if one came after the other, in ${COUNTS.interleavings} interleavings`,
    async () => {
      const property = races(world, gate)
      await fc.assert(property, { numRuns: COUNTS.interleavings, seed, endOnFailure: true })
    },
    longer(COUNTS.interleavings),
  )
})

describePostgres('approvals without row locks', () => {
  const gate = new Gate()
  const world = opened(() => ApprovalsWorld.open('postgres', gatedDoor(gate, true)))

  it('would be approved twice, or used after they were revoked', async () => {
    const found = await fc.check(races(world, gate), { numRuns: 300, seed, endOnFailure: true })
    expect(found.failed).toBe(true)
  }, 300_000)
})
