import { Decimal, type Order, type OrderStatus, type TradingMode } from '@quantdeck/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createTestDatabase,
  describeEngines,
  SAMPLE_AT,
  sampleOrder,
  sampleStrategy,
  type TestDatabase,
} from '../testing/index.ts'
import { transaction } from '../transaction.ts'
import { listOrders, type OrderFilter } from './order-list.ts'
import { insertOrders, updateOrders } from './orders.ts'
import type { PageSeen } from './page.ts'
import { insertStrategy } from './strategies.ts'

const STRATEGIES = ['a_v1', 'b_v1', 'c_v1']
const MODES: TradingMode[] = ['PAPER', 'LIVE']
const STATUSES: OrderStatus[] = ['PENDING', 'SUBMITTED', 'FILLED', 'CANCELLED', 'REJECTED']
const at = (second: number) => new Date(SAMPLE_AT.getTime() + second * 1_000)

/** As the status wants the rest of the row. */
function inStatus(status: OrderStatus) {
  const isFilled = status === 'FILLED'
  return {
    status,
    filledQuantity: new Decimal(isFilled ? 50 : 0),
    averageFillPrice: isFilled ? new Decimal(380) : null,
    rejectedBy: status === 'REJECTED' ? ('risk' as const) : null,
  }
}

describeEngines('the list of orders', (engine) => {
  let test: TestDatabase
  const known: Order[] = []

  beforeAll(async () => {
    test = await createTestDatabase(engine)
    for (const strategyId of STRATEGIES) await insertStrategy(test.db.kysely, sampleStrategy({ strategyId }))
  })
  afterAll(() => test?.close())

  async function submit(count: number): Promise<void> {
    const orders = Array.from({ length: count }, (_, n) =>
      sampleOrder({
        ...inStatus(STATUSES[(n * 7) % 5] ?? 'PENDING'),
        strategyId: STRATEGIES[(n * n) % 3] ?? 'a_v1',
        mode: MODES[n % 4 === 0 ? 1 : 0] ?? 'PAPER',
        // Several in one instant, and not in the order in which they are numbered.
        submittedAt: at((n * 13) % 17),
      }),
    )
    const seqs = await insertOrders(test.db.kysely, orders)
    known.push(...orders.map((order, n) => ({ ...order, seq: seqs[n] ?? 0 })))
  }

  /** What the database should say, from the orders themselves. */
  function matching({ visible, strategyId, mode, status }: OrderFilter): Order[] {
    return known
      .filter((order) => visible === 'all' || visible.includes(order.strategyId))
      .filter((order) => strategyId === undefined || order.strategyId === strategyId)
      .filter((order) => mode === undefined || order.mode === mode)
      .filter((order) => status === undefined || order.status === status)
      .sort((a, b) => b.submittedAt.getTime() - a.submittedAt.getTime() || b.seq - a.seq)
  }

  const filters: OrderFilter[] = (['all', ['a_v1', 'c_v1'], []] as const).flatMap((visible) =>
    [undefined, 'b_v1', 'unknown'].flatMap((strategyId) =>
      [undefined, ...MODES].flatMap((mode) =>
        [undefined, 'PENDING' as const, 'FILLED' as const].map((status) => ({
          ...{ visible, strategyId, mode, status },
        })),
      ),
    ),
  )

  async function expectEveryFilter(): Promise<void> {
    for (const filter of filters) {
      const expected = matching(filter)
      const { orders, totalCount } = await listOrders(test.db.kysely, filter, { limit: 4, offset: 3 })
      expect([totalCount, orders.map(({ seq }) => seq)], JSON.stringify(filter)).toEqual([
        expected.length,
        expected.slice(3, 7).map(({ seq }) => seq),
      ])
    }
  }

  it('counts and orders what matches, whatever the filter', async () => {
    await submit(120)
    await expectEveryFilter()
  })

  it('counts orders as what they have become, changed by whomever', async () => {
    const changed = known
      .filter((_, n) => n % 3 === 0)
      .map((order, n) => Object.assign(order, inStatus(STATUSES[n % 5] ?? 'FILLED')))
    await updateOrders(test.db.kysely, changed)
    await expectEveryFilter()
    await test.db.executeSql(`delete from orders where strategy_id = 'c_v1'`)
    known.splice(0, known.length, ...known.filter(({ strategyId }) => strategyId !== 'c_v1'))
    await expectEveryFilter()
    await test.db.executeSql('truncate orders cascade')
    known.length = 0
    await expectEveryFilter()
  })

  it('does not count what was undone', async () => {
    await submit(30)
    const undone = transaction(test.db, async (trx) => {
      await insertOrders(trx, [sampleOrder({ strategyId: 'a_v1' })])
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await expectEveryFilter()
  })

  it('goes on behind the last row of a page, as the list was when its first page was read', async () => {
    for (const filter of filters.filter(({ visible }) => visible.length !== 0)) {
      const expected = matching(filter)
      let seen: PageSeen | null = null
      const first = await listOrders(test.db.kysely, filter, {
        limit: 2,
        offset: 0,
        onSeen: (s) => (seen = s),
      })
      expect(first.totalCount).toBe(expected.length)
      const { upToSeq, last } = seen as unknown as PageSeen
      if (last === null) continue
      await submit(1)
      const page = { limit: 2, offset: 0, upToSeq, after: last }
      const { orders, totalCount } = await listOrders(test.db.kysely, filter, page)
      expect(totalCount).toBe(expected.length)
      expect(orders.map(({ seq }) => seq)).toEqual(expected.slice(2, 4).map(({ seq }) => seq))
    }
  })
})
