import { describe, expect, it } from 'vitest'
import type { BacktestResult } from '../engine/index.ts'
import { dailyCurve, metricsOf, runBacktest } from '../engine/index.ts'
import type { StrategyInstance } from '../strategies/index.ts'
import { createStrategy } from '../strategies/index.ts'
import type { ReportRun } from './render-report.ts'
import { renderReport } from './render-report.ts'

const DAY_MS = 86_400_000

function backtest(modelType: string, params: Record<string, unknown>, length = 900): BacktestResult {
  const close = Float64Array.from(
    { length },
    (_, i) => Math.round(10_000 + 900 * Math.sin(i / 17) + 300 * Math.sin(i * 2)) / 100,
  )
  const bars = {
    t: close.map((_, i) => Date.UTC(2020, 0, 1) + i * DAY_MS),
    open: close,
    high: close,
    low: close,
    close,
    volume: close,
  }
  const instrument = { symbol: 'SPX', tickSize: '0.01', lotSize: '0.01', multiplier: '1' }
  return runBacktest({
    symbols: [{ instrument, bars, strategy: createStrategy(modelType, params) as StrategyInstance }],
    initialCapital: '30000',
  })
}

function reportRun(result: BacktestResult, changes: Partial<ReportRun> = {}): ReportRun {
  return {
    runId: '6e6f',
    strategyId: 'momentum_v1',
    strategyName: 'Momentum',
    modelType: 'momentum',
    startDate: '2020-01-01',
    endDate: '2022-06-18',
    createdAt: 0,
    completedAt: 0,
    initialCapital: result.initialCapital,
    finalEquity: result.finalEquity,
    totalFees: result.totalFees,
    currency: 'USD',
    parameters: { lookback: 5 },
    metrics: metricsOf(result),
    curve: dailyCurve(result, 30_000),
    trades: result.trades,
    refusals: result.refusals,
    riskEvents: result.riskEvents,
    assumptions: result.assumptions,
    ...changes,
  }
}

describe('renderReport', () => {
  const result = backtest('momentum', { lookback: 2, trend_period: 3 })

  it('is one file: no script, no request to anywhere', () => {
    const page = renderReport(reportRun(result))
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:/i)
    expect(page).toContain('<svg')
  })

  it('escapes whatever a user named', () => {
    const evil = '"><script>alert(1)</script>\'&'
    const notes = [evil]
    const page = renderReport(
      reportRun(result, {
        strategyName: evil,
        strategyId: evil,
        modelType: evil,
        parameters: { [evil]: evil },
        refusals: { [evil]: 1 },
        riskEvents: [{ t: 0, type: 'x', message: evil }],
        trades: result.trades.map((trade) => ({ ...trade, symbol: evil })),
        assumptions: { ...result.assumptions, notes, symbols: [evil] },
      }),
    )
    expect(page).not.toContain('<script')
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;')
  })

  it('shows the assumptions that the result rests on', () => {
    const page = renderReport(reportRun(result))
    expect(page).toContain(result.assumptions.dataHash)
    expect(page).toContain('0.5 bp of notional')
    expect(page).toContain('Engine version')
    expect(page).toContain('at the next open')
  })

  it('shows the first 500 trades and says so', () => {
    const many = Array.from({ length: 501 }, () => result.trades[0]!)
    const page = renderReport(reportRun(result, { trades: many }))
    expect(page).toContain('The first 500 of 501 trades')
    expect(page.match(/<tr>\s*<td>\s*\d+\s*<\/td>/g)).toHaveLength(500)
  })

  it('shows the deepest drawdowns, the intervals and the same envelope every time', () => {
    const page = renderReport(reportRun(result))
    expect(page).toContain('Deepest drawdowns')
    expect(page).toContain('95 % intervals: annual return')
    expect(page).toContain('Monte-Carlo envelope of the equity')
    expect(renderReport(reportRun(result))).toBe(page)
  })

  it('has one line of twelve months for each year, which compound to the total', () => {
    const page = renderReport(reportRun(result))
    expect(page.match(/<tr>\s*<th>\s*20\d\d\s*<\/th>/g)).toHaveLength(3)
  })

  it('survives a run without trades, days or figures', () => {
    const empty = backtest('momentum', {}, 1)
    const page = renderReport(reportRun(empty))
    expect(page).toContain('No trade was made.')
    expect(page).not.toMatch(/NaN|Infinity|undefined|null/)
  })
})
