import type { DailyPoint } from '../engine/daily.ts'
import type { RunMetrics } from '../engine/metrics-of.ts'
import type { RiskEventRecord } from '../engine/risk-gate.ts'
import type { Assumptions, BacktestTrade, Refusals } from '../engine/types.ts'
import { breakdownOf } from '../engine/breakdown.ts'
import { monteCarlo } from '../studies/monte-carlo.ts'
import { simpleReturns } from '@quantdeck/risk'
import { envelopeChart, equityChart, returnHistogram } from './charts.ts'
import type { Html } from './escape.ts'
import { html, NOTHING } from './escape.ts'
import { decimal, instant, money, percent } from './format.ts'
import { STYLE } from './style.ts'
import { metricsTable, monthlyTable, tradesTable } from './tables.ts'

/** A finished run with everything its report shows. */
export interface ReportRun {
  runId: string
  strategyId: string
  strategyName: string
  modelType: string
  /** Days, `2026-01-07`. */
  startDate: string
  endDate: string
  /** ms */
  createdAt: number
  completedAt: number
  initialCapital: string
  finalEquity: string
  totalFees: string
  /** ISO 4217. */
  currency: string
  parameters: Record<string, unknown>
  metrics: RunMetrics
  curve: readonly DailyPoint[]
  trades: readonly BacktestTrade[]
  refusals: Refusals
  riskEvents: readonly RiskEventRecord[]
  assumptions: Assumptions
}

function facts(rows: readonly (readonly [string, string])[]): Html {
  return html`<dl class="facts">
    ${rows.map(
      ([label, value]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

function header(run: ReportRun): Html {
  return html`<header>
    <h1>${run.strategyName}</h1>
    <p class="sub">Backtest of ${run.strategyId}, ${run.startDate} to ${run.endDate}</p>
    ${facts([
      ['Run', run.runId],
      ['Model type', run.modelType],
      ['Symbols', run.assumptions.symbols.join(', ')],
      ['Bars', String(run.assumptions.bars)],
      ['Started with', `${money(run.initialCapital)} ${run.currency}`],
      ['Ended with', `${money(run.finalEquity)} ${run.currency}`],
      ['Fees paid', `${money(run.totalFees)} ${run.currency}`],
      ['Computed', `${instant(run.completedAt)} UTC`],
    ])}
  </header>`
}

function describeSizing(sizing: Assumptions['sizing']): string {
  switch (sizing.kind) {
    case 'fraction':
      return `signal size x ${sizing.of}${sizing.riskPerTrade === null ? '' : `, at most ${sizing.riskPerTrade * 100} % of it lost at the stop`}`
    case 'all_in':
      return 'all of the equity'
    case 'units':
      return `${sizing.units} units`
    case 'risk':
      return `${sizing.fraction * 100} % of the equity at risk`
  }
}

function describeCosts({ costs }: Assumptions): [string, string][] {
  const fees = [
    `${costs.feeBps} bp of notional`,
    ...(costs.feePerUnit > 0 ? [`${costs.feePerUnit} a unit`] : []),
    ...(costs.fixedFee > 0 ? [`${costs.fixedFee} a fill`] : []),
    ...(costs.minimumFee > 0 ? [`at least ${costs.minimumFee}`] : []),
  ]
  const models = {
    fixed: '',
    uniform: ', random up to twice that',
    square_root: " at 1 % of the bar's volume, growing with the root of the share",
  }
  return [
    ['Fees', fees.join(', ')],
    ['Slippage', `${costs.slippageBps} bp${models[costs.slippageModel]}`],
    ['Spread', `${costs.spreadBps} bp, paid at the entry`],
  ]
}

const FINAL_EXITS: Record<string, string> = {
  last_close: 'closed at the last close',
  last_open: 'closed at the last open',
  previous_close: 'closed at the close before the last',
  keep: 'kept',
}

function assumptionsSection(run: ReportRun): Html {
  const { assumptions } = run
  const parameters = Object.entries(run.parameters).map(([name, value]) => `${name} ${String(value)}`)
  return html`<h2>Assumptions</h2>
    ${facts([
      ...describeCosts(assumptions),
      ['Orders fill', assumptions.fill === 'close' ? 'at the deciding close' : 'at the next open'],
      ['Open position at the end', FINAL_EXITS[assumptions.finalExit] ?? assumptions.finalExit],
      ['Sizing', describeSizing(assumptions.sizing)],
      ['Risk engine', assumptions.riskEngine ? 'on, as in live trading' : 'off'],
      ['Seed', String(assumptions.seed)],
      ['Warm-up bars', String(assumptions.warmupBars)],
      ['Data hash', assumptions.dataHash],
      ['Engine version', assumptions.engineVersion],
    ])}
    <p class="note">
      Parameters: ${parameters.join(', ') || 'none'}. A stop that is gapped through fills at the open; a bar
      that touches stop and target counts as stopped. Ratios are of daily closes, 252 a year, risk-free rate
      0.
    </p>`
}

function dataSection({ assumptions }: ReportRun): Html {
  const gaps = assumptions.gaps.map(
    (gap) => `${gap.symbol}: no bars between ${instant(gap.fromT)} and ${instant(gap.toT)}`,
  )
  const lines = [...assumptions.notes, ...gaps]
  if (lines.length === 0)
    return html`<h2>Data</h2>
      <p class="note">No gap of more than five days in the bars.</p>`
  return html`<h2>Data</h2>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`
}

const ENVELOPE_DRAWS = 500

/** The same picture for the same run: the draws come from its seed. */
function envelopeSection({ curve, initialCapital, assumptions }: ReportRun): Html {
  const returns = simpleReturns(curve.map((day) => day.equity))
  const options = { method: 'returns', draws: ENVELOPE_DRAWS, seed: assumptions.seed } as const
  const envelope = monteCarlo(returns, Number(initialCapital), options)
  if (envelope === null) return NOTHING
  const [worst] = envelope.maxDrawdown
  return html`<h2>What else it might have been</h2>
    ${envelopeChart(envelope)}
    <p class="note">
      ${envelope.draws} paths drawn from its own daily returns, in blocks: nine tenths, half and the median.
      ${percent(envelope.lossProbability)} of them end with a loss; one in twenty falls by
      ${percent(worst ?? null)} or more on its way.
    </p>`
}

function drawdownSection({ curve, metrics }: ReportRun): Html {
  const { drawdowns } = breakdownOf(curve)
  // Runs of earlier versions stored none.
  const intervals = metrics.intervals ?? null
  const between = (range: { low: number; high: number } | null, show: (value: number) => string): string =>
    range === null ? '–' : `${show(range.low)} to ${show(range.high)}`
  const figures =
    intervals === null
      ? NOTHING
      : html`<p class="note">
          95 % intervals: annual return ${between(intervals.annualReturn, percent)}, Sharpe ratio
          ${between(intervals.sharpe, decimal)}, Sortino ratio ${between(intervals.sortino, decimal)}, max
          drawdown ${between(intervals.maxDrawdown, percent)}.
        </p>`
  return html`<h2>Deepest drawdowns</h2>
    <ul>
      ${drawdowns.map((row) => html`<li>${percent(row.depth)}: from ${row.peakDate} down to ${row.troughDate}, ${row.recoveryDate === null ? 'not recovered' : `recovered on ${row.recoveryDate}`}, ${row.days} days</li>`)}
    </ul>
    ${figures}`
}

const MOST_EVENTS = 50

function riskSection({ refusals, riskEvents }: ReportRun): Html {
  const counts = Object.entries(refusals)
  const events = riskEvents.filter((event) => event.type !== 'entry_refused')
  if (counts.length === 0 && events.length === 0) return NOTHING
  const shown = events.slice(0, MOST_EVENTS)
  return html`<h2>What risk stopped</h2>
    <ul>
      ${counts.map(([code, count]) => html`<li>${count} entries: ${code}</li>`)}${shown.map((event) => html`<li>${instant(event.t)}: ${event.message}</li>`)}
    </ul>
    ${shown.length < events.length ? html`<p class="note">The first ${shown.length} of ${events.length} events.</p>` : NOTHING}`
}

/**
 * The report of a run as one self-contained HTML page: inline style and SVG, no script, no request to anywhere, made to
 * be printed on A4. Every text that comes from outside is escaped.
 */
export function renderReport(run: ReportRun): string {
  const body = html`${header(run)}
    <h2>Figures</h2>
    ${metricsTable(run.metrics)}
    <h2>Equity and drawdown</h2>
    ${equityChart(run.curve)} ${drawdownSection(run)} ${envelopeSection(run)}
    <h2>Monthly returns</h2>
    ${monthlyTable(run.curve)}
    <h2>Returns of the trades</h2>
    ${returnHistogram(run.trades.map((trade) => trade.pnlPct))} ${assumptionsSection(run)} ${dataSection(run)}
    ${riskSection(run)}
    <h2>Trades</h2>
    ${tradesTable(run.trades)}
    <footer>
      Quantdeck engine ${run.assumptions.engineVersion}, run ${run.runId}. Past results say little about
      future ones.
    </footer>`
  const title = html`${run.strategyName}: ${run.startDate} to ${run.endDate}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.markup}</title>
<style>${STYLE}</style>
</head>
<body>
${body.markup}
</body>
</html>
`
}
