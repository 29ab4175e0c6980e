import type { DailyPoint } from '../engine/daily.ts'
import { drawdowns } from '@quantdeck/risk'
import type { Html } from './escape.ts'
import { html, NOTHING } from './escape.ts'
import { money, percent } from './format.ts'
import type { MonteCarloEnvelope } from '../studies/monte-carlo.ts'

const WIDTH = 960
const LEFT = 78
const RIGHT = 12
/** More points than pixels would only make the file larger. */
const MOST_POINTS = 1200

interface Scale {
  x: (i: number) => number
  y: (value: number) => number
}

function path(values: readonly number[], scale: Scale): string {
  const step = Math.max(1, Math.ceil(values.length / MOST_POINTS))
  const points: string[] = []
  for (let i = 0; i < values.length; i += step) points.push(point(values, scale, i))
  if ((values.length - 1) % step !== 0) points.push(point(values, scale, values.length - 1))
  return `M${points.join('L')}`
}

function point(values: readonly number[], scale: Scale, i: number): string {
  return `${scale.x(i).toFixed(1)} ${scale.y(values[i] ?? 0).toFixed(1)}`
}

function scaleOf(count: number, low: number, high: number, top: number, height: number): Scale {
  const span = high - low || 1
  return {
    x: (i) => LEFT + ((WIDTH - LEFT - RIGHT) * i) / Math.max(count - 1, 1),
    y: (value) => top + height - (height * (value - low)) / span,
  }
}

function gridLines(low: number, high: number, scale: Scale, label: (value: number) => string): Html[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = low + (high - low) * share
    const y = scale.y(value).toFixed(1)
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" /><text
        class="tick"
        x="${LEFT - 8}"
        y="${y}"
        dy="4"
        text-anchor="end"
        >${label(value)}</text
      >`
  })
}

function dateLabels(curve: readonly DailyPoint[], scale: Scale, y: number): Html[] {
  const shares = curve.length < 3 ? [0] : [0, 0.25, 0.5, 0.75, 1]
  return shares.map((share) => {
    const i = Math.round((curve.length - 1) * share)
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle'
    return html`<text class="tick" x="${scale.x(i).toFixed(1)}" y="${y}" text-anchor="${anchor}"
      >${curve[i]?.date ?? ''}</text
    >`
  })
}

/** Equity and buy-and-hold over time, with the drawdown below. */
export function equityChart(curve: readonly DailyPoint[]): Html {
  if (curve.length < 2) return html`<p class="note">Too short for a chart.</p>`
  const equity = curve.map((day) => day.equity)
  const benchmark = curve.map((day) => day.benchmark)
  const low = Math.min(...range(equity), ...range(benchmark))
  const high = Math.max(...range(equity), ...range(benchmark))
  const top = scaleOf(curve.length, low, high, 12, 240)
  const falls = [...drawdowns(equity)]
  const worst = Math.min(range(falls)[0], -0.001)
  const bottom = scaleOf(curve.length, worst, 0, 290, 90)
  const area = `${path(falls, bottom)}L${bottom.x(curve.length - 1).toFixed(1)} ${bottom.y(0)}L${LEFT} ${bottom.y(0)}Z`
  return html`<svg viewBox="0 0 ${WIDTH} 410" role="img" aria-label="Equity and drawdown">
      ${gridLines(low, high, top, money)}
      <path class="benchmark" d="${path(benchmark, top)}" />
      <path class="equity" d="${path(equity, top)}" />
      ${[0, worst].map((value) => html`<text class="tick" x="${LEFT - 8}" y="${bottom.y(value).toFixed(1)}" dy="4" text-anchor="end">${percent(value)}</text>`)}
      <path class="fall" d="${area}" />
      ${dateLabels(curve, bottom, 400)}
    </svg>
    <p class="legend">
      <span class="key equity"></span>Equity <span class="key benchmark"></span>Buy and hold, before costs
      <span class="key fall"></span>Drawdown
    </p>`
}

const ENVELOPE_HEIGHT = 200

/** What else the run might have brought: the middle half and nine tenths of its re-drawn equities, and their median. */
export function envelopeChart(envelope: MonteCarloEnvelope): Html {
  const column = (k: number): number[] => envelope.points.map(({ quantiles }) => quantiles[k] ?? 0)
  const low = range(column(0))[0]
  const high = range(column(4))[1]
  const scale = scaleOf(envelope.points.length, low, high, 12, ENVELOPE_HEIGHT)
  const band = (below: number, above: number): string => {
    const back = column(below)
      .map((_, i, values) => point(values, scale, values.length - 1 - i))
      .join('L')
    return `${path(column(above), scale)}L${back}Z`
  }
  const from = scale.y(envelope.points[0]?.quantiles[2] ?? 0).toFixed(1)
  return html`<svg viewBox="0 0 ${WIDTH} 240" role="img" aria-label="Monte-Carlo envelope of the equity">
    ${gridLines(low, high, scale, money)}
    <path class="band" d="${band(0, 4)}" />
    <path class="band" d="${band(1, 3)}" />
    <path class="equity" d="${path(column(2), scale)}" />
    <line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${from}" y2="${from}" />
    <text class="tick" x="${LEFT}" y="232">0</text>
    <text class="tick" x="${WIDTH - RIGHT}" y="232" text-anchor="end">${envelope.observations} days</text>
  </svg>`
}

/** Lowest and highest; spreading a long array as arguments would overflow the stack. */
function range(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

const BINS = 25

/** How often trades ended with which return. */
export function returnHistogram(returns: readonly number[]): Html {
  if (returns.length === 0) return NOTHING
  const [low, high] = range(returns)
  const width = (high - low) / BINS || 0.01
  const counts = Array.from({ length: BINS }, () => 0)
  for (const value of returns) {
    const bin = Math.min(Math.floor((value - low) / width), BINS - 1)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const most = range(counts)[1]
  const step = (WIDTH - LEFT - RIGHT) / BINS
  const bars = counts.map((count, i) => {
    const height = (150 * count) / most
    const kind = low + (i + 0.5) * width < 0 ? 'loss' : 'win'
    const title = `${percent(low + i * width)} to ${percent(low + (i + 1) * width)}: ${count}`
    return html`<rect
      class="${kind}"
      x="${(LEFT + i * step + 1).toFixed(1)}"
      y="${(165 - height).toFixed(1)}"
      width="${(step - 2).toFixed(1)}"
      height="${height.toFixed(1)}"
      ><title>${title}</title></rect
    >`
  })
  return html`<svg viewBox="0 0 ${WIDTH} 190" role="img" aria-label="Distribution of the trades' returns">
    <text class="tick" x="${LEFT - 8}" y="19" text-anchor="end">${most}</text>
    <text class="tick" x="${LEFT - 8}" y="169" text-anchor="end">0</text>
    ${bars}
    <text class="tick" x="${LEFT}" y="185">${percent(low)}</text>
    <text class="tick" x="${WIDTH - RIGHT}" y="185" text-anchor="end">${percent(high)}</text>
  </svg>`
}
