import { expect } from 'vitest'
import type { Answer, Rest } from './api.ts'

/** A strategy that trades with real money on markets that never close. */
export const LIVE_STRATEGY = 'four_eyes_v1'
export const LIVE_SYMBOLS = ['FOUR/USD', 'EYES/USD'] as const
/** What either symbol costs; nothing moves it. */
export const LIVE_PRICE = 100

const DAY_MS = 86_400_000

export interface Admins {
  admin: Rest
  /** Another one: nobody approves their own request. */
  approver: Rest
}

async function done<T>(answer: Promise<Answer<T>>, expected: number): Promise<T> {
  const { status, body } = await answer
  expect(status, JSON.stringify(body)).toBe(expected)
  return body
}

/** By the same calls as a person's: an instrument with a price, a strategy, and the four eyes that it takes to trade LIVE. */
export async function startLiveStrategy(admins: Admins): Promise<void> {
  const { admin } = admins
  // What is bought and sold at one price loses its costs: three of that in a row would be a cooldown.
  await setAccountLimits(admin, { loss_streak: 1000 })
  for (const symbol of LIVE_SYMBOLS) await bringPrice(admin, symbol)
  const strategy = { name: 'Four eyes', universe: LIVE_SYMBOLS, allocated_capital: '10000' }
  await done(admin.call('POST', '/v1/strategies', { strategy_id: LIVE_STRATEGY, ...strategy }), 201)
  await goLive(admins)
  await done(admin.call('PATCH', `/v1/strategies/${LIVE_STRATEGY}`, { status: 'active' }), 200)
}

async function setAccountLimits(admin: Rest, limits: object): Promise<void> {
  await done(admin.call('PUT', '/v1/risk/limits', { limits, reason: 'browser suite' }), 200)
}

/** A daily bar is news for a day: however slow the machine, the price does not grow old. */
async function bringPrice(admin: Rest, symbol: string): Promise<void> {
  const kind = { contract_type: 'CRYPTO', calendar: '24/7', bar_interval_seconds: DAY_MS / 1000 }
  await done(admin.call('POST', '/v1/instruments', { symbol, ...kind }), 201)
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const price = String(LIVE_PRICE)
  const bar = { opened_at: new Date(today - DAY_MS).toISOString(), volume: '1' }
  const bars = [{ ...bar, open: price, high: price, low: price, close: price }]
  await done(admin.call('POST', '/v1/market-data/bars', { symbol, bars }), 202)
}

async function goLive({ admin, approver }: Admins): Promise<void> {
  const move = { strategy_id: LIVE_STRATEGY, from_mode: 'BACKTEST', to_mode: 'LIVE' }
  const asked = await done(
    admin.call<{ data: { approval_id: string } }>('POST', '/v1/controls/approvals', {
      ...move,
      reason: 'browser suite',
    }),
    201,
  )
  const path = `/v1/controls/approvals/${asked.data.approval_id}/approve`
  const granted = await done(approver.call<{ data: { approval_code: string } }>('POST', path), 200)
  const { approval_code } = granted.data
  await done(admin.call('POST', '/v1/controls/mode-transition', { ...move, approval_code }), 200)
}

/** Back to where it disturbs nobody, also after a test that ended early. */
export async function endLiveStrategy(admins: Admins): Promise<void> {
  const { admin } = admins
  if ((await stopsOf(admin)).length > 0) await releaseLiveStrategy(admins)
  const move = { strategy_id: LIVE_STRATEGY, from_mode: 'LIVE', to_mode: 'BACKTEST' }
  await done(admin.call('PATCH', `/v1/strategies/${LIVE_STRATEGY}`, { status: 'inactive' }), 200)
  await done(admin.call('POST', '/v1/controls/mode-transition', move), 200)
  await setAccountLimits(admin, {})
}

export async function stopLiveStrategy({ admin }: Admins, reason: string): Promise<void> {
  const stop = { action: 'activate', strategy_id: LIVE_STRATEGY, reason }
  await done(admin.call('POST', '/v1/controls/kill-switch', stop), 200)
}

/** One asks, the other approves. */
async function releaseLiveStrategy({ admin, approver }: Admins): Promise<void> {
  const release = { action: 'deactivate', strategy_id: LIVE_STRATEGY, reason: 'browser suite' }
  const asked = await done(
    admin.call<{ approval_id: string }>('POST', '/v1/controls/kill-switch', release),
    202,
  )
  await done(approver.call('POST', `/v1/controls/approvals/${asked.approval_id}/approve`), 200)
}

/** Opens a position in each symbol, one long and one short, and waits until both are held. */
export async function openPositions({ admin }: Admins): Promise<Held[]> {
  const market = { strategy_id: LIVE_STRATEGY, order_type: 'MARKET' }
  const [long, short] = LIVE_SYMBOLS
  const orders = [
    { symbol: long, side: 'BUY', quantity: '12', stop_loss: String(LIVE_PRICE * 0.95) },
    { symbol: short, side: 'SELL', quantity: '5', stop_loss: String(LIVE_PRICE * 1.05) },
  ]
  for (const order of orders) await done(admin.call('POST', '/v1/orders', { ...market, ...order }), 201)
  await expect.poll(async () => (await heldBy(admin)).length, { timeout: 10_000 }).toBe(orders.length)
  return heldBy(admin)
}

interface Held {
  symbol: string
  quantity: string
  market_value: string
  mode: string
}

/** In the order of their symbols. */
export async function heldBy(rest: Rest): Promise<Held[]> {
  const { data } = await rest.get<{ data: Held[] }>(`/v1/positions?strategy_id=${LIVE_STRATEGY}`)
  return data.sort((a, b) => a.symbol.localeCompare(b.symbol))
}

interface Scope {
  scope: string
  level: string
  cause: string
}

/** What stops the strategy by itself, such as `HALTED manual`. */
export async function stopsOf(rest: Rest): Promise<string[]> {
  const { data } = await rest.get<{ data: { scopes: Scope[] } }>('/v1/controls/kill-switch')
  return data.scopes
    .filter(({ scope, level }) => scope === `strategy:${LIVE_STRATEGY}` && level !== 'ACTIVE')
    .map(({ level, cause }) => `${level} ${cause}`)
}
