import { insertInstrument, insertStrategy } from '@quantdeck/db'
import { describePostgres, sampleStrategy } from '@quantdeck/db/testing'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { submitOrder } from '../../src/desk/submit.ts'
import { draftOf, setLimits } from '../desk/acts.ts'
import { bookIn } from '../desk/facts.ts'
import { ACME } from '../desk/house.ts'
import { WIDE_LIMITS } from '../desk/model/pure-system.ts'
import { startTestApi, type TestApi } from '../harness.ts'
import { type CountingBroker, openCounting } from './counting-broker.ts'

const KILL = '/v1/controls/kill-switch'
/** A few in the suite; `pnpm test:soak kill-switch` sets the full count. */
const RACES = Number(process.env['KILL_SWITCH_RACES'] ?? '6')
const ORDERS = 8

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const about = (ms: number) => pause(Math.random() * ms)

describePostgres('orders that race with a kill switch, from two processes', () => {
  const apis: TestApi[] = []
  const brokers: CountingBroker[] = []
  let admin: string

  beforeAll(async () => {
    for (const _ of [0, 1]) {
      const [first] = apis
      const index = apis.length
      const opened = openCounting(() => apis[index], 15)
      const api = await startTestApi({
        engine: 'postgres',
        openBroker: () => opened,
        ...(first && { joins: first }),
      })
      apis.push(api)
      brokers.push(opened)
    }
    const { db } = at(0).deps
    await insertInstrument(db.kysely, ACME)
    for (const strategyId of ['ana_v1', 'other_v1'])
      await insertStrategy(db.kysely, sampleStrategy({ strategyId, universe: ['ACME'], config: {} }))
    await setLimits({ db }, WIDE_LIMITS)
    for (const { deps } of apis) deps.desk.invalidate()
    admin = await at(0).login('admin')
  }, 120_000)
  afterAll(async () => {
    for (const api of apis.toReversed()) await api.close()
  })

  const at = (index: number): TestApi => {
    const api = apis[index]
    if (!api) throw new Error('not started')
    return api
  }
  const kill = (index: number, body: object) =>
    at(index).call('POST', KILL, { token: admin, body: { reason: 'race', ...body } })

  async function order(index: number, strategyId: string): Promise<void> {
    await about(40)
    const draft = draftOf('BUY', 1, {
      strategyId,
      allowDuplicate: true,
      clientOrderId: `${strategyId}-${randomUUID()}`,
    })
    // On a busy machine one may wait too long for the books: it has not left then.
    await at(index)
      .deps.desk.run('PAPER', (ctx) => submitOrder(ctx, bookIn(ctx.books, strategyId), draft))
      .catch(() => {})
  }

  /** @returns orders that arrived before the acknowledgement, and after it */
  async function race(subject: { strategy_id?: string }): Promise<{ before: number; after: number }> {
    const isStopped = (id: string) => id.startsWith(subject.strategy_id ?? '')
    const arrived = () => brokers.flatMap((broker) => broker.arrived).filter(isStopped).length
    const start = arrived()
    const orders = Array.from({ length: ORDERS }, (_, n) => order(n % 2, n % 3 === 0 ? 'other_v1' : 'ana_v1'))
    await about(40)
    const stopped = await kill(Math.random() < 0.5 ? 0 : 1, { action: 'activate', ...subject })
    const then = arrived()
    expect(stopped.status).toBe(200)
    await Promise.all(orders)
    await Promise.all([order(0, 'ana_v1'), order(1, 'ana_v1')])
    const after = arrived() - then
    await expect
      .poll(async () => (await kill(0, { action: 'deactivate', ...subject })).status, {
        timeout: 60_000,
        interval: 250,
      })
      .toBe(200)
    return { before: then - start, after }
  }

  it(
    `none arrives after the acknowledgement: ${RACES} races`,
    async () => {
      const found = { before: 0, after: 0 }
      for (let n = 0; n < RACES; n += 1) {
        // Prices get old in real time.
        await at(0).deps.db
          .executeSql(`insert into marks (symbol, price, at, source) values ('ACME', 100, now(), 'test')
          on conflict (symbol) do update set at = now()`)
        const { before, after } = await race(n % 2 === 0 ? {} : { strategy_id: 'ana_v1' })
        found.before += before
        found.after += after
      }
      console.log(
        `${RACES} races: ${found.before} orders arrived before the acknowledgement, ${found.after} after it`,
      )
      expect(found.after).toBe(0)
      // Or nothing raced.
      expect(found.before).toBeGreaterThan(0)
    },
    RACES * 10_000 + 60_000,
  )
})
