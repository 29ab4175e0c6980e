import {
  ensureAccount,
  insertInstrument,
  insertSignals,
  insertStrategy,
  upsertMarks,
  upsertPositions,
} from '@quantdeck/db'
import { sampleInstrument, samplePosition, sampleSignal, sampleStrategy } from '@quantdeck/db/testing'
import { Decimal } from '@quantdeck/domain'
import { startBare } from '../reads/bare.ts'
import { FILTERS, seedOrders } from '../reads/many-orders.ts'
import type { Comparison, OpenSuite, Sample, Suite } from '../suite.ts'
import { type ApiProcess, startApi } from '../support/api-process.ts'
import { httpLoad } from '../support/http-load.ts'
import { type BenchPostgres, startPostgres } from '../support/postgres.ts'

const CONNECTIONS = 8
const REQUESTS = 2_000
const POSITIONS = 20
const FEW = 50_000
const MANY = Number(process.env['BENCH_ORDERS'] ?? 5_000_000)
/** Each filter so often, by one client. */
const TIMES = 10
/** As in production, with limits that so many requests do not reach. */
const ENV = { LOG_LEVEL: 'info', RATE_LIMITS: '{"document-read":1000000,"added-read":1000000}' }

async function seedDesk({ db }: BenchPostgres): Promise<void> {
  const at = new Date()
  const initialCapital = new Decimal(1_000_000)
  await ensureAccount(db.kysely, { mode: 'PAPER', currency: 'USD', initialCapital, createdAt: at })
  await insertInstrument(db.kysely, sampleInstrument({ symbol: 'MSFT' }))
  await upsertMarks(db.kysely, [{ symbol: 'MSFT', price: new Decimal(380), at, source: 'bench' }])
  for (let n = 0; n < POSITIONS; n += 1) {
    const strategyId = `s_${n}`
    await insertStrategy(db.kysely, sampleStrategy({ strategyId, universe: ['MSFT'] }))
    await upsertPositions(db.kysely, [samplePosition({ strategyId, symbol: 'MSFT' })])
    await insertSignals(db.kysely, [sampleSignal({ strategyId })])
  }
}

async function load(
  { url, pid }: { url: string; pid: number },
  token: string,
  lists: readonly (readonly string[])[],
): Promise<Sample> {
  const requests = lists.map((paths) => paths.map((path) => ({ method: 'GET', path })))
  return httpLoad({ url, token, connections: lists.length, requests, expectedStatus: 200, pids: [pid] })
}

/** The same body from a server that does nothing else. */
async function againstBare(api: ApiProcess, path: string): Promise<Comparison & { close: () => void }> {
  const response = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${api.token}` } })
  const body = Buffer.from(await response.arrayBuffer())
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${body.toString()}`)
  const bare = await startBare(body)
  const lists = Array.from({ length: CONNECTIONS }, () => Array.from({ length: REQUESTS }, () => path))
  return {
    goal: 'P1',
    title: `GET ${path}, ${body.length.toLocaleString('en')} bytes, with token, limits, log and validation`,
    figure: 'cpu',
    baseline: { name: 'bare node:http, body made before', run: () => load(bare, '', lists) },
    candidates: [{ name: 'API', bound: { atLeast: 0.6 }, run: () => load(api, api.token, lists) }],
    close: () => bare.close(),
  }
}

/** One client that asks for the orders in every way, so that each latency is one request's. */
function orders(few: ApiProcess, many: ApiProcess): Comparison {
  const paths = Array.from({ length: TIMES }, () =>
    FILTERS.map((filter) => `/v1/orders?per_page=20${filter === '' ? '' : `&${filter}`}`),
  ).flat()
  return {
    goal: 'P8',
    title: `GET /v1/orders, ${FILTERS.length} combinations of filters, over ${MANY.toLocaleString('en')} rows`,
    figure: 'p99',
    rounds: 3,
    baseline: { name: `${FEW.toLocaleString('en')} rows`, run: () => load(few, few.token, [paths]) },
    candidates: [
      {
        name: `${MANY.toLocaleString('en')} rows`,
        bound: { atMost: 1.5 },
        run: () => load(many, many.token, [paths]),
      },
    ],
  }
}

/** A database of its own, what is put into it, and a server over it. */
async function serve(
  seed: (postgres: BenchPostgres) => Promise<void>,
  closers: (() => unknown)[],
): Promise<ApiProcess> {
  const postgres = await startPostgres()
  closers.push(() => postgres.close())
  await seed(postgres)
  const api = await startApi(postgres.url, ENV)
  closers.push(() => api.close())
  return api
}

export const suite: Suite = {
  title: 'reads over HTTP',
  open: async (): Promise<OpenSuite> => {
    const closers: (() => unknown)[] = []
    const close = async () => {
      for (const one of closers.toReversed()) await one()
    }
    try {
      const desk = await serve(seedDesk, closers)
      const comparisons: Comparison[] = []
      for (const path of ['/api/signals/latest', '/v1/positions?per_page=20']) {
        const comparison = await againstBare(desk, path)
        closers.push(() => comparison.close())
        comparisons.push(comparison)
      }
      const few = await serve((postgres) => seedOrders(postgres, FEW), closers)
      const many = await serve((postgres) => seedOrders(postgres, MANY), closers)
      comparisons.push(orders(few, many))
      return {
        comparisons,
        notes: [
          `P1 by CPU time of the server alone, ${CONNECTIONS} connections. BENCH_ORDERS sets the rows of P8: millions take minutes to make.`,
        ],
        close,
      }
    } catch (error) {
      await close()
      throw error
    }
  },
}
