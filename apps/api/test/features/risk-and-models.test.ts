import { insertAlerts, insertInferences, insertUser, upsertModelBaseline } from '@quantdeck/db'
import { sampleUser } from '@quantdeck/db/testing'
import { Decimal } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemActor } from '../../src/auth/actor.ts'
import { getModel, listModelHealth } from '../../src/features/models/operations.ts'
import { listRiskEvents } from '../../src/features/risk/operations-events.ts'
import { riskStatus, riskWhatIf } from '../../src/features/risk/operations.ts'
import { later, post } from '../desk/acts.ts'
import { ADMIN, type DeskHouse, openDeskHouse, strategy } from '../desk/house.ts'

let house: DeskHouse
const stranger = sampleUser({ role: 'viewer' })
const STRANGER = {
  ...systemActor('stranger'),
  kind: 'user' as const,
  role: 'viewer' as const,
  userId: stranger.userId,
}

beforeAll(async () => {
  house = await openDeskHouse()
  await insertUser(house.db.kysely, stranger)
})
afterAll(() => house.close())
beforeEach(() => house.reset(strategy()))

describe('one more trade', () => {
  const whatIf = (result: string, strategyId?: string) =>
    riskWhatIf(house.deps, ADMIN, { strategyId, result: new Decimal(result) })

  it('is judged from the status of this moment, and changes nothing', async () => {
    await later(house, 60, 'ACME', 100)
    await post(house, 'LONG', {})
    const status = await riskStatus(house.deps, ADMIN)
    const { before, after, consequences } = await whatIf('-0.02')
    expect({ ...before, at: null }).toEqual({ ...status, at: null })
    expect(after.tradesToday).toBe(before.tradesToday + 1)
    expect(after.consecutiveLosses).toBe(before.consecutiveLosses + 1)
    expect(after.currentDrawdown.lt(before.currentDrawdown)).toBe(true)
    expect(consequences).not.toContain('drawdown_tripped')
    expect({ ...(await riskStatus(house.deps, ADMIN)), at: null }).toEqual({ ...status, at: null })
  })

  it('that loses a fifth trips the switch, of the account as of a strategy', async () => {
    await later(house, 60, 'ACME', 100)
    for (const strategyId of [undefined, 'ana_v1']) {
      const { before, after, consequences } = await whatIf('-0.2', strategyId)
      expect(consequences).toEqual(expect.arrayContaining(['drawdown_tripped', 'daily_loss_blocked']))
      expect([before.killSwitchActive, after.killSwitchActive]).toEqual([false, true])
    }
  })

  it('of a strategy out of sight is not imagined', async () => {
    const asked = riskWhatIf(house.deps, STRANGER, { strategyId: 'ana_v1', result: new Decimal('-0.02') })
    await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('risk events', () => {
  const alert = (code: string, strategyId: string | null, minutesAgo: number) => ({
    alertId: randomUUID(),
    severity: 'WARNING' as const,
    code,
    message: code,
    context: {},
    strategyId,
    dedupeKey: null,
    acknowledged: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
    createdAt: new Date(house.deps.clock.now().getTime() - minutesAgo * 60_000),
  })

  it('are what stopped or moved trading, recent first, and for each only what they see', async () => {
    await insertAlerts(house.db.kysely, [
      alert('KILL_SWITCH_ACTIVATED', null, 30),
      alert('KILL_SWITCH_RELEASED', null, 20),
      alert('MODE_TRANSITION', 'ana_v1', 10),
      alert('FEED_STALE', null, 5),
    ])
    const codes = async (...args: Parameters<typeof listRiskEvents>) =>
      (await listRiskEvents(...args)).events.map(({ code }) => code)
    expect(await codes(house.deps, ADMIN, {})).toEqual([
      'MODE_TRANSITION',
      'KILL_SWITCH_RELEASED',
      'KILL_SWITCH_ACTIVATED',
    ])
    expect(await codes(house.deps, STRANGER, {})).toEqual(['KILL_SWITCH_RELEASED', 'KILL_SWITCH_ACTIVATED'])
    const since = new Date(house.deps.clock.now().getTime() - 15 * 60_000)
    expect(await codes(house.deps, ADMIN, { from: since })).toEqual(['MODE_TRANSITION'])
    expect(await codes(house.deps, ADMIN, { strategyId: 'ana_v1' })).toEqual(['MODE_TRANSITION'])
  })
})

describe('a model', () => {
  const action = (index: number) => Math.sin(index)
  const act = (count: number, of: (index: number) => number) =>
    insertInferences(
      house.db.kysely,
      Array.from({ length: count }, (_, index) => ({
        strategyId: 'ana_v1',
        action: of(index),
        inferredAt: new Date(house.deps.clock.now().getTime() - (count - index) * 1_000),
        receivedAt: house.deps.clock.now(),
      })),
    )

  it('has a drift that ends at its verdict, and both histograms', async () => {
    await upsertModelBaseline(house.db.kysely, {
      strategyId: 'ana_v1',
      actions: Array.from({ length: 600 }, (_, index) => action(index)),
      setAt: house.deps.clock.now(),
      setBy: 'ana',
      note: null,
    })
    await act(150, (index) => (index < 60 ? action(index * 3) : 0.9))
    const [report] = await listModelHealth(house.deps, ADMIN)
    const model = await getModel(house.deps, ADMIN, 'ana_v1')
    expect(model.drift.at(-1)?.kl).toBe(report?.health.kl)
    expect(model.drift.at(-1)?.kl).toBeGreaterThan(model.drift[0]?.kl ?? Infinity)
    expect(model.judgedActions).toBe(100)
    expect(model.bins).toHaveLength(20)
    expect(model.bins.reduce((sum, { current }) => sum + current, 0)).toBeCloseTo(1, 10)
    expect(model.baseline?.actions).toHaveLength(600)
  })

  it('that has said nothing yet has no drift, and one out of sight is not found', async () => {
    const model = await getModel(house.deps, ADMIN, 'ana_v1')
    expect([model.drift, model.judgedActions, model.baseline]).toEqual([[], 0, null])
    await expect(getModel(house.deps, STRANGER, 'ana_v1')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(getModel(house.deps, ADMIN, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
