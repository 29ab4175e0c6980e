import { insertInstrument, insertStrategy, listAlerts, listAudit, listOrders } from '@quantdeck/db'
import { describeEngines, sampleInstrument, sampleStrategy } from '@quantdeck/db/testing'
import { Decimal, type Order, VirtualClock } from '@quantdeck/domain'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { onQuote } from '../src/desk/quote-flow.ts'
import { releaseWaitingOrders } from '../src/desk/submit.ts'
import { setLimits } from './desk/acts.ts'
import { WIDE_LIMITS } from './desk/model/pure-system.ts'
import { type Answer, startTestApi, type TestApi } from './harness.ts'

const KILL = '/v1/controls/kill-switch'
const FLATTEN = `${KILL}/flatten`

interface Item {
  symbol: string
  status: string
  quantity: string
  remaining: string
  order_id: string
  order_status: string
  reason: string | null
}

interface Flatten {
  flatten_id: string
  status: string
  total: number
  closed: number
  failed: number
  positions: Item[]
}

interface Bench {
  api: TestApi
  clock: VirtualClock
  admin: string
}

/** A Wednesday at 11:30 in New York. */
async function startBench(engine: 'pglite' | 'postgres'): Promise<Bench> {
  const clock = new VirtualClock(new Date('2026-01-07T16:30:00Z'))
  const api = await startTestApi({ engine, clock })
  const { db } = api.deps
  await insertInstrument(db.kysely, sampleInstrument({ symbol: 'ACME', calendar: '24/7' }))
  await insertInstrument(db.kysely, sampleInstrument({ symbol: 'SPX', calendar: 'NYSE' }))
  const common = { universe: ['ACME', 'SPX'], config: {}, allocatedCapital: new Decimal(30_000) }
  for (const strategyId of ['ana_v1', 'other_v1'])
    await insertStrategy(db.kysely, sampleStrategy({ ...common, strategyId }))
  await setLimits({ db }, WIDE_LIMITS)
  api.deps.desk.invalidate()
  return { api, clock, admin: await api.login('admin') }
}

const data = (answer: Answer) => (answer.body as { data: Flatten }).data

describeEngines('a flatten', (engine) => {
  let bench: Bench
  beforeEach(async () => {
    bench = await startBench(engine)
    for (const symbol of ['ACME', 'SPX']) await price(symbol)
  })
  afterEach(() => bench?.api.close())

  const post = (path: string, body: unknown, token = bench.admin, headers = {}) =>
    bench.api.call('POST', path, { token, body, headers })
  const order = (strategy_id: string, side: string, over: object = {}) =>
    post('/v1/orders', { strategy_id, symbol: 'ACME', side, quantity: '10', order_type: 'MARKET', ...over })
  const halt = (over: object = {}) => post(KILL, { action: 'activate', reason: 'storm', ...over })
  const flatten = (over: object = {}, token?: string, headers?: object) =>
    post(FLATTEN, { confirm: 'global', reason: 'out', ...over }, token, headers)

  async function price(symbol: string): Promise<void> {
    const { desk } = bench.api.deps
    const quote = { symbol, price: new Decimal(100), at: bench.clock.now() }
    desk.quoteBroker(quote)
    await desk.run('PAPER', (ctx) => {
      onQuote(ctx, quote)
      releaseWaitingOrders(ctx, symbol)
    })
  }

  async function later(instant: string): Promise<void> {
    bench.clock.advanceTo(new Date(instant))
    bench.admin = await bench.api.login('admin')
  }

  /** `ana_v1 ACME 10` for each open position, in the order of their names. */
  const held = () =>
    bench.api.deps.desk.read('PAPER', ({ strategies }) =>
      [...strategies.values()]
        .flatMap(({ open }) => [...open.values()])
        .map(({ strategyId, symbol, quantity }) => `${strategyId} ${symbol} ${quantity.toFixed()}`)
        .sort(),
    )

  async function hold(...expected: string[]): Promise<void> {
    await vi.waitFor(async () => expect(await held()).toEqual(expected), 5000)
  }

  async function open(): Promise<void> {
    expect((await order('ana_v1', 'BUY', { stop_loss: '90' })).status).toBe(201)
    expect((await order('other_v1', 'SELL')).status).toBe(201)
    await hold('ana_v1 ACME 10', 'other_v1 ACME -10')
  }

  const progress = async (id: string) =>
    data(await bench.api.call('GET', `${FLATTEN}/${id}`, { token: bench.admin }))

  async function ended(id: string, status = 'COMPLETED'): Promise<Flatten> {
    return vi.waitFor(async () => {
      const now = await progress(id)
      expect(now).toMatchObject({ status })
      return now
    }, 5000)
  }

  async function closingOrders(): Promise<Order[]> {
    const page = { limit: 100, offset: 0 }
    const { orders } = await listOrders(bench.api.deps.db.kysely, { visible: 'all' }, page)
    return orders.filter(({ origin }) => origin === 'kill_flatten')
  }

  it('closes longs and shorts while trading is halted, and everything else stays refused', async () => {
    await open()
    await halt()
    const started = await flatten()
    expect(started.status).toBe(202)
    expect(data(started)).toMatchObject({
      total: 2,
      failed: 0,
      scope: 'global',
      started_by: expect.any(String),
    })
    const refused = await order('ana_v1', 'BUY')
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('TRADING_HALTED')
    const done = await ended(data(started).flatten_id)
    expect(done).toMatchObject({ total: 2, closed: 2, working: 0, failed: 0 })
    expect(
      done.positions.map(({ quantity, remaining, order_status, reason }) => [
        ...[quantity, remaining, order_status, reason],
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['10.00', '0.00', 'FILLED', null],
        ['-10.00', '0.00', 'FILLED', null],
      ]),
    )
    await hold()
    const orders = await closingOrders()
    expect(
      orders.map(({ side, orderType, reduceOnly }) => `${side} ${orderType} ${reduceOnly}`).sort(),
    ).toEqual(['BUY MARKET true', 'SELL MARKET true'])
  })

  it('has one audit row with its orders and one alert, and asks to be confirmed for nothing else', async () => {
    await open()
    await halt()
    const { flatten_id: id, positions } = data(await flatten())
    const { kysely } = bench.api.deps.db
    const page = { limit: 10, offset: 0 }
    const { entries } = await listAudit(kysely, { action: 'kill_switch.flatten' }, page)
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({ entityId: 'global', reason: 'out', role: 'admin' })
    const after = entries[0]?.after as { flatten_id: string; positions: { order_id: string }[] }
    expect(after.flatten_id).toBe(id)
    expect(after.positions.map(({ order_id }) => order_id)).toEqual(positions.map(({ order_id }) => order_id))
    const { alerts } = await listAlerts(kysely, { visible: 'all', severity: 'CRITICAL' }, page)
    expect(alerts.filter(({ code }) => code === 'KILL_SWITCH_FLATTEN')).toHaveLength(1)
  })

  it('closes nothing twice, however often and however quickly it is asked', async () => {
    await open()
    await halt()
    const headers = { 'idempotency-key': 'flatten-1' }
    const answers = await Promise.all([flatten(), flatten(), flatten({}, undefined, headers)])
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    expect(answers.map((answer) => data(answer).total)).toContain(2)
    const again = await flatten({}, undefined, headers)
    expect(data(again).flatten_id).toBe(data(answers[2]).flatten_id)
    for (const answer of answers) await ended(data(answer).flatten_id)
    expect(await closingOrders()).toHaveLength(2)
    expect(await held()).toEqual([])
    expect(data(await flatten())).toMatchObject({ status: 'COMPLETED', total: 0 })
  })

  it('of one strategy leaves the others alone', async () => {
    await open()
    await halt({ strategy_id: 'other_v1' })
    expect((await flatten()).status).toBe(409)
    const started = await flatten({ strategy_id: 'other_v1', confirm: 'other_v1' })
    expect(data(started)).toMatchObject({ scope: 'strategy:other_v1', total: 1 })
    await ended(data(started).flatten_id)
    expect(await held()).toEqual(['ana_v1 ACME 10'])
  })

  it('takes resting exits out of the way first, so that all of a position is closed', async () => {
    await open()
    const exit = { order_type: 'LIMIT', limit_price: '101', quantity: '6', reduce_only: true }
    expect((await order('ana_v1', 'SELL', exit)).status).toBe(201)
    await halt({ on_activate: 'none' })
    const started = await flatten()
    const done = await ended(data(started).flatten_id)
    expect(done.positions.map(({ remaining }) => remaining)).toEqual(['0.00', '0.00'])
    expect((await closingOrders()).map(({ quantity }) => quantity.toFixed())).toEqual(['10', '10'])
  })

  it('waits for the open where the market is closed, and says so', async () => {
    expect((await order('ana_v1', 'BUY', { symbol: 'SPX' })).status).toBe(201)
    await hold('ana_v1 SPX 10')
    await later('2026-01-07T23:00:00Z')
    await halt()
    const { flatten_id: id, positions } = data(await flatten())
    expect(positions).toMatchObject([
      { symbol: 'SPX', status: 'WORKING', order_status: 'PENDING', remaining: '10.00' },
    ])
    expect(positions[0]?.reason).toContain('market is closed')
    expect(data(await flatten())).toMatchObject({ flatten_id: id, total: 1 })
    await later('2026-01-08T14:31:00Z')
    await vi.waitFor(async () => {
      await price('SPX')
      expect(await held()).toEqual([])
    }, 5000)
    await ended(id)
    expect(await closingOrders()).toHaveLength(1)
  })

  it('reports the position whose order was refused, and tries it again when it is asked again', async () => {
    await open()
    await halt()
    // Larger than the largest order that is allowed: not even an exit may be.
    await setLimits(bench.api.deps, { ...WIDE_LIMITS, maxOrderQuantity: '1' })
    const first = data(await flatten())
    expect(first).toMatchObject({ status: 'INCOMPLETE', total: 2, closed: 0, failed: 2 })
    for (const { reason, order_status } of first.positions) {
      expect(order_status).toBe('REJECTED')
      expect(reason).not.toBeNull()
    }
    await setLimits(bench.api.deps, WIDE_LIMITS)
    await ended(data(await flatten()).flatten_id)
    expect(await progress(first.flatten_id)).toMatchObject({ status: 'COMPLETED', closed: 2, failed: 0 })
  })

  it('is refused unless the scope is halted, its name is typed, and the right person asks', async () => {
    await open()
    expect((await flatten()).status).toBe(409)
    await halt({ level: 'reduce' })
    expect((await flatten()).status).toBe(409)
    await halt()
    const wrong = await flatten({ confirm: 'everything' })
    expect(wrong.status).toBe(400)
    expect(wrong.text).toContain('Type global to confirm')
    for (const role of ['viewer', 'trader'] as const)
      expect((await flatten({}, await bench.api.login(role))).status).toBe(403)
    expect((await flatten({ strategy_id: 'nobody', confirm: 'nobody' })).status).toBe(404)
    expect(await closingOrders()).toEqual([])
    const risk = await bench.api.login('risk')
    expect((await flatten({}, risk)).status).toBe(202)
    const unknown = await bench.api.call('GET', `${FLATTEN}/none`, { token: risk })
    expect(unknown.status).toBe(404)
  })
})
