import { type Instrument, type Position, tradeNetPnlUsd } from '@quantdeck/domain'
import {
  averageLoss,
  averageWin,
  cagr,
  calmarOf,
  currentDrawdown,
  maxDrawdown,
  profitFactor,
  sharpe,
  simpleReturns,
  sortino,
  winRate,
} from '@quantdeck/risk'
import { tradeReturn } from '../../desk/valuation.ts'
import type { CurvePoint } from './equity-curve.ts'

/** The figures of a window. Fractions and ratios; null is undefined and named as such by the presenters. */
export interface WindowMetrics {
  totalReturn: number | null
  sharpeRatio: number | null
  sortinoRatio: number | null
  calmarRatio: number | null
  /** Non-positive fraction, from the published curve. */
  maxDrawdown: number
  currentDrawdown: number
  winRate: number | null
  profitFactor: number | null
  totalTrades: number
  winningTrades: number
  losingTrades: number
  /** Fraction of the trade's entry cost. */
  averageWin: number | null
  averageLoss: number | null
}

export interface MetricsInput {
  /** The published curve. */
  curve: readonly Pick<CurvePoint, 'equity'>[]
  /** Closes of session days, the window's start in front. */
  closes: readonly number[]
  trades: readonly Position[]
  /** Every instrument that the trades are in. */
  instruments: readonly Instrument[]
  from: Date
  to: Date
}

export function windowMetrics(input: MetricsInput): WindowMetrics {
  const { curve, closes, trades, from, to } = input
  const equity = curve.map((point) => point.equity.toNumber())
  const results = trades.map((trade) => tradeNetPnlUsd(trade).toNumber())
  const instruments = new Map(input.instruments.map((instrument) => [instrument.symbol, instrument]))
  const fractions = trades.map((trade) => tradeReturn(trade, instruments))
  const returns = simpleReturns(closes)
  const first = equity[0] ?? 0
  const last = equity.at(-1) ?? 0
  const deepest = maxDrawdown(equity) ?? 0
  return {
    totalReturn: first > 0 ? last / first - 1 : null,
    sharpeRatio: sharpe(returns),
    sortinoRatio: sortino(returns),
    calmarRatio: calmarOf(cagr(first, last, from.getTime(), to.getTime()), deepest),
    maxDrawdown: deepest,
    currentDrawdown: currentDrawdown(equity) ?? 0,
    winRate: winRate(results),
    profitFactor: profitFactor(results),
    totalTrades: results.length,
    winningTrades: results.filter((result) => result > 0).length,
    losingTrades: results.filter((result) => result < 0).length,
    averageWin: averageWin(fractions),
    averageLoss: averageLoss(fractions),
  }
}
