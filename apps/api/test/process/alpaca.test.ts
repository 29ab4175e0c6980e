import { createTestDatabase, describePostgres, type TestDatabase } from '@quantdeck/db/testing'
import { ensureDefined } from '@quantdeck/domain'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { KEY_ID, LocalAlpaca, SECRET_KEY } from '../broker/local-alpaca/server.ts'
import { ServerProcess } from '../harness/server-process.ts'

const JWT_SECRET = 'a secret of the tests that is long enough'
const STRATEGY = 'alpaca_v1'
/** A process has to come up, on a machine that does other things as well. */
const PROCESS_MS = 120_000
vi.setConfig({ testTimeout: PROCESS_MS })

interface OrderBody {
  order_id: string
  status: string
  client_order_id: string
  filled_quantity: string
}

describePostgres('the product trading at a server that speaks Alpaca’s formats', () => {
  let alpaca: LocalAlpaca
  let database: TestDatabase
  let dataDir: string
  let server: ServerProcess
  let token: string
  let prices: NodeJS.Timeout
  let lastPrice = 100

  const env = (over: Record<string, string> = {}) => ({
    DATABASE_URL: ensureDefined(database.db.url, 'a URL'),
    JWT_SECRET,
    RATE_LIMITS: 'off',
    BROKER: 'alpaca',
    ALPACA_KEY_ID: KEY_ID,
    ALPACA_SECRET_KEY: SECRET_KEY,
    ALPACA_BASE_URL: alpaca.url,
    ALPACA_DATA_URL: alpaca.url,
    ...over,
  })

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-alpaca-'))
    database = await createTestDatabase('postgres')
    alpaca = new LocalAlpaca()
    alpaca.ratePerMinute = 100_000
    await alpaca.start()
    alpaca.exchange.price('AAPL', lastPrice)
    // A market that trades: several times a second, at the price of the moment.
    prices = setInterval(() => {
      const at = new Date().toISOString().replace('Z', '123456Z')
      alpaca.publish({ T: 't', S: 'AAPL', p: lastPrice, s: 1, t: at, i: 1, x: 'V', c: ['@'], z: 'C' })
    }, 200)
    server = new ServerProcess(dataDir, env())
    await server.ready()
    token = await server.login(dataDir)
    await setUp()
  }, PROCESS_MS)

  afterAll(async () => {
    clearInterval(prices)
    await server.kill('SIGKILL')
    await alpaca.stop()
    await database.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  async function call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; data: unknown }> {
    const answer = await server.call(method, path, token, body)
    return { status: answer.status, data: (answer.body as { data?: unknown }).data }
  }

  async function setUp(): Promise<void> {
    const instrument = { symbol: 'AAPL', contract_type: 'STOCK', calendar: '24/7', bar_interval_seconds: 60 }
    expect((await call('POST', '/v1/instruments', instrument)).status).toBe(201)
    const strategy = { strategy_id: STRATEGY, name: 'Alpaca', universe: ['AAPL'], allocated_capital: '50000' }
    expect((await call('POST', '/v1/strategies', strategy)).status).toBe(201)
    const transition = { strategy_id: STRATEGY, from_mode: 'BACKTEST', to_mode: 'PAPER' }
    expect((await call('POST', '/v1/controls/mode-transition', transition)).status).toBe(200)
    expect((await call('PATCH', `/v1/strategies/${STRATEGY}`, { status: 'active' })).status).toBe(200)
    // The first look at the instruments subscribes to the new one.
    await vi.waitFor(
      async () => {
        if (!JSON.stringify(await call('GET', '/v1/market/status')).includes('"market_price":"100'))
          throw new Error('no price')
      },
      { timeout: 60_000, interval: 250 },
    )
  }

  async function send(over: Record<string, unknown>): Promise<OrderBody> {
    const body = {
      strategy_id: STRATEGY,
      symbol: 'AAPL',
      side: 'BUY',
      quantity: '10',
      order_type: 'MARKET',
      ...over,
    }
    const { status, data } = await call('POST', '/v1/orders', body)
    expect([status, JSON.stringify(data)]).toEqual([201, expect.any(String)])
    return data as OrderBody
  }

  async function untilStatus(orderId: string, status: string, timeout = 20_000): Promise<void> {
    await expect
      .poll(async () => ((await call('GET', `/v1/orders/${orderId}`)).data as OrderBody).status, {
        timeout,
        interval: 100,
      })
      .toBe(status)
  }

  const heldHere = async () => {
    const { data } = await call('GET', '/v1/positions')
    return (data as { symbol: string; quantity: string }[]).map(
      ({ symbol, quantity }) => `${symbol} ${Number(quantity)}`,
    )
  }
  const heldThere = () =>
    alpaca.exchange.portfolio.list().map(({ symbol, qty }) => `${String(symbol)} ${Number(qty)}`)

  async function equityHere(): Promise<number> {
    const { data } = await call('GET', '/v1/metrics/summary?period=all')
    const { total_pnl: pnl } = data as { total_pnl: string }
    return 100_000 + Number(pnl)
  }

  it('says in /v1/health that it is connected', async () => {
    const { body } = await server.call('GET', '/v1/health', token)
    expect(JSON.stringify(body)).toMatch(/"broker_connection":\{"status":"healthy","broker":"alpaca"/)
  })

  it('fills an order of POST /v1/orders through the stream: position and equity agree with the broker', async () => {
    const order = await send({})
    await untilStatus(order.order_id, 'FILLED')
    expect(await heldHere()).toEqual(['AAPL 10'])
    expect(heldThere()).toEqual(['AAPL 10'])
    expect(alpaca.requestsOf('POST /v2/orders')).toHaveLength(1)
    lastPrice = 104
    alpaca.exchange.price('AAPL', 104)
    await expect
      .poll(equityHere, { timeout: 20_000, interval: 250 })
      .toBe(Number(alpaca.exchange.account()['equity']))
    expect(await equityHere()).toBe(100_040)
  })

  it('passes a refusal of the broker on as REJECTED with the reason', async () => {
    alpaca.faults.push({
      on: 'POST /v2/orders',
      status: 403,
      body: '{"buying_power":"0","code":40310000,"cost_basis":"1040","message":"insufficient buying power"}',
    })
    const order = await send({ quantity: '11' })
    await untilStatus(order.order_id, 'REJECTED')
    const { data } = await call('GET', `/v1/orders/${order.order_id}`)
    expect(JSON.stringify(data)).toContain('Alpaca: insufficient buying power (40310000)')
    expect(data).toMatchObject({ rejected_by: 'broker' })
  })

  it('finds out what happened while the broker could not be reached', async () => {
    const resting = await send({
      order_type: 'LIMIT',
      limit_price: '100',
      quantity: '5',
      time_in_force: 'GTC',
    })
    const other = await send({ order_type: 'LIMIT', limit_price: '101', quantity: '3', time_in_force: 'GTC' })
    await untilStatus(resting.order_id, 'SUBMITTED')
    await untilStatus(other.order_id, 'SUBMITTED')
    await alpaca.stop()
    alpaca.exchange.fill(resting.client_order_id, 2, 100)
    alpaca.exchange.fill(resting.client_order_id, 3, 99)
    alpaca.exchange.completeCancel(other.client_order_id)
    await alpaca.start()
    await untilStatus(resting.order_id, 'FILLED', 40_000)
    await untilStatus(other.order_id, 'CANCELLED', 40_000)
    expect(await heldHere()).toEqual(['AAPL 15'])
    expect(heldThere()).toEqual(['AAPL 15'])
  })

  it('finds out after kill -9 what happened while nobody was there, without sending anything twice', async () => {
    const resting = await send({
      order_type: 'LIMIT',
      limit_price: '100',
      quantity: '4',
      time_in_force: 'GTC',
    })
    await untilStatus(resting.order_id, 'SUBMITTED')
    const sent = alpaca.requestsOf('POST /v2/orders').length
    await server.kill('SIGKILL')
    alpaca.exchange.fill(resting.client_order_id, 4, 100)
    server = new ServerProcess(dataDir, env())
    await server.ready()
    token = await server.login(dataDir)
    await untilStatus(resting.order_id, 'FILLED', 10_000)
    expect(await heldHere()).toEqual(['AAPL 19'])
    expect(heldThere()).toEqual(['AAPL 19'])
    expect(alpaca.requestsOf('POST /v2/orders')).toHaveLength(sent)
  })

  it('raises an alert when the broker takes a fill back, which only a person can judge', async () => {
    const data = { event: 'trade_bust', order: [...alpaca.exchange.book.orders.values()][0] }
    alpaca.sendRaw(JSON.stringify({ stream: 'trade_updates', data }))
    await expect
      .poll(async () => (await server.call('GET', '/v1/alerts', token)).text, {
        timeout: 20_000,
        interval: 250,
      })
      .toMatch(/"severity":"CRITICAL".*"code":"BROKER_CORRECTION"/)
  })

  it('refuses to go LIVE with the keys of a paper account', async () => {
    const transition = { strategy_id: STRATEGY, from_mode: 'PAPER', to_mode: 'LIVE', approval_code: '000000' }
    const answer = await server.call('POST', '/v1/controls/mode-transition', token, transition)
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('a paper account')])
  })

  it('writes the keys nowhere', async () => {
    const said = server.out + server.err + (await server.call('GET', '/v1/alerts', token)).text
    expect(said).not.toContain(KEY_ID)
    expect(said).not.toContain(SECRET_KEY)
  })
})

describe('a start with Alpaca', () => {
  let alpaca: LocalAlpaca
  let dataDir: string
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-alpaca-start-'))
    alpaca = new LocalAlpaca()
    await alpaca.start()
  })
  afterAll(async () => {
    await alpaca.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const keys = () => ({
    BROKER: 'alpaca',
    ALPACA_KEY_ID: 'PKWRONGWRONG',
    ALPACA_SECRET_KEY: 'wrongwrongwrong',
    ALPACA_BASE_URL: alpaca.url,
  })

  it.each([
    [
      {},
      /^127\.0\.0\.1:\d+ refuses ALPACA_KEY_ID and ALPACA_SECRET_KEY: request is not authorized \(40110000\)\.\n$/,
    ],
    [
      { ALPACA_ACCOUNT: 'live' },
      /^A live account at Alpaca needs Postgres with fsync on: set DATABASE_URL\.\n$/,
    ],
  ])('with %j ends with one sentence and exit code 1', async (over, sentence) => {
    const server = new ServerProcess(dataDir, { ...keys(), ...over })
    expect(await server.exited).toBe(1)
    expect(server.err).toMatch(sentence)
    expect(server.out + server.err).not.toMatch(/PKWRONG|wrongwrong/)
  })

  it('while Alpaca cannot be reached succeeds, and says so in /v1/health', async () => {
    const server = new ServerProcess(dataDir, { ...keys(), ALPACA_BASE_URL: 'http://127.0.0.1:9' })
    await server.ready()
    const { body } = await server.call('GET', '/v1/health', await server.login(dataDir))
    expect(JSON.stringify(body)).toMatch(/"broker_connection":\{"status":"unhealthy","broker":"alpaca"/)
    expect(await server.kill('SIGTERM')).toBe(0)
  })
})
