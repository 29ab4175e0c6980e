import {
  ensureAccount,
  insertInstrument,
  insertStrategy,
  upsertGlobalLimits,
  upsertMarks,
  type Database,
} from '@quantdeck/db'
import { Decimal } from '@quantdeck/domain'
import type { LimitOverrides } from '@quantdeck/risk'
import { randomUUID } from 'node:crypto'
import type { Suite } from '../suite.ts'
import { startApi, type ApiProcess } from '../support/api-process.ts'
import { httpLoad, type HttpRequest } from '../support/http-load.ts'
import { pgbench, requirePgbench } from '../support/pgbench.ts'
import { startPostgres, type BenchPostgres } from '../support/postgres.ts'

const CONNECTIONS = 8
/** A strategy may have 50 active orders (R17): each connection fills that of its strategies, in turn, in each round. */
const ORDERS_PER_STRATEGY = 50
const STRATEGIES_PER_CONNECTION = 4
const PGBENCH_PER_CLIENT = 500

const strategyIds = Array.from(
  { length: CONNECTIONS * STRATEGIES_PER_CONNECTION },
  (_, index) => `bench_${index}`,
)

/** Limits that so many submissions within seconds would meet; all checks still run. */
const LIMITS: LimitOverrides = {
  messagesPerSecond: 100_000,
  maxTradesPerDay: 1_000_000,
  maxOpenPositions: 100,
}

const INSERT = `insert into bench_orders
  (client_order_id, mode, strategy_id, symbol, side, quantity, order_type, limit_price, time_in_force, status, origin,
   is_entry, submitted_at)
  values (gen_random_uuid()::text, 'PAPER', 'bench_0', 'BENCH', 'BUY', 1, 'LIMIT', 99.5, 'GTC', 'PENDING', 'api',
   true, now());`

async function seed(db: Database): Promise<void> {
  const at = new Date()
  await ensureAccount(db.kysely, {
    ...{ mode: 'PAPER', currency: 'USD', initialCapital: new Decimal(10_000_000), createdAt: at },
  })
  await insertInstrument(db.kysely, {
    ...{ symbol: 'BENCH', contractType: 'STOCK', currency: 'USD', calendar: '24/7', source: 'bench' },
    ...{
      tickSize: new Decimal('0.01'),
      lotSize: new Decimal(1),
      minQuantity: new Decimal(1),
      maxQuantity: null,
    },
    ...{ multiplier: new Decimal(1), priceDecimals: 2, quantityDecimals: 0, barIntervalSeconds: 86_400 },
  })
  await upsertMarks(db.kysely, [{ symbol: 'BENCH', price: new Decimal(100), at, source: 'bench' }])
  for (const strategyId of strategyIds) {
    await insertStrategy(db.kysely, {
      ...{ strategyId, name: strategyId, description: '', status: 'active', mode: 'PAPER', ownerId: null },
      ...{ isPublic: false, universe: ['BENCH'], maxPositions: 10, allocatedCapital: new Decimal(100_000) },
      ...{ config: { model_type: 'xgboost' }, version: 1, createdAt: at, updatedAt: at, updatedBy: null },
    })
  }
  const limits = JSON.parse(JSON.stringify(LIMITS))
  await upsertGlobalLimits(db.kysely, { limits, updatedAt: at, updatedBy: 'bench' })
  await db.executeSql('create table bench_orders (like orders including all)')
}

/** Limit orders a little below the market, each at a price of its own so that none is a duplicate: they rest. */
function submissions(): HttpRequest[][] {
  return Array.from({ length: CONNECTIONS }, (_, connection) => {
    const own = strategyIds.filter((_, index) => index % CONNECTIONS === connection)
    return Array.from({ length: ORDERS_PER_STRATEGY }, (_, index) =>
      own.map((strategyId) => submission(strategyId, (98 - index / 100).toFixed(2))),
    ).flat()
  })
}

function submission(strategyId: string, price: string): HttpRequest {
  const order = {
    ...{ strategy_id: strategyId, symbol: 'BENCH', side: 'BUY', quantity: '1', order_type: 'LIMIT' },
    ...{ limit_price: price, time_in_force: 'GTC', client_order_id: randomUUID() },
  }
  return { method: 'POST', path: '/v1/orders', body: JSON.stringify(order) }
}

/** The broker answers after the submission does. */
async function untilAcknowledged(db: Database): Promise<void> {
  for (;;) {
    const { rows } = await db.executeSql(`select 1 from orders where status = 'PENDING' limit 1`)
    if (rows.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Room for the next round: what rests is gone, and the server reads its books anew. */
async function clearBooks({ db }: BenchPostgres): Promise<void> {
  await untilAcknowledged(db)
  await db.executeSql(`update orders set status = 'CANCELLED', cancelled_at = now()
      where status in ('PENDING', 'SUBMITTED')`)
  // R14 and R15 look at the last minute.
  await db.executeSql(`update orders set submitted_at = submitted_at - interval '10 minutes'`)
  await db.executeSql('update accounts set version = version + 1')
}

async function submitOnce(postgres: BenchPostgres, api: ApiProcess) {
  const sample = await httpLoad({
    ...{ url: api.url, token: api.token, connections: CONNECTIONS, requests: submissions() },
    ...{ expectedStatus: 201, pids: [api.pid, postgres.pid] },
  })
  await clearBooks(postgres)
  return sample
}

export const suite: Suite = {
  title: 'order submissions, from HTTP to the durable commit',
  open: async () => {
    requirePgbench()
    const postgres = await startPostgres()
    await seed(postgres.db)
    const api = await startApi(postgres.url).catch(async (error: unknown) => {
      await postgres.close()
      throw error
    })
    return {
      comparisons: [
        {
          ...{ goal: 'P9', title: `submissions at ${CONNECTIONS} connections`, figure: 'wall' },
          baseline: {
            name: `pgbench -c ${CONNECTIONS}, one row each`,
            run: () =>
              pgbench(postgres, {
                ...{ script: INSERT, clients: CONNECTIONS, transactionsPerClient: PGBENCH_PER_CLIENT },
              }),
          },
          candidates: [
            {
              name: 'POST /v1/orders',
              bound: { atLeast: 0.4 },
              run: () => submitOnce(postgres, api),
            },
          ],
        },
      ],
      notes: [
        'Both write an orders row with all its indexes and wait for the disk. A submission also authenticates, validates,',
        'runs all checks on books of up to 1,600 working orders, and writes checks, audit and outbox rows; the simulated broker',
        'acknowledges every order meanwhile, which is a transaction more. CPU time: server and Postgres, without the client.',
      ],
      close: async () => {
        await api.close()
        await postgres.close()
      },
    }
  },
}
