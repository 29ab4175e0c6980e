import { V1_PERIODS, Decimal, ZERO } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { TestApi } from '../harness.ts'
import { startDemoApi } from '../harness/demo.ts'

interface Summary {
  total_pnl: string
  total_pnl_percent: string
  max_drawdown: string
  win_rate: string
  total_trades: number
  active_positions: number
  capital_deployed: string
  available_capital: string
  equity_curve: { date: string; value: string }[]
  undefined_metrics: string[]
}

interface V1Row extends Record<string, string | number | null> {
  strategy_id: string
  symbol: string
  quantity: string
  unrealized_pnl: string
  average_entry_price: string
}

let api: TestApi
let token: string

beforeAll(async () => {
  api = await startDemoApi()
  token = await api.login('admin')
})

afterAll(() => api.close())

async function read<T>(path: string): Promise<T> {
  const { status, body, text } = await api.call('GET', path, { token })
  expect(status, text).toBe(200)
  return body as T
}

async function summary(query: string): Promise<Summary> {
  return (await read<{ data: Summary }>(`/v1/metrics/summary?${query}`)).data
}

async function everyPage<T>(path: string): Promise<T[]> {
  const rows: T[] = []
  for (let page = 1; ; page += 1) {
    const { data, meta } = await read<{ data: T[]; meta: { total_count: number } }>(
      `${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`,
    )
    rows.push(...data)
    if (rows.length >= meta.total_count || data.length === 0) return rows
  }
}

const sum = (values: readonly string[]) => values.reduce((total, value) => total.plus(value), ZERO)
const near = (actual: string | number, expected: Decimal | number, digits: number) =>
  expect(new Decimal(actual).minus(expected).abs().toNumber()).toBeLessThanOrEqual(0.51 * 10 ** -digits)

/** Percent, zero or negative, by the definition: the deepest fall below the highest value so far. */
function deepestFall(curve: readonly { value: string }[]): number {
  let peak = 0
  let deepest = 0
  for (const { value } of curve) {
    peak = Math.max(peak, Number(value))
    deepest = Math.min(deepest, Number(value) / peak - 1)
  }
  return deepest * 100
}

describe('the demo, read through both families at one instant', () => {
  it('counts open positions the same everywhere, and values them the same', async () => {
    const v1Positions = await everyPage<V1Row>('/v1/positions')
    const { meta } = await read<{ meta: { total_count: number; total_unrealized_pnl: string } }>(
      '/v1/positions',
    )
    const rl = await read<{
      total_positions: number
      total_unrealized_pnl: number
      positions: Record<string, string | number>[]
    }>('/api/positions')
    expect(v1Positions.length).toBeGreaterThan(0)
    expect(meta.total_count).toBe(v1Positions.length)
    expect(rl.total_positions).toBe(v1Positions.length)
    expect(rl.positions).toHaveLength(v1Positions.length)
    expect((await summary('period=all')).active_positions).toBe(v1Positions.length)
    expect(rl.total_unrealized_pnl).toBe(Number(meta.total_unrealized_pnl))
    near(meta.total_unrealized_pnl, sum(v1Positions.map((row) => row.unrealized_pnl)), 1)
    for (const row of v1Positions) {
      const twin = rl.positions.find(
        (one) => one['strategy_code'] === row.strategy_id && one['symbol'] === row.symbol,
      )
      expect(twin).toMatchObject({
        side: row.quantity.startsWith('-') ? 'sell' : 'buy',
        quantity: Math.abs(Number(row.quantity)),
        current_price: Number(row['current_price']),
        unrealized_pnl: Number(row.unrealized_pnl),
        unrealized_pnl_pct: Number(row['unrealized_pnl_pct']),
        entry_time: row['opened_at'],
      })
    }
  })

  it.each(V1_PERIODS)('ends the curve of %s at its start plus the total P&L, to the cent', async (period) => {
    const { equity_curve: curve, total_pnl, total_pnl_percent } = await summary(`period=${period}`)
    const [first, last] = [curve[0]?.value ?? '0', curve.at(-1)?.value ?? '0']
    expect(curve.length).toBeGreaterThan(1)
    expect(new Decimal(first).plus(total_pnl).toFixed(2)).toBe(last)
    near(total_pnl_percent, new Decimal(total_pnl).div(first).times(100), 2)
    const dates = curve.map(({ date }) => date)
    expect(dates).toEqual([...new Set(dates)].sort())
    expect(dates.every((date) => (period === '1d' ? date.endsWith('Z') : date.length === 10))).toBe(true)
  })

  it('starts at the initial capital of the account for all time', async () => {
    const { equity_curve: curve } = await summary('period=all&mode=PAPER')
    expect(curve[0]?.value).toBe('100000.00')
  })

  it.each(V1_PERIODS)('publishes the drawdown of %s that its own curve has', async (period) => {
    const { equity_curve: curve, max_drawdown } = await summary(`period=${period}`)
    expect(Number(max_drawdown)).toBeLessThanOrEqual(0)
    near(max_drawdown, deepestFall(curve), 2)
  })

  it('splits equity into capital, unrealised P&L and what is free', async () => {
    const { equity_curve: curve, capital_deployed, available_capital } = await summary('period=1m')
    const { meta } = await read<{ meta: { total_unrealized_pnl: string } }>('/v1/positions')
    const equity = sum([capital_deployed, available_capital, meta.total_unrealized_pnl])
    near(equity.toFixed(), new Decimal(curve.at(-1)?.value ?? 0), 1)
  })

  it('adds up: the account is the sum of its strategies, trade by trade and dollar by dollar', async () => {
    const all = await summary('period=all&mode=PAPER')
    const { data: strategies } = await read<{ data: { strategy_id: string }[] }>('/v1/strategies')
    const pnl: string[] = []
    for (const { strategy_id } of strategies) {
      const { data } = await read<{ data: { performance: { total_pnl: string } } }>(
        `/v1/strategies/${strategy_id}`,
      )
      pnl.push(data.performance.total_pnl)
    }
    near(all.total_pnl, sum(pnl), 1)
    const trades = await everyPage<{ strategy_id: string; pnl: string }>('/v1/trades')
    expect(all.total_trades).toBe(trades.length)
    const won = trades.filter((trade) => Number(trade.pnl) > 0).length
    near(all.win_rate, won / trades.length, 2)
  })

  it('tells the same of a strategy in /api/performance and /v1/strategies/{id}', async () => {
    const { strategies } = await read<{ strategies: Record<string, number | string>[] }>(
      '/api/performance?period=all',
    )
    expect(strategies.length).toBe(4)
    for (const rl of strategies) {
      const { data } = await read<{
        data: { name: string; allocated_capital: string; performance: Record<string, string> }
      }>(`/v1/strategies/${rl['strategy_code']}`)
      const { performance } = data
      expect(rl['strategy_name']).toBe(data.name)
      expect(rl['initial_equity']).toBe(Number(data.allocated_capital))
      near(Number(rl['current_equity']) - Number(rl['initial_equity']), Number(performance['total_pnl']), 1)
      near(performance['sharpe_ratio'] ?? '', Number(rl['sharpe_ratio']), 2)
      near(performance['max_drawdown'] ?? '', Number(rl['max_drawdown_pct']), 2)
      expect(Number(performance['win_rate'])).toBe(rl['win_rate'])
      near(
        Number(rl['total_return_pct']),
        (Number(rl['current_equity']) / Number(rl['initial_equity']) - 1) * 100,
        3,
      )
      expect(Number(rl['winning_trades']) + Number(rl['losing_trades'])).toBeLessThanOrEqual(
        Number(rl['total_trades']),
      )
    }
  })

  it('holds exactly what its filled orders bought and sold', async () => {
    const orders = await everyPage<Record<string, string>>('/v1/orders?mode=PAPER')
    const held = new Map<string, Decimal>()
    for (const { strategy_id, symbol, side, status, quantity, filled_quantity } of orders) {
      if (status === 'FILLED') expect(filled_quantity).toBe(quantity)
      const key = `${strategy_id} ${symbol}`
      const signed = new Decimal(filled_quantity ?? '0').times(side === 'BUY' ? 1 : -1)
      held.set(key, (held.get(key) ?? ZERO).plus(signed))
    }
    const positions = await everyPage<V1Row>('/v1/positions?mode=PAPER')
    const open = [...held].filter(([, quantity]) => !quantity.isZero())
    expect(Object.fromEntries(open.map(([key, quantity]) => [key, quantity.toFixed(2)]))).toEqual(
      Object.fromEntries(positions.map((row) => [`${row.strategy_id} ${row.symbol}`, row.quantity])),
    )
  })

  it('shows the fills of each open position as its entry orders', async () => {
    for (const row of await everyPage<V1Row>('/v1/positions')) {
      const { data } = await read<{ data: { entry_orders: { quantity: string; price: string }[] } }>(
        `/v1/positions/${row['position_id']}`,
      )
      const quantity = sum(data.entry_orders.map((entry) => entry.quantity))
      const cost = data.entry_orders.reduce(
        (total, one) => total.plus(new Decimal(one.price).times(one.quantity)),
        ZERO,
      )
      expect(quantity.toFixed(2)).toBe(new Decimal(row.quantity).abs().toFixed(2))
      near(row.average_entry_price, cost.div(quantity), 2)
    }
  })

  it('agrees on the market and on who trades', async () => {
    const latest = await read<{ market_price: number; signals: { strategy_code: string }[] }>(
      '/api/signals/latest',
    )
    const { data: markets } = await read<{ data: { is_primary: boolean; market_price: string }[] }>(
      '/v1/market/status',
    )
    expect(latest.market_price).toBe(Number(markets.find((market) => market.is_primary)?.market_price))
    const { data: strategies } = await read<{ data: { strategy_id: string }[] }>(
      '/v1/strategies?status=active',
    )
    expect(latest.signals.map((one) => one.strategy_code).sort()).toEqual(
      strategies.map((one) => one.strategy_id).sort(),
    )
    const health = await read<{ total_models: number; models: { status: string }[]; overall_status: string }>(
      '/api/monitor/health',
    )
    expect(health.models).toHaveLength(health.total_models)
    expect(health.models.map((model) => model.status)).not.toContain('critical')
  })
})
