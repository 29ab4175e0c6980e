import {
  appendAudit,
  failRun,
  insertAlerts,
  insertInstrument,
  insertOrders,
  insertRun,
  insertSignals,
  insertStrategy,
  transaction,
  updateOrders,
  upsertPositions,
} from '@quantdeck/db'
import {
  describeEngines,
  SAMPLE_AT,
  sampleAlert,
  sampleAuditEntry,
  sampleOrder,
  samplePosition,
  sampleSignal,
  sampleStrategy,
} from '@quantdeck/db/testing'
import { Decimal, ensureDefined, ZERO } from '@quantdeck/domain'
import * as fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { startTestApi, type TestApi } from './harness.ts'
import { stock } from './harness/seed.ts'

const at = (second: number): Date => new Date(SAMPLE_AT.getTime() + second * 1000)
const working = { status: 'PENDING', filledQuantity: new Decimal(0), averageFillPrice: null } as const

interface List {
  path: string
  id: string
  /** Inserts one row of that time. @returns its id */
  add: (api: TestApi, time: Date) => Promise<string>
}

const LISTS: List[] = [
  {
    path: '/v1/orders?strategy_id=momentum_v1',
    id: 'order_id',
    add: async ({ deps }, submittedAt) => {
      const order = sampleOrder({ submittedAt })
      await insertOrders(deps.db.kysely, [order])
      return order.orderId
    },
  },
  {
    path: '/v1/alerts?severity=WARNING',
    id: 'alert_id',
    add: async ({ deps }, createdAt) => {
      const alert = sampleAlert({ createdAt, severity: 'WARNING' })
      await insertAlerts(deps.db.kysely, [alert])
      return alert.alertId
    },
  },
  { path: '/v1/positions?mode=PAPER', id: 'position_id', add: (api, time) => addPosition(api, time, null) },
  { path: '/v1/trades?mode=PAPER', id: 'trade_id', add: (api, time) => addPosition(api, at(-100), time) },
  {
    path: '/v1/runs?run_type=BACKTEST',
    id: 'run_id',
    add: async ({ deps }, createdAt) => {
      const runId = randomUUID()
      await transaction(deps.db, async (trx) => {
        await insertRun(trx, {
          runId,
          strategyId: 'momentum_v1',
          startDate: '2024-03-01',
          endDate: '2024-12-31',
          initialCapital: new Decimal(30_000),
          params: {},
          estimatedCompletion: createdAt,
          createdBy: 'test',
          createdAt,
        })
        await failRun(trx, { runId, fencingToken: null, completedAt: createdAt, error: 'as asked' })
      })
      return runId
    },
  },
  {
    path: '/v1/signals?strategy_id=momentum_v1',
    id: 'signal_id',
    add: async ({ deps }, signalAt) => {
      const signal = sampleSignal({ signalAt, clientSignalId: null })
      await insertSignals(deps.db.kysely, [signal])
      return signal.signalId
    },
  },
  {
    path: '/v1/audit?entity=paging',
    id: 'audit_id',
    add: async ({ deps }, time) => {
      const entry = sampleAuditEntry({ at: time, entity: 'paging' })
      await appendAudit(deps.db.kysely, [entry])
      return entry.auditId
    },
  },
]

async function addPosition({ deps }: TestApi, openedAt: Date, closedAt: Date | null): Promise<string> {
  const symbol = `S${randomUUID().slice(0, 8)}`
  await insertInstrument(deps.db.kysely, stock(symbol))
  const closing = {
    quantity: ZERO,
    costBasis: ZERO,
    closedQuantity: new Decimal(100),
    exitPrice: new Decimal(151),
  }
  const position = samplePosition({ symbol, openedAt, closedAt, ...(closedAt && closing) })
  await upsertPositions(deps.db.kysely, [position])
  return position.positionId
}

interface PageBody {
  data: Record<string, unknown>[]
  meta: { total_count: number }
}

describeEngines('pages of a list that changes meanwhile', (engine) => {
  let api: TestApi
  let token: string
  beforeAll(async () => {
    api = await startTestApi({ engine, logLevel: 'warn' })
    token = await api.enter(api.users.admin.userId)
    await insertStrategy(api.deps.db.kysely, sampleStrategy())
  })
  afterAll(() => api?.close())

  async function read(list: Pick<List, 'path' | 'id'>, page: number, perPage: number, as = token) {
    const answer = await api.call('GET', `${list.path}&page=${page}&per_page=${perPage}`, { token: as })
    expect(answer.status, answer.text).toBe(200)
    const { data, meta } = answer.body as PageBody
    return { ids: data.map((row) => String(row[list.id])), total: meta.total_count }
  }

  const moves = fc.record({
    perPage: fc.integer({ min: 2, max: 9 }),
    /** Rows that are inserted while, and after, each page is read: of the present, or late ones of the past. */
    during: fc.array(fc.integer({ min: -20, max: 99 }), { minLength: 1, maxLength: 3 }),
    between: fc.array(fc.integer({ min: -20, max: 99 }), { minLength: 1, maxLength: 3 }),
    isFirstPageAlone: fc.boolean(),
  })

  for (const list of LISTS) {
    it(`${list.path}: every row that was there is on exactly one page, whatever is inserted meanwhile`, async () => {
      const known: string[] = []
      const add = async (seconds: readonly number[]): Promise<void> => {
        known.push(...(await Promise.all(seconds.map((second) => list.add(api, at(second))))))
      }
      await add(Array.from({ length: 23 }, (_, n) => Math.floor(n / 2)))
      const walk = fc.asyncProperty(moves, async ({ perPage, during, between, isFirstPageAlone }) => {
        const before = [...known]
        const seen: string[] = []
        const totals = new Set<number>()
        for (let page = 1; ; page += 1) {
          const meanwhile = page === 1 && isFirstPageAlone ? [] : during
          const [{ ids, total }] = await Promise.all([read(list, page, perPage), add(meanwhile)])
          seen.push(...ids)
          expect(new Set(seen).size, 'nothing twice').toBe(seen.length)
          totals.add(total)
          if (page <= 4) await add(between)
          if (ids.length < perPage) break
        }
        expect(seen).toEqual(expect.arrayContaining(before))
        if (isFirstPageAlone) expect(seen.toSorted()).toEqual(before.toSorted())
        if (isFirstPageAlone) expect([...totals]).toEqual([before.length])
      })
      await fc.assert(walk, { numRuns: 2, seed: 20_260_107, endOnFailure: true })
    }, 60_000)
  }

  it('a row that leaves the filter between two pages neither hides nor repeats another', async () => {
    const pending = { path: '/v1/orders?status=PENDING&mode=LIVE', id: 'order_id' }
    const orders = Array.from({ length: 30 }, (_, n) =>
      sampleOrder({ ...working, mode: 'LIVE', submittedAt: at(n) }),
    )
    await insertOrders(api.deps.db.kysely, orders)
    const newestFirst = orders.toReversed()
    const seen: string[] = []
    const gone = new Set<string>()
    for (let page = 1; page <= 8; page += 1) {
      seen.push(...(await read(pending, page, 4)).ids)
      const cancelled = newestFirst.filter((_, n) => n % 7 === page - 1).slice(0, 3)
      for (const { orderId } of cancelled) gone.add(orderId)
      await updateOrders(
        api.deps.db.kysely,
        cancelled.map((order) => ({ ...order, seq: 0, status: 'CANCELLED' as const, cancelledAt: at(60) })),
      )
    }
    const stayed = orders.map(({ orderId }) => orderId).filter((id) => !gone.has(id))
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(stayed))
  })

  it('nobody moves the pages of somebody else, and polling page 1 moves none of a walk that has gone on', async () => {
    const list = ensureDefined(LISTS[0], 'the orders')
    const risk = await api.enter(api.users.risk.userId)
    const [first, second] = [await read(list, 1, 5), await read(list, 2, 5)]
    const added = await Promise.all([200, 201, 202].map((time) => list.add(api, at(time))))
    const others = await read(list, 1, 5, risk)
    expect(others.ids).toEqual(expect.arrayContaining(added))
    expect((await read(list, 1, 5)).ids).toEqual(others.ids)
    const third = await read(list, 3, 5)
    expect(third.total).toBe(first.total)
    expect(new Set([...first.ids, ...second.ids, ...third.ids]).size).toBe(15)
    expect((await read(list, 2, 5, risk)).ids).toEqual([...first.ids, ...second.ids].slice(2, 7))
    expect((await read(list, 1, 10)).total, 'page 1 is of now').toBe(first.total + 3)
  })

  it('a page out of turn, and one asked again, is the same part of the same list', async () => {
    const list = ensureDefined(LISTS[1], 'the alerts')
    const whole = (await read(list, 1, 100)).ids
    expect((await read(list, 1, 3)).ids).toEqual(whole.slice(0, 3))
    await Promise.all([300, 301].map((time) => list.add(api, at(time))))
    expect((await read(list, 4, 3)).ids).toEqual(whole.slice(9, 12))
    expect((await read(list, 2, 3)).ids).toEqual(whole.slice(3, 6))
    expect((await read(list, 5, 3)).ids).toEqual(whole.slice(12, 15))
    expect((await read(list, 2, 3)).ids).toEqual(whole.slice(3, 6))
  })
})
