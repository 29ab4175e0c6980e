import { insertInferences, upsertModelBaseline } from '@quantdeck/db'
import { Decimal } from '@quantdeck/domain'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DeskWatch } from '../../src/desk/desk-watch.ts'
import { listModelHealth } from '../../src/features/models/operations.ts'
import { post, price } from './acts.ts'
import { alertCodes, rows } from './facts.ts'
import { ADMIN, type DeskHouse, openDeskHouse, strategy } from './house.ts'

let house: DeskHouse
let watch: DeskWatch
beforeAll(async () => {
  house = await openDeskHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.reset(strategy({ universe: ['ACME', 'SPX'] }))
  watch = watchOf()
})

/** What another process, or this one after a restart, would watch with. */
function watchOf(): DeskWatch {
  return new DeskWatch({ desk: house.another().desk, db: house.db, log: pino({ level: 'silent' }) })
}

describe('a silent feed', () => {
  it('is told once per outage, whoever watches and however often', async () => {
    await price(house, 'ACME', 100)
    house.clock.advanceBy(10 * 60_000)
    await watch.checkFeeds()
    expect(await alertCodes(house.db)).toEqual([])
    house.clock.advanceBy(1000)
    for (const one of [watch, watch, watchOf()]) await one.checkFeeds()
    expect(await alertCodes(house.db)).toEqual(['FEED_DOWN'])
    await price(house, 'ACME', 100)
    await watch.checkFeeds()
    house.clock.advanceBy(11 * 60_000)
    await watch.checkFeeds()
    expect(await alertCodes(house.db)).toEqual(['FEED_DOWN', 'FEED_DOWN'])
  })

  it('is silent in session time only: a daily bar of Friday is fresh on Monday', async () => {
    // Friday's close, then Monday before the close: less than one session.
    house.clock.advanceTo(new Date('2026-01-09T21:00:00Z'))
    await price(house, 'SPX', 5000)
    house.clock.advanceTo(new Date('2026-01-12T20:59:00Z'))
    await watch.checkFeeds()
    expect(await alertCodes(house.db)).toEqual([])
    house.clock.advanceTo(new Date('2026-01-14T15:00:00Z'))
    await watch.checkFeeds()
    expect(await alertCodes(house.db)).toEqual(['FEED_DOWN'])
  })

  it('of a symbol that nobody trades is no outage', async () => {
    await price(house, 'USD/COP', 4000)
    house.clock.advanceBy(24 * 3_600_000)
    await watch.checkFeeds()
    expect(await alertCodes(house.db)).toEqual([])
  })
})

describe('the health of a model', () => {
  async function infer(actions: readonly number[]): Promise<void> {
    const at = house.clock.now()
    await insertInferences(
      house.db.kysely,
      actions.map((action) => ({ strategyId: 'ana_v1', action, inferredAt: at, receivedAt: at })),
    )
  }

  const spread = (count: number) =>
    Array.from({ length: count }, (_, index) => Math.sin(index * 1.7) * Math.cos(index * 0.3))

  async function baseline(): Promise<void> {
    await upsertModelBaseline(house.db.kysely, {
      strategyId: 'ana_v1',
      actions: spread(600),
      setAt: house.clock.now(),
      setBy: 'test',
      note: null,
    })
  }

  const knownToRisk = () => house.desk.read('PAPER', (books) => books.modelHealth.get('ana_v1') ?? null)

  it('is null for risk while it is inconclusive, and follows new inferences', async () => {
    await infer(spread(100))
    const [before] = await listModelHealth(house.deps, ADMIN)
    expect([before?.health.status, await knownToRisk()]).toEqual(['warning', null])
    await baseline()
    await listModelHealth(house.deps, ADMIN)
    expect(await knownToRisk()).toBe('healthy')
    await infer(Array.from({ length: 100 }, () => 0.95))
    await listModelHealth(house.deps, ADMIN)
    expect(await knownToRisk()).toBe('critical')
  })

  it('once critical denies entries, and is told once', async () => {
    await baseline()
    await infer(Array.from({ length: 100 }, () => 0.95))
    const process = house.another()
    const own = new DeskWatch({ desk: process.desk, db: house.db, log: pino({ level: 'silent' }) })
    for (let round = 0; round < 3; round += 1) await own.checkModels()
    await watchOf().checkModels()
    expect(await alertCodes(house.db)).toEqual(['MODEL_CRITICAL'])
    await price(house, 'ACME', 100)
    const { signal } = await post(process, 'LONG', { stopLoss: new Decimal(98) })
    expect(signal.outcomeReasons.map(({ code }) => code)).toEqual(['MODEL_UNHEALTHY'])
    expect(await rows(house.db, `select 1 from orders where status <> 'REJECTED'`)).toEqual([])
  })
})
