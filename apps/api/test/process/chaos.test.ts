import {
  findStrategy,
  insertInstrument,
  insertStrategy,
  openDatabase,
  upsertGlobalLimits,
  upsertMarks,
  type Database,
} from '@quantdeck/db'
import { sampleStrategy, unpackDatabase } from '@quantdeck/db/testing'
import { Decimal, systemClock } from '@quantdeck/domain'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ACME } from '../desk/house.ts'
import { WIDE_LIMITS } from '../desk/model/pure-system.ts'
import { chooseDatabase } from '../../src/database-choice.ts'
import { RemoteBroker } from '../harness/remote-broker.ts'
import { ServerProcess } from '../harness/server-process.ts'

/** Three in the suite; `pnpm test:soak chaos` kills a hundred times. */
const KILLS = Number(process.env['CHAOS_KILLS'] ?? '3')
const CHAOS = 0.3
const SEED = Number(process.env['CHAOS_SEED'] ?? '20260107')
/** After a start the books have to equal the broker's within this. */
const AGREE_MS = 10_000
const STRATEGIES = ['one_v1', 'two_v1', 'three_v1']

const HARNESS = join(import.meta.dirname, '..', 'harness')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const between = (low: number, high: number) => low + Math.random() * (high - low)

let dataDir: string
let brokerProcess: ChildProcess
let broker: RemoteBroker
let brokerUrl: string
let server: ServerProcess
let key: string
let posted = 0
const acknowledged = new Set<string>()

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-chaos-'))
  brokerUrl = await startBroker()
  broker = new RemoteBroker(brokerUrl)
  await seed()
  server = start()
  await server.ready()
  key = await server.createKey(await server.login(dataDir))
})

afterAll(async () => {
  await server.kill('SIGKILL')
  brokerProcess.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

function start(): ServerProcess {
  const env = { DEMO: 'off', RATE_LIMITS: 'off', INITIAL_CAPITAL: '10000000', LOG_LEVEL: 'silent' }
  return new ServerProcess(dataDir, env, [join(HARNESS, 'remote-api.ts'), brokerUrl])
}

async function startBroker(): Promise<string> {
  const script = join(HARNESS, 'broker-process.ts')
  brokerProcess = spawn(
    process.execPath,
    ['--conditions=@quantdeck/source', script, String(CHAOS), String(SEED)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const port = await new Promise<string>((resolve, reject) => {
    brokerProcess.once('exit', () => reject(new Error('the broker ended')))
    brokerProcess.stdout?.on('data', (chunk: Buffer) => {
      const found = /Broker on (\d+)/.exec(chunk.toString())?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  return `http://127.0.0.1:${port}`
}

const booksFolder = (): string => chooseDatabase({ databaseUrl: null, dataDir, demo: 'off' }).dataDir

/** The database of the process, while it does not run. */
function openBooks(): Promise<Database> {
  return openDatabase({ dataDir: booksFolder() })
}

/** Strategies with room for everything, and a price that is fresh for two days. */
async function seed(): Promise<void> {
  const at = systemClock.now()
  await unpackDatabase(booksFolder())
  const db = await openBooks()
  await insertInstrument(db.kysely, { ...ACME, barIntervalSeconds: 86_400 })
  await upsertMarks(db.kysely, [{ symbol: 'ACME', price: new Decimal(100), at, source: 'test' }])
  for (const strategyId of STRATEGIES)
    await insertStrategy(
      db.kysely,
      sampleStrategy({
        strategyId,
        universe: ['ACME'],
        allocatedCapital: new Decimal(1_000_000),
        config: {},
      }),
    )
  const limits = JSON.parse(JSON.stringify(WIDE_LIMITS)) as Record<string, never>
  await upsertGlobalLimits(db.kysely, { limits, updatedAt: at, updatedBy: 'test' })
  await db.close()
  await broker.quote('ACME', '100')
}

/** Orders of every kind, cancels and prices, until the process is gone. */
async function trade(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    posted += 1
    const side = Math.random() < 0.5 ? 'BUY' : 'SELL'
    const [below, above] = [between(95, 99), between(101, 105)].map((price) => price.toFixed(2))
    const isLimit = Math.random() < 0.3
    const body = {
      strategy_id: STRATEGIES[posted % STRATEGIES.length],
      symbol: 'ACME',
      side,
      quantity: String(1 + Math.floor(Math.random() * 20)),
      order_type: isLimit ? 'LIMIT' : 'MARKET',
      ...(isLimit && { limit_price: side === 'BUY' ? '99.50' : '100.50', time_in_force: 'GTC' }),
      stop_loss: side === 'BUY' ? below : above,
      take_profit: side === 'BUY' ? above : below,
      client_order_id: `chaos-${posted}`,
      allow_duplicate: true,
    }
    try {
      const { status, body: answer } = await server.call('POST', '/v1/orders', key, body)
      expect([201, 422]).toContain(status)
      if (status === 201) {
        const { order_id: orderId } = (answer as { data: { order_id: string } }).data
        acknowledged.add(orderId)
        if (Math.random() < 0.15) await server.call('DELETE', `/v1/orders/${orderId}`, key)
      }
    } catch (error) {
      if (isOver()) return
      if (error instanceof TypeError) return
      throw error
    }
  }
}

async function movePrices(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await broker.quote('ACME', between(96.5, 103.5).toFixed(2))
    await pause(60)
  }
}

/** Orders that work, and what is held, as the API tells. */
async function booksOf(): Promise<{ working: string[]; position: string; unanswered: number }> {
  const working: string[] = []
  let unanswered = 0
  for (const status of ['PENDING', 'SUBMITTED']) {
    for (let page = 1; ; page += 1) {
      const path = `/v1/orders?status=${status}&per_page=100&page=${page}`
      const { data } = (await server.call('GET', path, key)).body as {
        data: { client_order_id: string; filled_quantity: string }[]
      }
      if (status === 'PENDING') unanswered += data.length
      else working.push(...data.map((one) => `${one.client_order_id} ${Number(one.filled_quantity)}`))
      if (data.length < 100) break
    }
  }
  const { data } = (await server.call('GET', '/v1/positions?per_page=100', key)).body as {
    data: { quantity: string }[]
  }
  const position = data.reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0))
  return { working: working.sort(), position: position.toFixed(), unanswered }
}

async function brokerBooks(): Promise<{ working: string[]; position: string; unanswered: number }> {
  const open = await broker.listOpenOrders('PAPER')
  const [held] = await broker.listPositions('PAPER')
  return {
    working: open.map((one) => `${one.clientOrderId} ${one.filledQuantity.toNumber()}`).sort(),
    position: held?.quantity.toFixed() ?? '0',
    unanswered: 0,
  }
}

/** @returns milliseconds until the books equalled the broker's */
async function agree(): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const [ours, theirs] = [await booksOf(), await brokerBooks()]
    const isSame = JSON.stringify(ours) === JSON.stringify(theirs)
    const ms = performance.now() - startedAt
    if (isSame) return ms
    if (ms > AGREE_MS) expect(ours).toEqual(theirs)
    await pause(100)
  }
}

/** Each order's fills are what the broker has of it, no order reached it twice, and nothing acknowledged is gone. */
async function assertEverythingAgrees(db: Database): Promise<void> {
  const rows = async <T>(text: string) => (await db.executeSql(text)).rows as T[]
  const orders = await rows<{ id: string; client: string; status: string; filled: number; booked: number }>(
    `select o.order_id as id, client_order_id as client, status, filled_quantity::float8 as filled,
       coalesce((select sum(f.quantity) from fills f where f.order_id = o.order_id), 0)::float8 as booked
     from orders o`,
  )
  const fills = await broker.listFills('PAPER', new Date(0))
  const atBroker = new Map<string, number>()
  for (const { clientOrderId, quantity } of fills)
    atBroker.set(clientOrderId, (atBroker.get(clientOrderId) ?? 0) + quantity.toNumber())
  for (const { client, filled, booked } of orders) {
    expect([client, filled, booked]).toEqual([client, booked, atBroker.get(client) ?? 0])
    atBroker.delete(client)
  }
  expect([...atBroker]).toEqual([])
  const handedOver = await broker.handedOver()
  expect(Object.entries(handedOver).filter(([, times]) => times > 1)).toEqual([])
  const known = new Set(orders.map(({ client }) => client))
  expect(Object.keys(handedOver).filter((client) => !known.has(client))).toEqual([])
  const ids = new Set(orders.map(({ id }) => id))
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
  const [sums] = await rows<{ positions: number; fills: number }>(
    `select (select coalesce(sum(quantity), 0)::float8 from positions where closed_at is null) as positions,
       (select coalesce(sum(case side when 'BUY' then quantity else -quantity end), 0)::float8 from fills) as fills`,
  )
  expect(sums?.positions).toBe(sums?.fills)
  const alerts = await rows<{ code: string }>(
    `select code from alerts where code in ('OVERFILL', 'UNKNOWN_FILL', 'FILL_CHANGED', 'BAD_FILL')`,
  )
  expect(alerts).toEqual([])
}

describe(`a broker that drops, delays, repeats and reorders, and ${KILLS} kills`, () => {
  it(
    'leave books that equal the broker’s within ten seconds of each start',
    async () => {
      const waits: number[] = []
      for (let kill = 0; kill < KILLS; kill += 1) {
        let isOver = false
        const isDone = () => isOver
        const busy = [...[1, 2, 3, 4].map(() => trade(isDone)), movePrices(isDone)]
        await pause(between(400, 1_500))
        isOver = true
        await server.kill('SIGKILL')
        await Promise.all(busy)
        server = start()
        await server.ready()
        waits.push(await agree())
      }
      await server.kill('SIGTERM')
      const db = await openBooks()
      try {
        expect(await findStrategy(db.kysely, 'one_v1')).toBeDefined()
        await assertEverythingAgrees(db)
        const [orders, filled] = await Promise.all(
          ['', ` where status = 'FILLED'`].map((where) => db.executeSql(`select 1 from orders${where}`)),
        )
        expect(filled?.rows.length).toBeGreaterThan(KILLS)
        const sorted = waits.toSorted((a, b) => a - b)
        console.log(
          `chaos: ${KILLS} kills, ${orders?.rows.length} orders, ${filled?.rows.length} filled, agreed after ` +
            `${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(0)} ms (median), ${(sorted.at(-1) ?? 0).toFixed(0)} ms (longest)`,
        )
      } finally {
        await db.close()
      }
      server = start()
      await server.ready()
    },
    60_000 + KILLS * 60_000,
  )
})
