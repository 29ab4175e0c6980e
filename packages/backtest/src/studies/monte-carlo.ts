import { createRandom, maxDrawdown, quantile } from '@quantdeck/risk'

export interface MonteCarloOptions {
  /** `returns`: blocks of neighbouring daily returns; `trades`: single trades, each on the equity of its turn. */
  method: 'returns' | 'trades'
  /** Default 1000. */
  draws?: number
  /** Default 1. */
  seed?: number
  /** Most points of the envelope beside the start; default 100. */
  points?: number
  /** Share of the capital whose loss counts as ruin; default 0.5. */
  ruinShare?: number
}

/** The quantiles of an envelope. */
export const ENVELOPE_SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const

export interface EnvelopePoint {
  /** How many returns or trades have been drawn. */
  step: number
  /** Equity at {@link ENVELOPE_SHARES}. */
  quantiles: number[]
}

export interface MonteCarloEnvelope {
  method: MonteCarloOptions['method']
  draws: number
  seed: number
  /** Returns or trades that were drawn from. */
  observations: number
  /** The first is the start, where all are equal. */
  points: EnvelopePoint[]
  /** Of the final equities and of each path's deepest drawdown (non-positive), at {@link ENVELOPE_SHARES}. */
  finalEquity: number[]
  maxDrawdown: number[]
  /** Share of the paths that end below the start, and that ever lose `ruinShare` of it. */
  lossProbability: number
  ruinProbability: number
}

/** Fewer say nothing about a distribution. */
const FEWEST_OBSERVATIONS = 10

/** Draws one path of growth: indexes into the observations, in blocks of geometric length (1: independently). */
function resample(
  growth: Float64Array,
  target: Float64Array,
  blockLength: number,
  random: () => number,
): void {
  const n = growth.length
  let position = 0
  for (let i = 0; i < n; i++) {
    const isFresh = i === 0 || blockLength <= 1 || random() < 1 / blockLength
    position = isFresh ? Math.floor(random() * n) : position + 1 === n ? 0 : position + 1
    target[i] = growth[position]!
  }
}

function quantilesOf(values: Float64Array): number[] {
  return ENVELOPE_SHARES.map((share) => quantile(values, share) ?? 0)
}

/** The equity of one path, the start first; what is lost is lost. */
function follow(path: Float64Array, capital: number, equity: Float64Array): number {
  let lowest = capital
  equity[0] = capital
  for (let i = 0; i < path.length; i++) {
    const value = Math.max(equity[i]! * path[i]!, 0)
    equity[i + 1] = value
    if (value < lowest) lowest = value
  }
  return lowest
}

interface Paths {
  /** Equity at each of the steps, one column per step. */
  at: Float64Array[]
  final: Float64Array
  falls: Float64Array
  lossProbability: number
  ruinProbability: number
}

function drawPaths(
  growth: Float64Array,
  capital: number,
  plan: { steps: readonly number[]; draws: number; seed: number; blockLength: number; ruinShare: number },
): Paths {
  const { steps, draws, blockLength } = plan
  const random = createRandom(plan.seed)
  const at = steps.map(() => new Float64Array(draws))
  const final = new Float64Array(draws)
  const falls = new Float64Array(draws)
  const path = new Float64Array(growth.length)
  const equity = new Float64Array(growth.length + 1)
  let losses = 0
  let ruins = 0
  for (let draw = 0; draw < draws; draw++) {
    resample(growth, path, blockLength, random)
    const lowest = follow(path, capital, equity)
    for (let k = 0; k < steps.length; k++) at[k]![draw] = equity[steps[k]!]!
    final[draw] = equity[growth.length]!
    falls[draw] = maxDrawdown(equity) ?? 0
    if (final[draw]! < capital) losses += 1
    if (lowest <= capital * (1 - plan.ruinShare)) ruins += 1
  }
  return { at, final, falls, lossProbability: losses / draws, ruinProbability: ruins / draws }
}

/**
 * What else a run might have brought: its equity re-drawn many times from its own returns (or trades), by a seed. Null with
 * fewer than ten observations. Every path is as long as the run. `changes` are fractions per step: daily returns, or each
 * trade's net result over the equity before it. Returns are drawn in blocks of about sqrt(n), so that calm and wild times
 * stay together (stationary bootstrap: D. Politis, J. Romano, 1994), trades one by one.
 */
export function monteCarlo(
  changes: ArrayLike<number>,
  capital: number,
  options: MonteCarloOptions,
): MonteCarloEnvelope | null {
  const n = changes.length
  if (n < FEWEST_OBSERVATIONS) return null
  const { method, draws = 1000, seed = 1, points = 100, ruinShare = 0.5 } = options
  const growth = Float64Array.from(changes, (change) => 1 + change)
  const blockLength = method === 'returns' ? Math.sqrt(n) : 1
  const count = Math.min(points, n)
  const steps = Array.from({ length: count }, (_, k) => Math.round(((k + 1) * n) / count))
  const paths = drawPaths(growth, capital, { steps, draws, seed, blockLength, ruinShare })
  return {
    method,
    draws,
    seed,
    observations: n,
    points: [
      { step: 0, quantiles: ENVELOPE_SHARES.map(() => capital) },
      ...steps.map((step, k) => ({ step, quantiles: quantilesOf(paths.at[k]!) })),
    ],
    finalEquity: quantilesOf(paths.final),
    maxDrawdown: quantilesOf(paths.falls),
    lossProbability: paths.lossProbability,
    ruinProbability: paths.ruinProbability,
  }
}
