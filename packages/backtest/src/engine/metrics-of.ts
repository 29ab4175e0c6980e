import {
  alpha,
  annualReturn,
  averageLoss,
  averageTradeDurationHours,
  averageWin,
  best,
  beta,
  cagr,
  calmarOf,
  capture,
  conditionalValueAtRisk,
  currentDrawdown,
  deflatedSharpe,
  downsideDeviation,
  expectancy,
  informationRatio,
  kurtosis,
  longestDrawdownMs,
  maxDrawdown,
  omega,
  payoffRatio,
  probabilisticSharpe,
  profitFactor,
  sharpe,
  simpleReturns,
  skew,
  sortino,
  sqn,
  stability,
  tailRatio,
  TRADING_DAYS,
  valueAtRisk,
  volatility,
  winRate,
  worst,
} from '@quantdeck/risk'
import type { DailyPoint } from './daily.ts'
import { dailyCurve } from './daily.ts'
import type { MetricIntervals } from './intervals.ts'
import { metricIntervals } from './intervals.ts'
import type { BacktestResult, BacktestTrade, TradeFigures } from './types.ts'

const DAY_MS = 86_400_000

/**
 * Figures of a run. Ratios are fractions (-0.0845), money is in the account's currency, null is undefined. Returns are
 * those of daily closes of the equity, 252 a year, risk-free rate 0; trade figures count round trips net of fees.
 */
export interface RunMetrics {
  totalReturn: number | null
  cagr: number | null
  annualReturn: number | null
  volatility: number | null
  sharpe: number | null
  sortino: number | null
  calmar: number | null
  maxDrawdown: number | null
  currentDrawdown: number | null
  longestDrawdownDays: number | null
  downsideDeviation: number | null
  omega: number | null
  skew: number | null
  kurtosis: number | null
  valueAtRisk: number | null
  conditionalValueAtRisk: number | null
  tailRatio: number | null
  stability: number | null
  bestDay: number | null
  worstDay: number | null
  totalTrades: number
  winRate: number | null
  profitFactor: number | null
  averageWin: number | null
  averageLoss: number | null
  payoffRatio: number | null
  expectancy: number | null
  sqn: number | null
  bestTrade: number | null
  worstTrade: number | null
  averageTradeDurationHours: number | null
  /** Share of the bars with a position, 0..1. */
  exposure: number
  benchmarkReturn: number | null
  alpha: number | null
  beta: number | null
  /** Per day, not annualised. */
  informationRatio: number | null
  upCapture: number | null
  downCapture: number | null
  /** Probability that the true Sharpe ratio is above zero, 0..1. */
  probabilisticSharpe: number | null
  /** The same against the best of as many trials as it was picked from, 0..1; null where it was picked from none. */
  deflatedSharpe: number | null
  /** 95 % intervals by the stationary bootstrap of daily returns, seeded; null where they were not asked for. */
  intervals: MetricIntervals | null
}

/** The trials that a run was picked from: how many, and the variance of their Sharpe ratios per day. */
export interface Trials {
  count: number
  sharpeVariance: number
}

export interface MetricsOptions {
  /** Off for the many runs of a study: they cost more than a short run. Default true. */
  intervals?: boolean
  trials?: Trials | null
}

type Judgement = Pick<RunMetrics, 'probabilisticSharpe' | 'deflatedSharpe' | 'intervals'>
type ReturnMetrics = Omit<
  RunMetrics,
  keyof TradeMetrics | keyof BenchmarkMetrics | keyof Judgement | 'exposure'
>
type TradeMetrics = Pick<
  RunMetrics,
  | 'totalTrades'
  | 'winRate'
  | 'profitFactor'
  | 'averageWin'
  | 'averageLoss'
  | 'payoffRatio'
  | 'expectancy'
  | 'sqn'
  | 'bestTrade'
  | 'worstTrade'
  | 'averageTradeDurationHours'
>
type BenchmarkMetrics = Pick<
  RunMetrics,
  'benchmarkReturn' | 'alpha' | 'beta' | 'informationRatio' | 'upCapture' | 'downCapture'
>

/** Figures of an equity curve with one point a day; the first is the starting capital. */
export function curveMetrics(
  curve: readonly Pick<DailyPoint, 't' | 'equity'>[],
  periodsPerYear = TRADING_DAYS,
): ReturnMetrics {
  const equity = curve.map((point) => point.equity)
  const times = curve.map((point) => point.t)
  const returns = simpleReturns(equity)
  const [first, last] = [equity[0], equity.at(-1)]
  const known = first !== undefined && last !== undefined && first > 0
  const growth = known ? cagr(first, last, times[0] ?? 0, times.at(-1) ?? 0) : null
  const drawdown = maxDrawdown(equity)
  const longest = longestDrawdownMs(equity, times)
  const year = { periodsPerYear }
  return {
    totalReturn: known ? last / first - 1 : null,
    cagr: growth,
    annualReturn: annualReturn(returns, year),
    volatility: volatility(returns, year),
    sharpe: sharpe(returns, year),
    sortino: sortino(returns, year),
    calmar: calmarOf(growth, drawdown),
    maxDrawdown: drawdown,
    currentDrawdown: currentDrawdown(equity),
    longestDrawdownDays: longest === null ? null : longest / DAY_MS,
    downsideDeviation: downsideDeviation(returns, year),
    omega: omega(returns),
    skew: skew(returns),
    kurtosis: kurtosis(returns),
    valueAtRisk: valueAtRisk(returns),
    conditionalValueAtRisk: conditionalValueAtRisk(returns),
    tailRatio: tailRatio(returns),
    stability: stability(returns),
    bestDay: best(returns),
    worstDay: worst(returns),
  }
}

/** Round trips as columns, for {@link tradeMetrics}. */
export function tradeFigures(
  trades: readonly Pick<BacktestTrade, 'pnl' | 'pnlPct' | 'entryTime' | 'exitTime'>[],
): TradeFigures {
  return {
    pnl: Float64Array.from(trades, (trade) => Number(trade.pnl)),
    share: Float64Array.from(trades, (trade) => trade.pnlPct),
    durationMs: Float64Array.from(trades, (trade) => trade.exitTime - trade.entryTime),
  }
}

/** Figures of round trips. */
export function tradeMetrics({ pnl, share, durationMs }: TradeFigures): TradeMetrics {
  return {
    totalTrades: pnl.length,
    winRate: winRate(pnl),
    profitFactor: profitFactor(pnl),
    averageWin: averageWin(pnl),
    averageLoss: averageLoss(pnl),
    payoffRatio: payoffRatio(pnl),
    expectancy: expectancy(pnl),
    sqn: sqn(share),
    bestTrade: best(pnl),
    worstTrade: worst(pnl),
    averageTradeDurationHours: averageTradeDurationHours(durationMs),
  }
}

function benchmarkMetrics(curve: readonly DailyPoint[]): BenchmarkMetrics {
  const returns = simpleReturns(curve.map((point) => point.equity))
  const benchmark = simpleReturns(curve.map((point) => point.benchmark))
  const [first, last] = [curve[0]?.benchmark, curve.at(-1)?.benchmark]
  return {
    benchmarkReturn: first === undefined || last === undefined || first <= 0 ? null : last / first - 1,
    alpha: alpha(returns, benchmark),
    beta: beta(returns, benchmark),
    informationRatio: informationRatio(returns, benchmark),
    upCapture: capture(returns, benchmark, 'up'),
    downCapture: capture(returns, benchmark, 'down'),
  }
}

function judge(returns: Float64Array, { intervals = true, trials = null }: MetricsOptions): Judgement {
  return {
    probabilisticSharpe: probabilisticSharpe(returns),
    deflatedSharpe: trials === null ? null : deflatedSharpe(returns, trials.count, trials.sharpeVariance),
    intervals: intervals ? metricIntervals(returns) : null,
  }
}

/** What {@link curveRunMetrics} needs of a result: a daily curve whose first point is the capital, and its trades. */
export interface ResultCurve {
  curve: readonly DailyPoint[]
  trades: TradeFigures
  exposure: number
}

/** Every figure of a daily curve and its trades, also of one that was put together from several runs. */
export function curveRunMetrics(
  { curve, trades, exposure }: ResultCurve,
  options: MetricsOptions = {},
): RunMetrics {
  return {
    ...curveMetrics(curve),
    ...tradeMetrics(trades),
    exposure,
    ...benchmarkMetrics(curve),
    ...judge(simpleReturns(curve.map((point) => point.equity)), options),
  }
}

/** The parts of a result that its figures are computed from. */
export type JudgedResult = Pick<
  BacktestResult,
  'initialCapital' | 'finalEquity' | 't' | 'equity' | 'benchmarkAt' | 'tradeFigures' | 'exposure'
>

/** Every figure of a finished run; see {@link RunMetrics} for the conventions. */
export function metricsOf(result: JudgedResult, options: MetricsOptions = {}): RunMetrics {
  const initial = Number(result.initialCapital)
  const curve = dailyCurve(result, initial)
  const { tradeFigures: trades, exposure } = result
  return {
    ...curveRunMetrics({ curve, trades, exposure }, options),
    // The curve's doubles are close, the books are exact.
    totalReturn: initial > 0 && curve.length > 0 ? Number(result.finalEquity) / initial - 1 : null,
  }
}
