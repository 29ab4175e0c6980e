import { accountScope, insertEquityPoints, insertStrategy, insertUser, strategyScope } from '@quantdeck/db'
import { samplePosition, sampleUser } from '@quantdeck/db/testing'
import {
  DAY_MS,
  Decimal,
  type Decimal as DecimalValue,
  formatPercent,
  HOUR_MS,
  percentNumber,
  type Position,
  RL_PERIODS,
  utcDay,
  V1_PERIODS,
  type V1Period,
} from '@quantdeck/domain'
import { maxDrawdown } from '@quantdeck/risk'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemActor } from '../../src/auth/actor.ts'
import { recordEquity } from '../../src/desk/risk-fold.ts'
import { tradeReturn } from '../../src/desk/valuation.ts'
import { dateRange } from '../../src/features/date-range.ts'
import { metricsWindow } from '../../src/features/metrics/operations-window.ts'
import { metricsSummary, strategyCurves, type Summary } from '../../src/features/metrics/operations.ts'
import { sessionCloses, sumCurves } from '../../src/features/performance/equity-curve.ts'
import { presentSummary } from '../../src/features/metrics/v1.ts'
import { windowMetrics } from '../../src/features/performance/metrics.ts'
import { listPerformance } from '../../src/features/performance/operations.ts'
import { presentPerformance } from '../../src/features/performance/present-rl.ts'
import { presentRiskStatus } from '../../src/features/risk/rl.ts'
import { riskStatus } from '../../src/features/risk/operations.ts'
import { later, post, price } from '../desk/acts.ts'
import { ACME, ADMIN, type DeskHouse, openDeskHouse, strategy, USDCOP } from '../desk/house.ts'

const d = (value: number | string): DecimalValue => new Decimal(value)
const AAPL = { ...ACME, symbol: 'AAPL' }

function trade(netPnl: number): Position {
  return {
    ...samplePosition({
      quantity: d(0),
      costBasis: d(0),
      closedQuantity: d(100),
      realizedUsd: d(netPnl),
      realizedQuote: d(netPnl),
      feesUsd: d(0),
      exitPrice: d(151),
      closedAt: new Date('2026-01-08T00:00:00Z'),
    }),
    seq: 1,
  }
}

describe('the figures of a window', () => {
  const from = new Date('2025-12-08T00:00:00Z')
  const to = new Date('2026-01-07T23:59:59Z')
  const curve = [10_000, 10_200, 10_100, 10_550].map((value, index) => ({
    at: new Date(from.getTime() + index * DAY_MS),
    equity: d(value),
  }))

  it('are those of the documents: 26 winners of 45 are 0.58, from 10,000 to 10,550 is 5.5 %', () => {
    const trades = [
      ...Array.from({ length: 26 }, () => trade(50)),
      ...Array.from({ length: 18 }, () => trade(-40)),
      trade(0),
    ]
    const metrics = windowMetrics({
      curve,
      closes: curve.map(({ equity }) => equity.toNumber()),
      trades,
      instruments: [AAPL],
      from,
      to,
    })
    expect(metrics).toMatchObject({ totalTrades: 45, winningTrades: 26, losingTrades: 18 })
    expect(metrics.winRate?.toFixed(2)).toBe('0.58')
    expect(percentNumber(metrics.totalReturn ?? 0, 4)).toBe(5.5)
    expect(formatPercent(metrics.maxDrawdown)).toBe('-0.98')
    expect(metrics.currentDrawdown).toBe(0)
    // 50 of an entry cost of 15,025.
    expect(metrics.averageWin).toBeCloseTo(50 / 15_025, 12)
  })

  it('that are undefined are null: no trade, no return, no capital', () => {
    const none = windowMetrics({
      curve: [{ equity: d(0) }],
      closes: [0],
      trades: [],
      instruments: [],
      from,
      to,
    })
    expect(none).toMatchObject({ totalReturn: null, sharpeRatio: null, winRate: null, profitFactor: null })
    expect([none.maxDrawdown, none.currentDrawdown]).toEqual([0, 0])
  })

  it('take the cost of a trade in USD, whatever it is quoted in, also when it made nothing', () => {
    const instruments = new Map([['USD/COP', USDCOP]])
    const pair = (realized: string) => ({
      ...trade(0),
      symbol: 'USD/COP',
      entryPrice: d(4000),
      closedQuantity: d(1000),
      realizedUsd: d(realized),
      feesUsd: d(1),
    })
    // 1,000 USD: gross 11 and 0, less a fee of 1.
    expect(tradeReturn(pair('11'), instruments)).toBe(0.01)
    expect(tradeReturn(pair('0'), instruments)).toBe(-0.001)
  })

  it('make one return of the hours of a day, and none of a day without a session', () => {
    const hours = [0, 1, 23, 25, 49].map((hour) => ({
      at: new Date(from.getTime() + hour * HOUR_MS),
      equity: d(100 + hour),
    }))
    const skipped = utcDay(from.getTime() + 25 * HOUR_MS)
    expect(sessionCloses(hours, () => true)).toEqual([100, 123, 125, 149])
    expect(sessionCloses(hours, (day) => day !== skipped)).toEqual([100, 123, 149])
  })

  it('add up curves that began at different times, the later one with its first value before', () => {
    const point = (value: number) => ({
      at: new Date(value),
      equity: d(value),
      realizedPnl: d(value / 2),
      unrealizedPnl: d(-value),
    })
    const [long, short] = [[1, 2, 3, 4].map(point), [10, 20].map(point)]
    const sum = sumCurves([long, short])
    expect(sum.map(({ equity }) => equity.toNumber())).toEqual([11, 12, 13, 24])
    expect(sum.map(({ realizedPnl }) => realizedPnl.toNumber())).toEqual([5.5, 6, 6.5, 12])
    expect(sum.map(({ unrealizedPnl }) => unrealizedPnl.toNumber())).toEqual([-11, -12, -13, -24])
    expect(sumCurves([])).toEqual([])
  })
})

describe('the summary and the performance of the books', () => {
  let house: DeskHouse
  const owner = sampleUser({ role: 'viewer' })
  const viewer = {
    ...systemActor('viewer'),
    kind: 'user' as const,
    role: 'viewer' as const,
    userId: owner.userId,
  }

  beforeAll(async () => {
    house = await openDeskHouse()
    await insertUser(house.db.kysely, owner)
  })
  afterAll(() => house.close())
  beforeEach(async () => {
    await house.reset(strategy())
    await insertStrategy(
      house.db.kysely,
      strategy({ strategyId: 'mine_v1', ownerId: owner.userId, allocatedCapital: d(20_000) }),
    )
    await house.db.executeSql('update accounts set version = version + 1')
  })

  /** Forty days of a price that swings: entries, exits, stops, a point of equity at every price. */
  async function history(days: number): Promise<void> {
    for (let day = 0; day < days; day += 1) {
      for (let step = 0; step < 3; step += 1) {
        const value = Math.round(10_000 + 400 * Math.sin(day * 0.9 + step) + 25 * day) / 100
        await later(house, 8 * 60, 'ACME', value)
        const stopLoss = d(value).times('0.97').toDecimalPlaces(2)
        for (const strategyId of ['ana_v1', 'mine_v1'])
          await post(house, (day + step) % 2 === 0 ? 'LONG' : 'CLOSE', { strategyId, stopLoss })
        await house.desk.run('PAPER', (ctx) => recordEquity(ctx, new Set(['ACME'])))
      }
    }
  }

  /** Of the curve as published, to the cent. */
  function pnlOf(summary: Summary): DecimalValue {
    const values = presentSummary(summary).equity_curve.map(({ value }) => d(value))
    return (values.at(-1) ?? d(0)).minus(values[0] ?? d(0))
  }

  function check(summary: Summary, period: V1Period): void {
    const shown = presentSummary(summary)
    const published = shown.equity_curve.map(({ value }) => Number(value))
    expect(pnlOf(summary).toFixed(2), period).toBe(shown.total_pnl)
    expect(formatPercent(maxDrawdown(published) ?? 0), period).toBe(shown.max_drawdown)
    expect(JSON.stringify(shown), period).not.toMatch(/NaN|Infinity|"-0(\.0+)?"/)
    const labels = shown.equity_curve.map(({ date }) => date)
    expect(new Set(labels).size, period).toBe(labels.length)
    expect([...labels].sort(), period).toEqual(labels)
    const stepMs = summary.hourly ? HOUR_MS : DAY_MS
    const inner = summary.curve.slice(1, -1).map(({ at }) => at.getTime())
    for (const [index, at] of inner.entries()) {
      expect(at % stepMs).toBe(0)
      if (index > 0) expect(at - (inner[index - 1] ?? 0)).toBe(stepMs)
    }
  }

  it('agree with their curve in every period: P&L, drawdown, a point a day or hour', async () => {
    await history(40)
    for (const period of V1_PERIODS) {
      const summary = await metricsSummary(house.deps, ADMIN, { period })
      check(summary, period)
      expect(summary.hourly).toBe(period === '1d')
    }
    const all = await metricsSummary(house.deps, ADMIN, { period: 'all' })
    expect(all.curve[0]?.equity.toFixed()).toBe('100000')
    // The market is open round the clock: 40 days and the one before the first fact.
    expect(all.curve.length).toBeGreaterThanOrEqual(41)
    const month = await metricsSummary(house.deps, ADMIN, { period: '1m' })
    expect(month.curve).toHaveLength(31)
    expect((await metricsSummary(house.deps, ADMIN, { period: '1d' })).curve.length).toBeGreaterThanOrEqual(
      24,
    )
    for (const period of V1_PERIODS) await checkWindow(period)
    await checkDays()
  })

  /** A period's window has the figures of its summary, ends at them and knows the window before. */
  async function checkWindow(period: V1Period): Promise<void> {
    const summary = await metricsSummary(house.deps, ADMIN, { period })
    const { summary: same, running, earlier } = await metricsWindow(house.deps, ADMIN, { wanted: { period } })
    expect(presentSummary(same), period).toEqual(presentSummary(summary))
    expect(running.length, period).toBeLessThanOrEqual(40)
    expect(running.at(-1), period).toMatchObject({
      sharpeRatio: summary.metrics.sharpeRatio,
      winRate: summary.metrics.winRate,
      totalTrades: summary.metrics.totalTrades,
      openPositions: summary.activePositions,
    })
    for (const { equity, realizedPnl, unrealizedPnl } of same.curve)
      expect(equity.minus(realizedPnl).minus(unrealizedPnl).toFixed(6), period).toBe('100000.000000')
    // 40 days of facts: the day and the week before are whole, the month before is not.
    expect(earlier !== null, period).toBe(period === '1d' || period === '1w')
  }

  /** Chosen days begin with the value before the first and end with the last of the last. */
  async function checkDays(): Promise<void> {
    const { curve } = await metricsSummary(house.deps, ADMIN, { period: 'all' })
    const days = curve.map(({ at, equity }) => [utcDay(at), equity.toFixed(6)] as const)
    const over = (first: number, last: number) =>
      metricsWindow(house.deps, ADMIN, {
        wanted: { period: null, ...dateRange(days[first]?.[0], days[last]?.[0]) },
      })
    const { summary, earlier } = await over(10, 20)
    expect(summary.curve.map(({ at, equity }) => [utcDay(at), equity.toFixed(6)])).toEqual(days.slice(9, 21))
    check(summary, 'all')
    // Before these eleven days there were only ten with facts.
    expect(earlier).toBeNull()
    const next = await over(21, 31)
    expect(next.earlier?.metrics).toEqual(summary.metrics)
    expect(next.earlier?.totalPnlFraction.toFixed(10)).toBe(summary.totalPnlFraction.toFixed(10))
    await checkDaysBeforeFacts(curve)
  }

  /** Nothing was before the first fact: centuries of it are not drawn. */
  async function checkDaysBeforeFacts(all: Summary['curve']): Promise<void> {
    const over = async (first: string, last?: string) => {
      const wanted = { period: null, ...dateRange(first, last) }
      const { curves } = await strategyCurves(house.deps, ADMIN, { wanted })
      const { summary, earlier } = await metricsWindow(house.deps, ADMIN, { wanted })
      return { curve: summary.curve, earlier, longest: Math.max(...curves.map(({ curve }) => curve.length)) }
    }
    const ever = await over('0001-01-01')
    expect(ever.curve.map(({ equity }) => equity.toFixed(6))).toEqual(
      all.map(({ equity }) => equity.toFixed(6)),
    )
    expect([ever.earlier, ever.longest]).toEqual([null, all.length])
    await expect(over('0001-01-01', '1900-01-01')).rejects.toThrow(
      expect.objectContaining({
        code: 'VALIDATION_ERROR',
        details: [{ field: 'to_day', message: expect.stringMatching(/^There are no figures before 20/) }],
      }),
    )
  }

  it('have a curve for each strategy, which together bring what the account brought, and a viewer has their own', async () => {
    await history(6)
    const account = await metricsSummary(house.deps, ADMIN, { period: 'all' })
    const { curves } = await strategyCurves(house.deps, ADMIN, { wanted: { period: 'all' } })
    expect(curves.map(({ strategy }) => strategy.strategyId).toSorted()).toEqual(['ana_v1', 'mine_v1'])
    const gains = curves.map(({ curve }) => (curve.at(-1)?.equity ?? d(0)).minus(curve[0]?.equity ?? d(0)))
    expect(gains.reduce((sum, gain) => sum.plus(gain)).toFixed(2)).toBe(pnlOf(account).toFixed(2))
    const own = await strategyCurves(house.deps, viewer, { wanted: { period: 'all' } })
    expect(own.curves.map(({ strategy }) => strategy.strategyId)).toEqual(['mine_v1'])
    const [mine] = own.curves
    expect(mine?.curve[0]?.equity.toFixed()).toBe('20000')
    const last = mine?.curve.at(-1)?.equity.toNumber() ?? 0
    expect(mine?.returnFraction.toNumber()).toBeCloseTo(last / 20_000 - 1, 10)
    expect((await strategyCurves(house.deps, ADMIN, { wanted: { period: '1d' } })).hourly).toBe(true)
    expect(
      (await strategyCurves(house.deps, ADMIN, { wanted: { period: 'all' }, mode: 'LIVE' })).curves,
    ).toEqual([])
  })

  it('sum up for a viewer what they see, and both views add to the account', async () => {
    await history(6)
    const own = await metricsSummary(house.deps, viewer, { period: 'all' })
    const account = await metricsSummary(house.deps, ADMIN, { period: 'all' })
    check(own, 'all')
    expect(own.curve[0]?.equity.toFixed()).toBe('20000')
    const reports = await listPerformance(house.deps, ADMIN, 'all')
    const pnl = reports.strategies.map((one) => one.currentEquity.minus(one.initialEquity))
    expect(pnl.reduce((sum, one) => sum.plus(one)).toFixed(2)).toBe(pnlOf(account).toFixed(2))
    const mine = reports.strategies.find((one) => one.strategy.strategyId === 'mine_v1')
    expect(pnlOf(own).toFixed(2)).toBe(mine?.currentEquity.minus(20_000).toFixed(2))
    const { strategies } = await listPerformance(house.deps, viewer, 'all')
    expect(strategies.map((one) => one.strategy.strategyId)).toEqual(['mine_v1'])
    expect(account.availableCapital.plus(account.capitalDeployed).toFixed()).toBe(
      account.curve
        .at(-1)
        ?.equity.minus(await unrealized())
        .toFixed(),
    )
  })

  async function unrealized(): Promise<DecimalValue> {
    return house.desk.read('PAPER', (books) =>
      [...books.strategies.values()].reduce((sum, one) => {
        const open = one.open.get('ACME')
        const mark = books.marks.get('ACME')
        return open && mark ? sum.plus(open.quantity.times(mark.price).minus(open.costBasis)) : sum
      }, d(0)),
    )
  }

  it('say 5.5 % of a strategy that went from 10,000 to 10,550', async () => {
    await house.reset(strategy({ allocatedCapital: d(10_000) }))
    const scope = strategyScope('ana_v1', 'PAPER')
    const at = new Date(house.clock.nowMs() - 10 * DAY_MS)
    await insertEquityPoints(house.db.kysely, [
      { scope, at, equity: d(10_000), realizedPnl: d(0), unrealizedPnl: d(0) },
    ])
    await price(house, 'ACME', 100)
    await house.db.executeSql(
      `insert into positions (mode, strategy_id, symbol, quantity, cost_basis, realized_quote, realized_usd, fees_usd,
         cost_usd, peak_quantity, closed_quantity, side, entry_price, exit_price, opened_at, closed_at)
       values ('PAPER', 'ana_v1', 'ACME', 0, 0, 551, 551, 1, 0, 100, 100, 'BUY', 100, 105.51, '${at.toISOString()}',
         '${new Date(at.getTime() + DAY_MS).toISOString()}');
       update accounts set version = version + 1`,
    )
    const report = await listPerformance(house.deps, ADMIN, '30d')
    const [shown] = presentPerformance(report, '30d').strategies
    expect(shown).toMatchObject({ total_return_pct: 5.5, initial_equity: 10_000, current_equity: 10_550 })
    expect(shown).toMatchObject({ win_rate: 1, total_trades: 1, winning_trades: 1, losing_trades: 0 })
  })

  it('of an account without money or history are zeros with names, never NaN', async () => {
    for (const mode of ['LIVE', 'PAPER'] as const) {
      for (const period of V1_PERIODS) {
        const summary = await metricsSummary(house.deps, ADMIN, { period, mode })
        expect(presentSummary(summary)).toMatchObject({ total_pnl: '0.00', total_pnl_percent: '0.00' })
        check(summary, period)
      }
    }
    for (const period of RL_PERIODS) {
      const shown = presentPerformance(await listPerformance(house.deps, ADMIN, period), period)
      expect(shown.strategies).toHaveLength(2)
      for (const one of shown.strategies) {
        expect(one.undefined_metrics).toEqual(expect.arrayContaining(['sharpe_ratio', 'win_rate']))
        for (const value of Object.values(one))
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
      }
    }
    const status = presentRiskStatus(await riskStatus(house.deps, ADMIN))
    expect(status).toMatchObject({ current_drawdown_pct: 0, daily_pnl_pct: 0, cooldown_until: null })
  })

  it('of a LIVE strategy on an account without capital are its own', async () => {
    await house.reset(strategy({ mode: 'LIVE' }))
    await price(house, 'ACME', 100)
    const { signal } = await post(house, 'LONG', { stopLoss: d(98) })
    expect(signal.outcomeReasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['INSUFFICIENT_FREE_BALANCE', 'MAX_GROSS_EXPOSURE']),
    )
    const summary = await metricsSummary(house.deps, ADMIN, { period: 'all', mode: 'LIVE' })
    check(summary, 'all')
    const status = await riskStatus(house.deps, ADMIN)
    expect(status).toMatchObject({ mode: 'LIVE', killSwitchActive: false })
  })

  it('take an hour for what it was then, not for what came after', async () => {
    const now = house.clock.nowMs()
    const point = (hoursAgo: number, equity: number) => ({
      scope: accountScope('PAPER'),
      at: new Date(now - hoursAgo * HOUR_MS),
      equity: d(equity),
      realizedPnl: d(0),
      unrealizedPnl: d(0),
    })
    await insertEquityPoints(house.db.kysely, [point(30, 100_000), point(2.5, 100_500), point(1.5, 100_200)])
    const { curve } = await metricsSummary(house.deps, ADMIN, { period: '1d' })
    const at = (hoursAgo: number) =>
      curve.find((one) => one.at.getTime() === now - hoursAgo * HOUR_MS)?.equity.toNumber()
    expect([at(24), at(3), at(2), at(1)]).toEqual([100_000, 100_000, 100_500, 100_200])
  })
})
