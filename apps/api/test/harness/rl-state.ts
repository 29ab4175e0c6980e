import { calendarById, MINUTE_MS, sessionsBetween, VirtualClock } from '@quantdeck/domain'
import type { DatabaseKind } from '@quantdeck/db'

import { startTestApi, type TestApi } from '../harness.ts'
import { SeedMarket } from './market.ts'
import { createKey, seedCatalog, USDCOP } from './seed.ts'

/** When the rl document's examples were taken: in the session, five seconds after the signal. */
export const RL_NOW = '2026-01-07T16:30:00Z'
export const RL_CLOSE = '2026-01-07T18:00:00Z'

/** The signal of the document as a bot posts it; the rest is computed. */
export const RL_SIGNAL = {
  strategy_code: 'ppo_v1',
  symbol: 'USD/COP',
  signal: 'LONG',
  confidence: 0.75,
  size: 0.5,
  entry_price: 4350.25,
  stop_loss: 4320,
  take_profit: 4410,
  reasoning: 'Bullish momentum detected with DXY weakness',
  timestamp: '2026-01-07T16:29:55Z',
}

export interface RlState {
  api: TestApi
  clock: VirtualClock
  market: SeedMarket
  /** Of an admin, with every scope. */
  key: string
}

/** The state of the rl document: ppo_v1 after 45 trades (26 won) from 10,000 to 10,550, one open position, one signal. */
export async function startRlState(engine: DatabaseKind, heartbeatMs = 200): Promise<RlState> {
  const clock = new VirtualClock(new Date('2025-12-08T13:00:00Z'))
  const api = await startTestApi({ engine, clock, heartbeatMs })
  const market = new SeedMarket(api.deps, clock)
  const ppo = {
    strategyId: 'ppo_v1',
    name: 'PPO Conservative',
    universe: ['USD/COP'],
    capital: '10000',
    config: { model_type: 'ppo' },
  }
  await seedCatalog(
    api.deps,
    [USDCOP],
    [ppo, { ...ppo, strategyId: 'secret_v1', name: 'Nobody else', isPublic: false }],
  )
  await playTrades(market)
  await market.play({
    at: '2026-01-07T14:15:00Z',
    symbol: 'USD/COP',
    price: '4340',
    orders: [{ strategyId: 'ppo_v1', side: 'BUY', quantity: '1', isEntry: true }],
  })
  clock.advanceTo(new Date(RL_SIGNAL.timestamp))
  const key = await createKey(api, await api.login('admin'), ['read', 'signals', 'orders'])
  await postModel(api, key)
  await market.play({ at: RL_NOW, symbol: 'USD/COP', price: '4350.25' })
  return { api, clock, market, key }
}

/** USD 28 a win, 10 a loss, 40 the last: 25 x 28 + 40 - 19 x 10 = 550 with 2,000 units closed at 4,000. */
const WIN = '3944'
const LOSS = '4020'
const LAST_WIN = '3920'

function entryPrices(): string[] {
  const pairs = Array.from({ length: 19 }, () => [WIN, LOSS]).flat()
  return [...pairs, ...Array.from({ length: 6 }, () => WIN), LAST_WIN]
}

async function playTrades(market: SeedMarket): Promise<void> {
  const sessions = sessionsBetween(calendarById('USDCOP'), new Date('2025-12-09'), new Date('2026-01-07'))
  const order = { strategyId: 'ppo_v1', quantity: '2000' } as const
  for (const [index, price] of entryPrices().entries()) {
    const session = sessions[Math.floor(index / 3)]
    if (session === undefined) throw new Error('45 trades need 15 sessions')
    const at = (minutes: number) =>
      new Date(session.openMs + ((index % 3) * 60 + minutes) * MINUTE_MS).toISOString()
    const stop = { price, symbol: 'USD/COP' }
    await market.play({ ...stop, at: at(5), orders: [{ ...order, side: 'BUY', isEntry: true }] })
    await market.play({
      ...stop,
      price: '4000',
      at: at(35),
      orders: [{ ...order, side: 'SELL', isEntry: false }],
    })
  }
}

/** A baseline, as many live actions of the same kind, and the document's signal, all through the front door. */
async function postModel(api: TestApi, key: string): Promise<void> {
  const actions = Array.from({ length: 400 }, (_value, index) => Math.sin(index * 0.7) * 0.9)
  const put = await api.call('PUT', '/v1/models/ppo_v1/baseline', {
    token: await api.login('admin'),
    body: { actions },
  })
  const inferences = actions
    .slice(0, 120)
    .map((action) => ({ strategy_code: 'ppo_v1', action, timestamp: RL_SIGNAL.timestamp }))
  const posted = await api.call('POST', '/api/inferences', { token: key, body: { inferences } })
  const signal = await api.call('POST', '/api/signals', { token: key, body: RL_SIGNAL })
  for (const { status, text } of [put, posted, signal]) if (status >= 300) throw new Error(text)
}
