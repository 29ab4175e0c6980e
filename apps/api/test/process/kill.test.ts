import {
  getAuditHead,
  listSealedAudit,
  openDatabase,
  sealOnce,
  verifyAuditChain,
  type Database,
} from '@quantdeck/db'
import { unpackDatabase } from '@quantdeck/db/testing'
import { Decimal, systemClock, ZERO } from '@quantdeck/domain'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ServerProcess } from '../harness/server-process.ts'

/** Five in the suite; a soak sets QUANTDECK_KILLS to as many as the night is long. */
const KILLS = Number(process.env['QUANTDECK_KILLS'] ?? '5')
const BUILD_KILLS = Math.max(1, Math.floor(KILLS * 0.4))
/** After a kill; a build that goes on where it stopped takes as long as it takes. */
const READY_SECONDS = 15

/** What a client was answered, and so may rely on. */
class Acknowledged {
  readonly signals = new Map<string, string>()
  readonly orders = new Set<string>()
  /** Ids of requests that were on their way when the process died: done once or not at all. */
  readonly inFlight = new Set<string>()
}

let dataDir: string
let server: ServerProcess
const known = new Acknowledged()

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-kill-'))
  // No kill comes before the logins, and so none before there is a database.
  await unpackDatabase(join(dataDir, 'demo'))
})

afterAll(async () => {
  await server.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

const start = () => new ServerProcess(dataDir, { RATE_LIMITS: 'off' })
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const between = (low: number, high: number) => low + Math.random() * (high - low)

/** Posts signals and orders one after the other until the process is gone, and notes each answer. */
async function post(key: string, isOver: () => boolean): Promise<void> {
  for (let round = 0; !isOver(); round += 1) {
    const clientId = `kill-${process.pid}-${known.signals.size}-${known.inFlight.size}-${round}`
    known.inFlight.add(clientId)
    try {
      if (round % 3 === 2) await postOrder(key, clientId)
      else await postSignal(key, clientId, round % 2 === 0 ? 'LONG' : 'CLOSE')
    } catch {
      return
    }
    known.inFlight.delete(clientId)
  }
}

async function postSignal(key: string, clientId: string, signal: string): Promise<void> {
  const { status, body } = await server.call('POST', '/api/signals', key, {
    ...{ strategy_code: 'ppo_v1', symbol: 'USD/COP', signal, confidence: 0.6, size: 0.1 },
    client_signal_id: clientId,
  })
  expect(status).toBe(202)
  const [result] = (body as { results: { signal_id: string; order_ids: string[] }[] }).results
  known.signals.set(clientId, result?.signal_id ?? 'none')
  for (const orderId of result?.order_ids ?? []) known.orders.add(orderId)
}

async function postOrder(key: string, clientId: string): Promise<void> {
  const { status, body, text } = await server.call('POST', '/v1/orders', key, {
    ...{ strategy_id: 'sac_v2', symbol: 'USD/COP', side: 'BUY', quantity: '1', order_type: 'MARKET' },
    client_order_id: clientId,
  })
  expect([201, 422], text).toContain(status)
  if (status === 201) known.orders.add((body as { data: { order_id: string } }).data.order_id)
}

/** Each bar of both markets once: 1,259 sessions of the index, 60 of 60 five-minute bars, and what came since. */
async function assertHistoryIsWhole(): Promise<void> {
  const db = await openDatabase({ dataDir: join(dataDir, 'demo') })
  const count = async (symbol: string) =>
    (await db.kysely.selectFrom('bars').select('openedAt').where('symbol', '=', symbol).execute()).length
  try {
    expect(await count('SPX')).toBeGreaterThanOrEqual(1_259)
    expect(await count('USD/COP')).toBeGreaterThanOrEqual(60 * 60)
  } finally {
    await db.close()
  }
}

/** The books as they lie on disk, after the last process died. */
async function assertBooksAreWhole(): Promise<void> {
  const db = await openDatabase({ dataDir: join(dataDir, 'demo') })
  try {
    await assertNothingLost(db)
    await assertFillsMakePositions(db)
    await assertAuditHolds(db)
  } finally {
    await db.close()
  }
}

async function assertNothingLost({ kysely }: Database): Promise<void> {
  const rows = await kysely.selectFrom('signals').select(['signalId', 'clientSignalId']).execute()
  const stored = new Map(rows.map((row) => [row.clientSignalId, row.signalId]))
  expect([...known.signals].filter(([clientId, signalId]) => stored.get(clientId) !== signalId)).toEqual([])
  const orders = await kysely.selectFrom('orders').select(['orderId', 'clientOrderId']).execute()
  const orderIds = new Set(orders.map(({ orderId }) => orderId))
  expect([...known.orders].filter((orderId) => !orderIds.has(orderId))).toEqual([])
  for (const clientId of known.inFlight) {
    const traces =
      rows.filter((row) => row.clientSignalId === clientId).length +
      orders.filter((order) => order.clientOrderId === clientId).length
    expect(traces).toBeLessThanOrEqual(1)
  }
}

async function assertFillsMakePositions({ kysely }: Database): Promise<void> {
  const fills = await kysely
    .selectFrom('fills')
    .select(['orderId', 'brokerTradeId', 'strategyId', 'symbol', 'mode', 'side', 'quantity'])
    .execute()
  expect(new Set(fills.map(({ brokerTradeId }) => brokerTradeId)).size).toBe(fills.length)
  const signed = ({ side, quantity }: { side: string; quantity: string }) =>
    new Decimal(quantity).times(side === 'BUY' ? 1 : -1)
  const held = totals(fills, (fill) => `${fill.mode} ${fill.strategyId} ${fill.symbol}`, signed)
  const open = await kysely
    .selectFrom('positions')
    .select(['mode', 'strategyId', 'symbol', 'quantity'])
    .where('closedAt', 'is', null)
    .execute()
  const positions = totals(
    open,
    (row) => `${row.mode} ${row.strategyId} ${row.symbol}`,
    (row) => new Decimal(row.quantity),
  )
  expect(held).toEqual(positions)
  const orders = await kysely.selectFrom('orders').select(['orderId', 'filledQuantity']).execute()
  const byOrder = totals(
    orders,
    (order) => order.orderId,
    (order) => new Decimal(order.filledQuantity),
  )
  expect(
    totals(
      fills,
      (fill) => fill.orderId,
      (fill) => new Decimal(fill.quantity),
    ),
  ).toEqual(byOrder)
}

function totals<T>(rows: readonly T[], key: (row: T) => string, amount: (row: T) => Decimal) {
  const sums = new Map<string, Decimal>()
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? ZERO).plus(amount(row)))
  const open = [...sums].filter(([, sum]) => !sum.isZero())
  return Object.fromEntries(open.map(([name, sum]) => [name, sum.toFixed()]))
}

async function assertAuditHolds(db: Database): Promise<void> {
  await sealOnce(db, systemClock.now())
  const rows = await listSealedAudit(db.kysely, 0, 100_000)
  expect(rows.length).toBeGreaterThan(0)
  expect(verifyAuditChain(rows, { head: await getAuditHead(db.kysely) })).toMatchObject({ ok: true })
}

describe(`kill -9, ${KILLS} times`, () => {
  it('builds the history to its end, however often it is cut off', async () => {
    for (let kill = 0; kill < BUILD_KILLS; kill += 1) {
      server = start()
      await server.prints(/^  logins /m)
      await pause(between(200, 3_000))
      // The first starts are still at work here; one that was quick enough has nothing left to cut off.
      await server.kill('SIGKILL')
    }
    server = start()
    await server.ready(110_000)
    await server.kill('SIGKILL')
    await assertBooksAreWhole()
    await assertHistoryIsWhole()
    server = start()
    expect(await server.ready()).toBeLessThan(READY_SECONDS)
  }, 240_000)

  it(
    'loses nothing that was acknowledged while it was live, and is ready again in time',
    async () => {
      const key = await server.createKey(await server.login(dataDir))
      for (let kill = BUILD_KILLS; kill < KILLS; kill += 1) {
        let isOver = false
        const before = known.signals.size
        const posting = [post(key, () => isOver), post(key, () => isOver)]
        await pause(between(800, 2_500))
        await server.kill('SIGKILL')
        isOver = true
        await Promise.all(posting)
        expect(known.signals.size).toBeGreaterThan(before)
        await assertBooksAreWhole()
        server = start()
        expect(await server.ready()).toBeLessThan(READY_SECONDS)
        await assertShownOverHttp(key)
      }
    },
    60_000 + KILLS * 30_000,
  )

  it('goes on trading on the same books', async () => {
    const token = await server.login(dataDir)
    const key = await server.createKey(token)
    const count = known.signals.size
    await postSignal(key, 'after-the-kills', 'CLOSE')
    expect(known.signals.size).toBe(count + 1)
    expect(await server.kill('SIGTERM')).toBe(0)
    await assertBooksAreWhole()
  })
})

/** What was answered is there for the next reader as well. */
async function assertShownOverHttp(key: string): Promise<void> {
  const missing = new Set(known.signals.values())
  // Recent first, and the stand-in's own signals are among them.
  for (let page = 1; missing.size > 0 && page <= 100; page += 1) {
    const path = `/v1/signals?strategy_id=ppo_v1&per_page=100&page=${page}`
    const { data } = (await server.call('GET', path, key)).body as { data: { signal_id: string }[] }
    for (const { signal_id } of data) missing.delete(signal_id)
    if (data.length === 0) break
  }
  expect([...missing]).toEqual([])
  for (const orderId of [...known.orders].slice(-10)) {
    expect((await server.call('GET', `/v1/orders/${orderId}`, key)).status).toBe(200)
  }
}
