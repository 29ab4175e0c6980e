import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as m from '../src/metrics/index.ts'
import { hasSharedData, readCsv, readShared, readSharedJson } from './shared-data.ts'

const require = createRequire(import.meta.url)

type Result = number | null | (number | null)[]
type Json = number | string | null | Json[] | { [key: string]: Json }

interface Case {
  id: string
  metric: string
  convention: string
  annualisation?: number | null
  input: Record<string, Json>
  expected: Json
  tolerance: { abs?: number; rel?: number }
}

interface NamedSeries {
  start: string | null
  freq: string
  values: (number | null)[]
}

const DAY_MS = 86_400_000

/** Everything a metric may be asked about, however the case states its input. */
interface Subject {
  returns: Float64Array
  prices: Float64Array
  times: number[]
  /** Periods per year of this case. */
  ppy: number
  /** Rate per period of this case. */
  rate: number | Float64Array
}

const numbers = (values: Json): Float64Array =>
  Float64Array.from(values as (number | null)[], (value) => value ?? Number.NaN)

/** Two of the series are published on npm rather than beside the project. */
function readRows(file: string): Record<string, string>[] {
  if (file.includes('visx')) {
    const { appleStock } = require('@visx/mock-data') as { appleStock: { date: string; close: number }[] }
    return appleStock.map((row) => ({ date: row.date, close: String(row.close) }))
  }
  if (file.includes('vega-datasets')) {
    const entry = require.resolve('vega-datasets')
    return readCsv(readFileSync(join(dirname(entry), '../data/sp500-2000.csv'), 'utf8'))
  }
  return readCsv(readShared(file).replaceAll('"', ''))
}

const files = new Map<string, Record<string, string>[]>()
function rowsOf(file: string): Record<string, string>[] {
  const known = files.get(file)
  if (known) return known
  const rows = readRows(file)
  files.set(file, rows)
  return rows
}

interface Quotes {
  prices: Float64Array
  times: number[]
}

let official: Quotes | undefined
function trm(): Quotes {
  return (official ??= readTrm())
}

/** Official USD/COP rate: descending file, values like "$4,008.70", dates dd/mm/yyyy. */
function readTrm(): Quotes {
  const lines = readShared('market/usdcop/trm_official_20250824.csv')
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
  const rows = lines.slice(1).map((line) => {
    const price = Number(/\$?([\d,]+\.\d+)/.exec(line)?.[1]?.replaceAll(',', ''))
    const dates = [...line.matchAll(/(\d{2})\/(\d{2})\/(\d{4})/g)]
    const [, day, month, year] = dates[0] ?? []
    return { price, time: Date.parse(`${year}-${month}-${day}T00:00:00Z`) }
  })
  rows.sort((a, b) => a.time - b.time)
  return { prices: Float64Array.from(rows, (row) => row.price), times: rows.map((row) => row.time) }
}

function timeOf(row: Record<string, string>): number {
  const text = row.Date ?? row.date ?? row[''] ?? ''
  const american = /^(\d+)\/(\d+)\/(\d{4})$/.exec(text)
  if (american) return Date.UTC(Number(american[3]), Number(american[1]) - 1, Number(american[2]))
  return Date.parse(`${text.slice(0, 10)}T00:00:00Z`)
}

function fromPrices(prices: Float64Array, times: number[]): Pick<Subject, 'returns' | 'prices' | 'times'> {
  return { prices, times, returns: m.simpleReturns(prices) }
}

function fromFile(input: Record<string, Json>): Pick<Subject, 'returns' | 'prices' | 'times'> {
  const file = String(input.file)
  if (file.includes('trm_official')) {
    const { prices, times } = trm()
    const [, from = '', to = ''] =
      /(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})/.exec(String(input.column)) ?? []
    const inRange = (i: number): boolean => times[i]! >= Date.parse(from) && times[i]! <= Date.parse(to)
    return fromPrices(
      prices.filter((_, i) => inRange(i)),
      times.filter((_, i) => inRange(i)),
    )
  }
  const rows = rowsOf(file)
  const column = String(input.column)
  const name = /^first|^#1$/.test(column) ? (Object.keys(rows[0] ?? {})[1] ?? '') : column
  let chosen = rows.filter((row) => row[name] !== undefined && row[name] !== '' && row[name] !== 'NA')
  if (typeof input.rows === 'string') {
    const [from = 0, to = 0] = input.rows.split('..').map(Number)
    chosen = chosen.slice(from, to + 1)
  }
  const values = Float64Array.from(chosen, (row) => Number(row[name]))
  const times = chosen.map(timeOf)
  if (file.includes('PerformanceAnalytics')) return { returns: values, prices: values, times }
  return fromPrices(values, times)
}

function subjectOf(entry: Case, series: Record<string, NamedSeries>): Subject {
  const { input } = entry
  const ppy = entry.annualisation ?? (entry.id.startsWith('vectorbt') ? 365 : 252)
  const named = (value: Json): Float64Array => {
    if (typeof value === 'number') return new Float64Array([value])
    const key = (value as { series: string }).series
    return numbers(series[key]?.values ?? [])
  }
  const rateOf = (value: Json | undefined): number | Float64Array => {
    if (value === undefined || typeof value === 'number') return value ?? 0
    return named(value)
  }
  const rate = rateOf(input.risk_free ?? input.required_return ?? input.riskFree ?? input.required)
  const base = { ppy, rate }
  if (typeof input.file === 'string') return { ...base, ...fromFile(input) }
  if (Array.isArray(input.prices)) {
    const prices = numbers(input.prices)
    // The upstream tool keeps the missing first return as a row of its own.
    const returns = new Float64Array(prices.length).fill(Number.NaN)
    returns.set(m.simpleReturns(prices), 1)
    return { ...base, prices, returns, times: [] }
  }
  const equity = input.equity ?? input.equityDaily
  if (Array.isArray(equity)) {
    const prices = numbers(equity.map((point) => (Array.isArray(point) ? (point[1] ?? null) : point)))
    return { ...base, ...fromPrices(prices, []) }
  }
  if (Array.isArray(input.returns))
    return { ...base, returns: numbers(input.returns), prices: new Float64Array(), times: [] }
  if (input.returns) {
    const key = (input.returns as { series: string }).series
    const source = series[key]
    const start = Date.parse(`${source?.start ?? '2000-01-01'}T00:00:00Z`)
    const times = (source?.values ?? []).map((_, i) => {
      if (source?.freq.startsWith('W')) return start + i * 7 * DAY_MS
      if (source?.freq.startsWith('M')) return Date.UTC(2000, 1 + i, 0)
      return start + i * DAY_MS
    })
    return { ...base, returns: named(input.returns), prices: new Float64Array(), times }
  }
  return { ...base, returns: new Float64Array(), prices: new Float64Array(), times: [] }
}

const UNITS: Record<string, m.PeriodUnit> = {
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
}
const rf = (s: Subject): { riskFree: number | Float64Array } => ({ riskFree: s.rate })
const ppy = (s: Subject): { periodsPerYear: number } => ({ periodsPerYear: s.ppy })
const perPeriod = { periodsPerYear: 1 }
const other = (c: Case, series: Record<string, NamedSeries>): Float64Array => {
  const value = c.input.benchmark ?? c.input.factor_returns
  if (typeof value === 'number') return new Float64Array(2000).fill(value)
  return numbers(series[(value as { series: string }).series]?.values ?? [])
}
const abs = (value: number | null): number | null => (value === null ? null : Math.abs(value))

/** MAR of a case that says it in words: "MAR 0.005", "0.04/12". */
function marOf(convention: string): number {
  const found = /(?:MAR|rf|required)\s*=?\s*0?(\.\d+)(?:\/(\d+))?/.exec(convention)
  return found ? Number(found[1]) / Number(found[2] ?? 1) : 0
}

function expanding(s: Subject, metric: (returns: Float64Array) => number | null): (number | null)[] {
  return Array.from(s.returns, (_, i) => (i === 0 ? null : metric(s.returns.subarray(0, i + 1))))
}

function omegaOf(c: Case, s: Subject): number | null {
  const required = Number(c.input.required_return ?? c.input.required ?? 0)
  const threshold = m.ratePerPeriod(required, s.ppy)
  const riskFree = Number(c.input.risk_free ?? c.input.riskFree ?? 0)
  return threshold === null ? null : m.omega(s.returns, { riskFree: riskFree + threshold })
}

function sinceStart(c: Case, s: Subject): number | null {
  const from = Date.parse(`${String(c.input.from)}T00:00:00Z`)
  const to = Date.parse(`${String(c.input.to)}T00:00:00Z`)
  const rows = s.times
    .map((time, i) => ({ time, price: s.prices[i] ?? 0 }))
    .filter((r) => r.time >= from && r.time <= to)
  const last = rows.at(-1)
  if (!last) return null
  const unit: m.PeriodUnit = c.metric === 'mtd_return' ? 'month' : 'year'
  const before =
    rows.filter((row) => m.periodOf(row.time, unit) !== m.periodOf(last.time, unit)).at(-1) ?? rows[0]
  return before ? last.price / before.price - 1 : null
}

type Adapter = (s: Subject, c: Case, series: Record<string, NamedSeries>) => Result

/** How each named convention of the reference maps onto the functions' parameters. */
const ADAPTERS: Record<string, Adapter> = {
  cum_returns: (s, c) => [...m.cumulativeReturns(s.returns, Number(c.input.starting_value ?? 0))],
  total_return: (s) => m.totalReturn(s.returns),
  aggregate_returns: (s, c) =>
    m
      .periodReturns(s.times, s.returns, UNITS[String(c.input.convert_to)] ?? 'year')
      .map((entry) => entry.return),
  max_drawdown: (s) => m.maxDrawdownOfReturns(s.returns),
  max_drawdown_abs: (s) => abs(m.maxDrawdownOfReturns(s.returns)),
  annual_return: (s, c) =>
    m.annualReturn(s.returns, c.id.startsWith('managers') ? { periodsPerYear: 12 } : ppy(s)),
  annual_return_arith: (s) => m.annualReturnArithmetic(s.returns, { periodsPerYear: 12 }),
  cagr: (s) => m.annualReturn(s.returns, ppy(s)),
  cagr_calendar: (s) => m.cagr(s.prices[0] ?? 0, s.prices.at(-1) ?? 0, s.times[0] ?? 0, s.times.at(-1) ?? 0),
  annual_volatility: (s) => m.volatility(s.returns, ppy(s)),
  stdev_period: (s) => m.deviation(s.returns, 1),
  calmar: (s, c) => m.calmar(s.returns, c.id.startsWith('managers') ? { periodsPerYear: 12 } : ppy(s)),
  omega: (s, c) => omegaOf(c, s),
  sharpe: (s) => m.sharpe(s.returns, { ...rf(s), ...ppy(s) }),
  sharpe_rf3pct: (s) => m.sharpe(s.returns, { riskFree: 0.03 / 252, ...ppy(s) }),
  sharpe_period: (s) => m.sharpe(s.returns, perPeriod),
  sharpe_period_rf: (s, c) => m.sharpe(s.returns, { ...perPeriod, riskFree: marOf(c.convention) }),
  sharpe_population_365: (s) => m.sharpe(s.returns, { periodsPerYear: 365, ddof: 0 }),
  sharpe_rolling60_last: (s) => m.rollingSharpe(s.returns, 60).at(-1) ?? null,
  rolling_sharpe: (s, c) => m.rollingSharpe(s.returns, Number(c.input.window)),
  rolling_max_drawdown: (s, c) => m.rollingMaxDrawdown(s.returns, Number(c.input.window)),
  expanding_sharpe: (s) => expanding(s, (returns) => m.sharpe(returns, { ...rf(s), ...ppy(s) })),
  expanding_max_drawdown: (s) => expanding(s, m.maxDrawdownOfReturns),
  expanding_sortino: (s) =>
    expanding(s, (returns) =>
      // The upstream tool answers from one return on; here a ratio needs two.
      returns.length === 2 ? oneReturnSortino(returns, s) : m.sortino(returns, { ...rf(s), ...ppy(s) }),
    ),
  downside_deviation: (s) => m.downsideDeviation(s.returns, { ...rf(s), ...ppy(s) }),
  downside_deviation_period: (s, c) =>
    m.downsideDeviation(s.returns, { ...perPeriod, riskFree: marOf(c.convention) }),
  downside_deviation_period_mar: (s, c) =>
    m.downsideDeviation(s.returns, { ...perPeriod, riskFree: marOf(c.convention) }),
  sortino: (s) => m.sortino(s.returns, { ...rf(s), ...ppy(s) }),
  sortino_period: (s) => m.sortino(s.returns, perPeriod),
  sortino_period_mar: (s) => m.sortino(s.returns, { ...perPeriod, riskFree: 0.005 }),
  information_ratio: (s, c, series) => m.informationRatio(s.returns, other(c, series)),
  alpha: (s, c, series) => m.alpha(s.returns, other(c, series)),
  beta: (s, c, series) => m.beta(s.returns, other(c, series)),
  capture: (s, c, series) => m.capture(s.returns, other(c, series)),
  up_capture: (s, c, series) => m.capture(s.returns, other(c, series), 'up'),
  down_capture: (s, c, series) => m.capture(s.returns, other(c, series), 'down'),
  stability_r2: (s) => m.stability(s.returns),
  tail_ratio: (s) => m.tailRatio(s.returns),
  value_at_risk_5: (s) => m.valueAtRisk(s.returns),
  cvar_5: (s) => m.conditionalValueAtRisk(s.returns),
  var_hist_95: (s) => m.valueAtRisk(s.returns),
  var_gauss_95: (s) => m.gaussianValueAtRisk(s.returns),
  es_hist_95: (s) => m.conditionalValueAtRisk(s.returns, 0.05, 'below_var'),
  win_rate_periods: (s) => m.winRate(s.returns, true),
  profit_factor_periods: (s) => m.profitFactor(s.returns),
  payoff_ratio_periods: (s) => m.payoffRatio(s.returns),
  kelly: (s) => m.kelly(s.returns),
  skew: (s) => m.skew(s.returns),
  kurtosis_excess: (s) => m.kurtosis(s.returns),
  ulcer_index: (s, c) =>
    m.ulcerIndex(m.drawdownsOfReturns(s.returns), c.convention.includes('(n-1)') ? 1 : 0),
  ulcer_index_pct: (s) => 100 * (m.ulcerIndex(m.drawdowns(s.prices)) ?? Number.NaN),
  pain_index: (s) => m.painIndex(m.drawdownsOfReturns(s.returns)),
  martin_ratio: (s) => m.martinRatio(s.returns, { periodsPerYear: 12 }),
  burke_ratio: (s) => m.burkeRatio(s.returns, { periodsPerYear: 12, drawdowns: 'losing_runs_percent' }),
  omega_sharpe: (s) => m.omegaSharpe(s.returns, 0.005),
  sortino_negative_std: (s) => m.sortino(s.returns, { periodsPerYear: 365, divisor: 'loss_deviation' }),
  expectancy: (_, c) => m.expectancy(numbers(c.input.tradeProfits ?? [])),
  expectancy_ratio: (_, c) => m.expectancyRatio(numbers(c.input.tradeProfits ?? [])),
  sqn: (_, c) =>
    m.sqn(numbers(c.input.tradeProfits ?? []).map((profit) => profit / Number(c.input.startingBalance))),
  year_fraction: (_, c) => m.yearFraction(Date.parse(String(c.input.start)), Date.parse(String(c.input.end))),
  annualize: (_, c) => m.cagr(1, 1 + Number(c.input.return), 0, Number(c.input.days) * DAY_MS, 365),
  mtd_return: (s, c) => sinceStart(c, s),
  ytd_return: (s, c) => sinceStart(c, s),
  downside_potential: (s) => m.downsidePotential(s.returns, 0.005),
  upside_potential: (s) => m.upsidePotential(s.returns, 0.005),
  upside_risk: (s) => m.upsideRisk(s.returns, 0.005),
  downside_frequency: (s) => m.downsideFrequency(s.returns, 0.005),
  upside_frequency: (s) => m.upsideFrequency(s.returns, 0.005),
  'gain_loss_ratio (Bernardo-Ledoit)': (s) => m.omega(s.returns),
  mean_absolute_deviation: (s) => m.meanAbsoluteDeviation(s.returns),
  kappa_2: (s) => m.kappa(s.returns, 2, 0.005),
}

function oneReturnSortino(returns: Float64Array, s: Subject): number | null {
  const doubled = new Float64Array([returns[1] ?? 0, returns[1] ?? 0])
  return m.sortino(doubled, { ...rf(s), ...ppy(s) })
}

function expectClose(actual: Result, expected: Json, tolerance: Case['tolerance'], where: string): void {
  if (Array.isArray(expected)) {
    const list = Array.isArray(actual) ? actual : [actual]
    expect(list.length, where).toBe(expected.length)
    expected.forEach((value, i) => expectClose(list[i] ?? null, value, tolerance, `${where}[${i}]`))
    return
  }
  if (expected === null || typeof expected === 'string') {
    expect(actual, `${where} is undefined`).toBeNull()
    return
  }
  const value = Number(actual)
  expect(actual, where).not.toBeNull()
  const limit = (tolerance.abs ?? 0) + (tolerance.rel ?? 0) * Math.abs(Number(expected))
  expect(Math.abs(value - Number(expected)), `${where}: ${value} vs ${String(expected)}`).toBeLessThanOrEqual(
    limit,
  )
}

const SOURCES = ['empyrical_tests', 'literals', 'performanceanalytics', 'real_series'] as const

describe.skipIf(!hasSharedData).each(SOURCES)('metrics equal the published cases of %s', (source) => {
  const file = hasSharedData
    ? readSharedJson<{ cases: Case[]; series?: Record<string, NamedSeries> }>(
        `reference/metrics_${source}.json`,
      )
    : { cases: [] }
  for (const entry of file.cases) {
    it(entry.id, () => {
      const adapter = ADAPTERS[entry.metric]
      expect(adapter, `an adapter for ${entry.metric}`).toBeDefined()
      const series = file.series ?? {}
      const actual = adapter?.(subjectOf(entry, series), entry, series) ?? null
      expectClose(actual, entry.expected, entry.tolerance, entry.id)
    })
  }
})
