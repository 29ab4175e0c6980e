import { describeEngines } from '@quantdeck/db/testing'
import { Decimal, VirtualClock } from '@quantdeck/domain'
import fc from 'fast-check'
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Desk } from '../../../src/desk/desk.ts'
import { submitOrder } from '../../../src/desk/submit.ts'
import { switchTo } from '../acts.ts'
import { bookIn } from '../facts.ts'
import { type DeskHouse, NOON, openDeskHouse } from '../house.ts'
import { BrokerScript } from './broker-script.ts'
import type { Ask } from './commands.ts'
import { emptyHouse } from './http-system.ts'
import { toDraft } from './pure-system.ts'
import { ScriptedBroker } from './scripted-broker.ts'

/** A few in the suite; `pnpm test:soak orders` sets the full count. */
const RUNS = Number(process.env['ORDER_INTERLEAVINGS'] ?? '8')
const SEED = Number(process.env['ORDER_MODEL_SEED'] ?? '20260107')

const ask = fc.record<Ask>({
  side: fc.constantFrom('BUY', 'SELL'),
  units: fc.integer({ min: 1, max: 20 }),
  orderType: fc.constantFrom('MARKET', 'LIMIT'),
  bracket: fc.constantFrom('none', 'both'),
})

interface Plan {
  asks: Ask[]
  killsOnTheWay: boolean
}
const plan = fc.record<Plan>({
  asks: fc.array(ask, { minLength: 1, maxLength: 4 }),
  killsOnTheWay: fc.boolean(),
})
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

describeEngines('orders, reports, questions and a kill switch, in any order', (engine) => {
  let house: DeskHouse
  beforeAll(async () => {
    house = await openDeskHouse(engine)
    await house.db.executeSql('update accounts set initial_capital = 100000000')
  })
  afterAll(() => house.close())

  interface Played {
    /** Handed over after the switch was acknowledged. */
    late: string[]
    broker: ScriptedBroker
    desk: Desk
  }

  /** Everything at once; the scheduler says what arrives when. */
  async function play(
    s: fc.Scheduler,
    { asks, killsOnTheWay }: Plan,
    waitsForSends: boolean,
  ): Promise<Played> {
    await emptyHouse(house.db)
    const clock = new VirtualClock(NOON)
    const broker = new ScriptedBroker(new BrokerScript(() => clock.now()))
    const desk = new Desk({
      ...{ db: house.db, clock, broker, log: pino({ level: 'silent' }), wakeSealer: () => {} },
      settings: { riskDayZone: 'America/Bogota', primarySymbol: 'ACME' },
    })
    const late: string[] = []
    let isAcknowledged = false
    const { promise: onTheWay, resolve: leave } = Promise.withResolvers<void>()
    const { promise: acknowledged, resolve: acknowledge } = Promise.withResolvers<void>()
    broker.travel = async (what) => {
      await s.schedule(Promise.resolve(), what)
      leave()
      // The first one is still on its way when the switch is thrown, if the switch does not wait for it.
      await Promise.race([acknowledged, pause(killsOnTheWay ? 30 : 0)])
      if (isAcknowledged && !what.startsWith('cancel')) late.push(what)
    }
    const soon = async (what: string, act: () => Promise<unknown>): Promise<void> => {
      await s.schedule(Promise.resolve(), what)
      await act()
    }
    const everyOrder = async (act: (id: string) => Promise<void>): Promise<void> => {
      for (const id of [...broker.script.orders.keys()]) await act(id)
    }
    const actors = [
      ...asks.map((one, index) =>
        soon(`order ${index}`, () =>
          desk.run('PAPER', (ctx) => submitOrder(ctx, bookIn(ctx.books), toDraft(bookIn(ctx.books), one))),
        ),
      ),
      ...[1, 2, 3].map((round) =>
        soon(`reports ${round}`, () =>
          everyOrder(async (id) => {
            const one = broker.script.orders.get(id)
            if (!one) return
            const { script } = broker
            await broker.tell(script.accept(one))
            await s.schedule(Promise.resolve(), `fill ${id}`)
            await broker.tell(script.fill(one, 1 + (one.quantity >> 1), 10_000))
            await broker.tell(script.answerCancel(one))
          }),
        ),
      ),
      soon('question', () => desk.resolveUnsettled()),
      soon('kill switch', async () => {
        if (killsOnTheWay) await Promise.race([onTheWay, pause(200)])
        await switchTo({ db: house.db, clock }, 'global', 'HALTED')
        if (waitsForSends) await desk.drainSends()
        isAcknowledged = true
        acknowledge()
      }),
    ]
    await s.waitFor(Promise.all(actors))
    broker.travel = async (what) => {
      if (!what.startsWith('cancel')) late.push(what)
    }
    return { late, broker, desk }
  }

  /** What must hold when everything has been told. */
  async function settled({ broker, desk }: Played): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      for (const one of [...broker.script.orders.values()]) {
        await broker.tell(one.log)
        await broker.tell(broker.script.answerCancel(one))
      }
      await desk.resolveUnsettled()
    }
    expect(broker.script.resent).toEqual([])
    const { rows } = await house.db.executeSql(
      `select client_order_id as id, status, filled_quantity::float8 as filled, quantity::float8 as quantity,
         (select coalesce(sum(quantity), 0)::float8 from fills f where f.order_id = o.order_id) as booked
       from orders o where status <> 'REJECTED'`,
    )
    for (const row of rows as {
      id: string
      status: string
      filled: number
      quantity: number
      booked: number
    }[]) {
      const one = broker.script.orders.get(row.id)
      expect([row.id, row.filled, row.booked]).toEqual([row.id, one?.filled ?? 0, one?.filled ?? 0])
      expect(row.status === 'FILLED').toBe(row.filled === row.quantity)
    }
    const [sums] = (
      await house.db.executeSql(
        `select (select coalesce(sum(quantity), 0)::float8 from positions where closed_at is null) as held,
           (select coalesce(sum(case side when 'BUY' then quantity else -quantity end), 0)::float8 from fills) as bought`,
      )
    ).rows as { held: number; bought: number }[]
    expect(new Decimal(sums?.held ?? 0).toNumber()).toBe(sums?.bought)
    await desk.close()
  }

  const property = (waitsForSends: boolean) =>
    fc.asyncProperty(fc.scheduler(), plan, async (s, one) => {
      const played = await play(s, one, waitsForSends)
      expect(played.late).toEqual([])
      await settled(played)
      expect(played.late).toEqual([])
    })

  it(
    `lose nothing, send nothing twice, and send nothing after an acknowledged stop: ${RUNS} interleavings`,
    async () => {
      const found = await fc.check(property(true), { numRuns: RUNS, seed: SEED })
      expect(found.failed, fc.defaultReportMessage(found)).toBe(false)
    },
    RUNS * 5_000 + 60_000,
  )

  it('find an activation that does not wait for what is on its way', async () => {
    const found = await fc.check(property(false), { numRuns: 50, seed: SEED, endOnFailure: true })
    expect(found.failed).toBe(true)
  }, 120_000)
})
