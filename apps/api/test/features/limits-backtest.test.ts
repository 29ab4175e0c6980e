import { insertInstrument, insertStrategy, upsertPositions } from '@quantdeck/db'
import { samplePosition, sampleStrategy } from '@quantdeck/db/testing'
import { Decimal, ZERO } from '@quantdeck/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../harness.ts'
import { USDCOP } from '../harness/seed.ts'

let api: TestApi
let token: string

beforeAll(async () => {
  api = await startTestApi({ logLevel: 'warn' })
  token = await api.enter(api.users.admin.userId)
  const { kysely } = api.deps.db
  await insertInstrument(kysely, USDCOP)
  const strategyId = 'fx_v1'
  const allocatedCapital = new Decimal(20_000)
  await insertStrategy(kysely, sampleStrategy({ strategyId, universe: ['USD/COP'], allocatedCapital }))
  const times = [10, 11, 12].map((hour) => new Date(`2026-01-07T${hour}:00:00Z`))
  for (const openedAt of times) {
    const closed = {
      quantity: ZERO,
      costBasis: ZERO,
      costUsd: ZERO,
      closedQuantity: new Decimal(10_000),
      peakQuantity: new Decimal(10_000),
      entryPrice: new Decimal(4_000),
      exitPrice: new Decimal(3_990),
      stopLoss: new Decimal(3_980),
      closedAt: new Date(openedAt.getTime() + 1_800_000),
    }
    const position = samplePosition({ strategyId, symbol: 'USD/COP', openedAt, ...closed })
    await upsertPositions(kysely, [{ ...position, realizedUsd: new Decimal(-25) }])
  }
}, 60_000)

afterAll(() => api?.close())

it('holds trades in a pair against limits in USD: 10,000 USD/COP at 4,000 are worth 10,000, not 40 millions', async () => {
  const replay = async (limits: object) => {
    const { body, text } = await api.call('POST', '/v1/strategies/fx_v1/limits/backtest', {
      token,
      body: { limits },
    })
    expect(body, text).toHaveProperty('data')
    return (body as { data: { denied: { code: string; orders: number }[]; with: { trades: number } } }).data
  }
  const generous = { max_order_notional_of_allocation: '1', max_order_notional_of_account_equity: '1' }
  expect(await replay({ ...generous, max_trades_per_day: 20, loss_streak: 10 })).toMatchObject({
    denied: [],
    with: { trades: 3 },
  })
  expect((await replay({ ...generous, max_trades_per_day: 2, loss_streak: 10 })).denied).toEqual([
    expect.objectContaining({ code: 'MAX_TRADES_PER_DAY', orders: 1 }),
  ])
  const small = await replay({ ...generous, max_order_notional_of_allocation: '0.4', loss_streak: 10 })
  expect(small.denied).toEqual([expect.objectContaining({ code: 'MAX_ORDER_NOTIONAL', orders: 3 })])
})
