import { annualReturns, monthlyReturns, simpleReturns } from '@quantdeck/risk'
import type { DailyPoint } from '../engine/daily.ts'
import type { RunMetrics } from '../engine/metrics-of.ts'
import type { BacktestTrade } from '../engine/types.ts'
import type { Html } from './escape.ts'
import { html } from './escape.ts'
import { decimal, instant, money, percent } from './format.ts'

type Row = [label: string, value: string]

/** The figures that matter first, then all others. */
export function metricsTable(m: RunMetrics): Html {
  const rows: Row[] = [
    ['Total return', percent(m.totalReturn)],
    ['CAGR', percent(m.cagr)],
    ['Sharpe ratio', decimal(m.sharpe)],
    ['Sortino ratio', decimal(m.sortino)],
    ['Calmar ratio', decimal(m.calmar)],
    ['Max drawdown', percent(m.maxDrawdown)],
    ['Current drawdown', percent(m.currentDrawdown)],
    ['Longest drawdown', m.longestDrawdownDays === null ? '–' : `${decimal(m.longestDrawdownDays, 0)} days`],
    ['Volatility a year', percent(m.volatility)],
    ['Downside deviation', percent(m.downsideDeviation)],
    ['Omega', decimal(m.omega)],
    ['Tail ratio', decimal(m.tailRatio)],
    ['Skew / excess kurtosis', `${decimal(m.skew)} / ${decimal(m.kurtosis)}`],
    ['Value at risk 5 %, a day', percent(m.valueAtRisk)],
    ['Expected shortfall 5 %', percent(m.conditionalValueAtRisk)],
    ['Best / worst day', `${percent(m.bestDay)} / ${percent(m.worstDay)}`],
    ['Stability (R²)', decimal(m.stability)],
    ['Exposure', percent(m.exposure)],
    ['Trades', String(m.totalTrades)],
    ['Win rate', percent(m.winRate)],
    ['Profit factor', decimal(m.profitFactor)],
    ['Average win / loss', `${money(m.averageWin)} / ${money(m.averageLoss)}`],
    ['Expectancy', money(m.expectancy)],
    ['SQN', decimal(m.sqn)],
    ['Best / worst trade', `${money(m.bestTrade)} / ${money(m.worstTrade)}`],
    [
      'Average trade',
      m.averageTradeDurationHours === null ? '–' : `${decimal(m.averageTradeDurationHours, 1)} h`,
    ],
    ['Buy and hold', percent(m.benchmarkReturn)],
    ['Alpha / beta', `${percent(m.alpha)} / ${decimal(m.beta)}`],
    ['Information ratio, a day', decimal(m.informationRatio, 3)],
    ['Up / down capture', `${decimal(m.upCapture)} / ${decimal(m.downCapture)}`],
  ]
  return html`<dl class="metrics">
    ${rows.map(
      ([label, value]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

/** A fraction in percent with one place, never -0.0. */
function points(value: number): string {
  const text = (value * 100).toFixed(1)
  return text === '-0.0' ? '0.0' : text
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A month's cell, shaded by its return relative to the strongest month. */
function heatCell(value: number | undefined, strongest: number): Html {
  if (value === undefined) return html`<td></td>`
  const strength = (Math.abs(value) / strongest) * 0.7
  const colour = value < 0 ? '192,57,43' : '30,132,73'
  return html`<td style="background:rgba(${colour},${strength.toFixed(2)})">${points(value)}</td>`
}

/** Returns by calendar month, one line a year. */
export function monthlyTable(curve: readonly DailyPoint[]): Html {
  const returns = simpleReturns(curve.map((day) => day.equity))
  const times = curve.slice(1).map((day) => day.t)
  const months = new Map(monthlyReturns(times, returns).map((entry) => [entry.period, entry.return]))
  const years = annualReturns(times, returns)
  const strongest = Math.max(0.001, ...[...months.values()].map(Math.abs))
  const line = (year: string, total: number): Html => {
    const cells = MONTHS.map((_, i) =>
      heatCell(months.get(`${year}-${String(i + 1).padStart(2, '0')}`), strongest),
    )
    return html`<tr>
      <th>${year}</th>
      ${cells}
      <td class="total">${points(total)}</td>
    </tr>`
  }
  return html`<table class="heat">
    <thead>
      <tr>
        <th>%</th>
        ${MONTHS.map((month) => html`<th>${month}</th>`)}
        <th>Year</th>
      </tr>
    </thead>
    <tbody>
      ${years.map((year) => line(year.period, year.return))}
    </tbody>
  </table>`
}

/** More would make a page that no browser likes to print; all of them are in the CSV. */
export const MOST_TRADES = 500

const EXITS: Record<BacktestTrade['exitReason'], string> = {
  signal: 'signal',
  reversal: 'reversal',
  stop_loss: 'stop loss',
  take_profit: 'take profit',
  end_of_data: 'end of data',
  ruin: 'capital lost',
}

function tradeRow(trade: BacktestTrade, i: number): Html {
  const tone = Number(trade.pnl) < 0 ? 'negative' : 'positive'
  return html`<tr>
    <td>${i + 1}</td>
    <td>${trade.symbol}</td>
    <td>${trade.side}</td>
    <td>${trade.quantity}</td>
    <td>${instant(trade.entryTime)}</td>
    <td>${trade.entryPrice}</td>
    <td>${instant(trade.exitTime)}</td>
    <td>${trade.exitPrice}</td>
    <td>${money(trade.fees)}</td>
    <td class="${tone}">${money(trade.pnl)}</td>
    <td class="${tone}">${percent(trade.pnlPct)}</td>
    <td>${EXITS[trade.exitReason]}</td>
  </tr>`
}

/** The first trades in order of their exit. */
export function tradesTable(trades: readonly BacktestTrade[]): Html {
  if (trades.length === 0) return html`<p class="note">No trade was made.</p>`
  const shown = trades.slice(0, MOST_TRADES)
  const note =
    shown.length < trades.length
      ? html`<p class="note">
          The first ${shown.length} of ${trades.length} trades; all of them are in the CSV.
        </p>`
      : html`<p class="note">All ${trades.length} trades, net of fees; times are UTC.</p>`
  return html`${note}
    <table class="trades">
      <thead>
        <tr>
          <th>#</th>
          <th>Symbol</th>
          <th>Side</th>
          <th>Quantity</th>
          <th>Entry</th>
          <th>Price</th>
          <th>Exit</th>
          <th>Price</th>
          <th>Fees</th>
          <th>Net result</th>
          <th>Return</th>
          <th>Exit by</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(tradeRow)}
      </tbody>
    </table>`
}
