import { insertAlerts, insertBars, insertSignals, insertUser } from '@quantdeck/db'
import { sampleSignal } from '@quantdeck/db/testing'
import {
  type AlertSeverity,
  type Bar,
  calendarById,
  Decimal,
  type JsonValue,
  type Session,
  sessionsBetween,
  VirtualClock,
} from '@quantdeck/domain'
import type { DatabaseKind } from '@quantdeck/db'
import { randomUUID } from 'node:crypto'

import { startTestApi, type TestApi, type TestApiOptions } from '../harness.ts'
import { SeedMarket } from './market.ts'
import { eventually, fundLive, seedCatalog, stock } from './seed.ts'

/** When the v1 document's examples were taken: a Sunday evening, five days after AAPL was bought. */
export const V1_NOW = '2026-01-25T22:35:00Z'
/** The document's login, literally. */
export const V1_USER = { email: 'user@example.com', password: '********' }

const DOCUMENT_CONFIG = {
  model_type: 'xgboost',
  features: ['rsi_14', 'macd', 'volume_sma_20'],
  signal_threshold: 0.6,
  stop_loss_pct: '2.0',
  take_profit_pct: '5.0',
  risk_per_trade_pct: '1.5',
}

export interface V1State {
  api: TestApi
  clock: VirtualClock
  market: SeedMarket
  /** Of an admin, valid at V1_NOW. */
  token: string
}

/** The state of the v1 document: momentum_v1 with its AAPL position, orders in every status, alerts of every kind. */
export async function startV1State(engine: DatabaseKind, options: TestApiOptions = {}): Promise<V1State> {
  const clock = new VirtualClock(new Date('2026-01-15T10:00:00Z'))
  const api = await startTestApi({ ...options, engine, clock, env: { INITIAL_CAPITAL: '200000' } })
  const market = new SeedMarket(api.deps, clock)
  await fundLive(api.deps, '50000')
  await seedCatalog(api.deps, ['AAPL', 'MSFT', 'GOOG', 'TSLA'].map(stock), [
    {
      strategyId: 'momentum_v1',
      name: 'Momentum Strategy V1',
      description: 'XGBoost-based momentum trading on S&P 500 stocks',
      universe: ['AAPL', 'MSFT', 'GOOG'],
      capital: '90000',
      config: DOCUMENT_CONFIG,
    },
    { strategyId: 'reversal_v2', name: 'Reversal V2', universe: ['AAPL', 'TSLA'], capital: '60000' },
    { strategyId: 'paused_v1', name: 'Paused V1', status: 'inactive', capital: '10000' },
    { strategyId: 'lab_v3', name: 'Lab V3', mode: 'BACKTEST', universe: ['AAPL'], capital: '10000' },
    { strategyId: 'live_v1', name: 'Live V1', mode: 'LIVE', universe: ['TSLA'], capital: '50000' },
  ])
  await seedHistory(api)
  await trade(market)
  await seedAlerts(api)
  await seedLogin(api)
  await orderOverRest(api, clock)
  clock.advanceTo(new Date(V1_NOW))
  const token = await api.login('admin')
  await orderForTheOpen(api, token)
  return { api, clock, market, token }
}

async function trade(market: SeedMarket): Promise<void> {
  const momentum = { strategyId: 'momentum_v1', isEntry: true } as const
  const reversal = { strategyId: 'reversal_v2', isEntry: true } as const
  // Two closed round trips, one won and one lost, before the position of the example.
  await market.play({
    at: '2026-01-16T15:00:00Z',
    symbol: 'GOOG',
    price: '100',
    orders: [{ ...momentum, side: 'BUY', quantity: '50' }],
  })
  await market.play({
    at: '2026-01-16T16:00:00Z',
    symbol: 'GOOG',
    price: '104',
    orders: [{ ...momentum, side: 'SELL', quantity: '50', isEntry: false }],
  })
  await market.play({
    at: '2026-01-16T17:00:00Z',
    symbol: 'TSLA',
    price: '400',
    orders: [{ ...reversal, side: 'SELL', quantity: '10' }],
  })
  await market.play({
    at: '2026-01-16T18:00:00Z',
    symbol: 'TSLA',
    price: '410',
    orders: [{ ...reversal, side: 'BUY', quantity: '10', isEntry: false }],
  })
  await market.play({
    at: '2026-01-20T14:30:00Z',
    symbol: 'AAPL',
    price: '150.25',
    orders: [
      { ...momentum, side: 'BUY', quantity: '100', orderType: 'LIMIT', limitPrice: new Decimal('150.25') },
    ],
  })
  await market.play({
    at: '2026-01-21T15:00:00Z',
    symbol: 'TSLA',
    price: '400',
    orders: [{ ...reversal, side: 'SELL', quantity: '20' }],
  })
  await market.play({
    at: '2026-01-21T15:30:00Z',
    symbol: 'TSLA',
    price: '400',
    mode: 'LIVE',
    orders: [{ strategyId: 'live_v1', side: 'BUY', quantity: '5', isEntry: true }],
  })
  await market.play({ at: '2026-01-22T21:00:00Z', symbol: 'AAPL', price: '149.00' })
  await market.play({ at: '2026-01-23T15:00:00Z', symbol: 'AAPL', price: '155.80' })
  await market.play({ at: '2026-01-23T15:00:00Z', symbol: 'MSFT', price: '379.85' })
}

/** Orders through the front door and the simulated broker: filled, resting, cancelled, refused, waiting for the open. */
async function orderOverRest(api: TestApi, clock: VirtualClock): Promise<void> {
  clock.advanceTo(new Date('2026-01-23T15:00:00Z'))
  const token = await api.login('admin')
  const post = async (body: Record<string, string>) => {
    const order = { strategy_id: 'momentum_v1', symbol: 'MSFT', side: 'BUY', order_type: 'LIMIT', ...body }
    const { body: answer } = await api.call('POST', '/v1/orders', { token, body: order })
    return (answer as { data?: { order_id: string } }).data?.order_id ?? ''
  }
  const reached = (orderId: string, status: string) =>
    eventually(async () => {
      const { body } = await api.call('GET', `/v1/orders/${orderId}`, { token })
      return (body as { data: { status: string } }).data.status === status
    }, `${status} of ${orderId}`)
  await reached(await post({ quantity: '50', limit_price: '380.00', stop_loss: '370' }), 'FILLED')
  await reached(await post({ quantity: '10', limit_price: '370.00', time_in_force: 'GTC' }), 'SUBMITTED')
  const cancelled = await post({ quantity: '5', limit_price: '371.00' })
  await reached(cancelled, 'SUBMITTED')
  await api.call('DELETE', `/v1/orders/${cancelled}`, { token })
  await reached(cancelled, 'CANCELLED')
  await post({ quantity: '10000', limit_price: '380.00' })
}

/** On the weekend an order waits for the open. */
async function orderForTheOpen(api: TestApi, token: string): Promise<void> {
  const order = { strategy_id: 'momentum_v1', symbol: 'MSFT', side: 'BUY', order_type: 'MARKET' }
  const body = { ...order, quantity: '3', time_in_force: 'OPG', stop_loss: '370' }
  const { status, text } = await api.call('POST', '/v1/orders', { token, body })
  if (status !== 201) throw new Error(`no waiting order: ${status} ${text}`)
}

/** Two years of bars and a signal every ten sessions: what the document's backtest replays. */
async function seedHistory({ deps }: TestApi): Promise<void> {
  const sessions = sessionsBetween(calendarById('NYSE'), new Date('2024-01-01'), new Date('2026-01-01'))
  for (const symbol of ['AAPL', 'MSFT', 'GOOG']) {
    await insertBars(
      deps.db.kysely,
      sessions.map((session, index) => dailyBar(symbol, session, index)),
    )
  }
  const signals = sessions.filter((_session, index) => index % 10 === 5)
  await insertSignals(
    deps.db.kysely,
    signals.map((session, index) =>
      sampleSignal({
        symbol: 'AAPL',
        signal: index % 2 === 0 ? 'LONG' : 'CLOSE',
        size: 0.2,
        entryPrice: null,
        stopLoss: null,
        signalAt: new Date(session.openMs + 1_000),
        receivedAt: new Date(session.openMs + 1_000),
      }),
    ),
  )
}

/** A slow wave with a trend: some round trips win, some lose. */
function dailyBar(symbol: string, session: Session, index: number): Bar {
  const at = (day: number) => new Decimal((100 + 12 * Math.sin(day / 9) + day / 25).toFixed(2))
  const [open, close] = [at(index - 1), at(index)]
  return {
    symbol,
    intervalSeconds: 86_400,
    openedAt: new Date(session.openMs),
    closedAt: new Date(session.closeMs),
    open,
    high: Decimal.max(open, close).plus('0.25'),
    low: Decimal.min(open, close).minus('0.25'),
    close,
    volume: new Decimal(1_000),
    source: 'seeded',
  }
}

async function seedLogin({ deps }: TestApi): Promise<void> {
  const passwordHash = await deps.auth.passwords.hash(V1_USER.password)
  const createdAt = deps.clock.now()
  const user = { userId: randomUUID(), email: V1_USER.email, name: 'User', role: 'viewer' as const }
  await insertUser(deps.db.kysely, { ...user, passwordHash, createdAt, updatedAt: createdAt })
}

async function seedAlerts({ deps }: TestApi): Promise<void> {
  const alert = (
    severity: AlertSeverity,
    message: string,
    at: string,
    context: Record<string, JsonValue>,
  ) => ({
    alertId: randomUUID(),
    severity,
    code: 'SEEDED',
    message,
    context,
    strategyId: 'momentum_v1',
    dedupeKey: null,
    acknowledged: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
    createdAt: new Date(at),
  })
  await insertAlerts(deps.db.kysely, [
    alert('INFO', 'Session opened', '2026-01-20T14:30:00Z', {}),
    { ...alert('WARNING', 'Drawdown warning', '2026-01-22T21:00:00Z', {}), strategyId: 'reversal_v2' },
    {
      ...alert('ERROR', 'Feed was late', '2026-01-23T15:00:00Z', {}),
      ...acknowledged('2026-01-23T16:00:00Z'),
    },
    alert('CRITICAL', 'Kill switch triggered: Max drawdown exceeded -10%', '2026-01-25T15:30:00Z', {
      strategy_id: 'momentum_v1',
      current_drawdown: '-10.5',
      threshold: '-10.0',
    }),
  ])
}

function acknowledged(at: string) {
  return { acknowledged: true, acknowledgedAt: new Date(at), acknowledgedBy: 'admin' }
}
