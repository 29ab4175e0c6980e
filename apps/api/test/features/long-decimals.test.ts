import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startV1State, type V1State } from '../harness/v1-state.ts'

/** A float that is written with 21 decimals; no price of ours has more than 18. */
const LONG = 0.000001000000000000002

describe('prices with more decimals than any price has', () => {
  let state: V1State
  beforeAll(async () => {
    state = await startV1State('pglite')
  })
  afterAll(() => state.api.close())

  it('are rounded in a signal, which is judged like any other', async () => {
    const body = { strategy_code: 'momentum_v1', symbol: 'GOOG', signal: 'LONG', confidence: 0.9, size: 0.1 }
    const prices = { entry_price: 100, take_profit: LONG }
    const { status, text } = await state.api.call('POST', '/api/signals', {
      token: state.token,
      body: { ...body, ...prices },
    })
    expect(status, text).toBe(202)
  })

  it('leave a new instrument with bars, and orders for it with an answer', async () => {
    const { api, token, clock } = state
    const instrument = { symbol: 'DUST', contract_type: 'CRYPTO', currency: 'USD', calendar: '24/7' }
    const steps = { tick_size: '0.00000001', lot_size: '1', min_quantity: '1' }
    const created = await api.call('POST', '/v1/instruments', { token, body: { ...instrument, ...steps } })
    expect(created.status, created.text).toBe(201)
    const openedAt = new Date(clock.nowMs() - 120_000).toISOString()
    const bar = { opened_at: openedAt, open: LONG, high: LONG, low: LONG, close: LONG, volume: 1 }
    const bars = { symbol: 'DUST', interval_seconds: 60, bars: [bar] }
    const posted = await api.call('POST', '/v1/market-data/bars', { token, body: bars })
    expect(posted.body).toMatchObject({ data: { rows_accepted: 1 } })
    const order = {
      strategy_id: 'momentum_v1',
      symbol: 'DUST',
      side: 'BUY',
      quantity: '1',
      order_type: 'MARKET',
    }
    const preview = await api.call('POST', '/v1/orders/preview', { token, body: order })
    expect(preview.status, preview.text).toBe(200)
  })
})
