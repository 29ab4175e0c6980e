import { createRandom } from './random.ts'
import type { Series } from './series.ts'
import { present, quantileOfSorted } from './series.ts'

/** A two-sided interval of a metric. */
export interface Interval {
  low: number
  high: number
}

export interface BootstrapOptions {
  /** Draws; default 1000. */
  draws?: number
  /** Mean length of the blocks that keep neighbouring returns together; default sqrt(n). */
  blockLength?: number
  /** Share inside the interval; default 0.95. */
  level?: number
  seed?: number
}

/** One resample by the stationary bootstrap: blocks of geometric length, wrapping around. */
function resample(values: Float64Array, blockLength: number, random: () => number): Float64Array {
  const result = new Float64Array(values.length)
  let position = 0
  for (let i = 0; i < result.length; i++) {
    const fresh = i === 0 || random() < 1 / blockLength
    if (fresh) position = Math.floor(random() * values.length)
    else position = position + 1 === values.length ? 0 : position + 1
    result[i] = values[position]!
  }
  return result
}

/**
 * Confidence interval of a metric of returns by the stationary bootstrap, seeded and therefore repeatable. Null below
 * ten returns or when the metric is undefined on more than half of the draws.
 * Source: D. Politis and J. Romano, The Stationary Bootstrap (1994).
 */
export function bootstrapInterval(
  returns: Series,
  metric: (returns: Float64Array) => number | null,
  options: BootstrapOptions = {},
): Interval | null {
  return bootstrapIntervals(returns, (draw) => [metric(draw)], options)[0] ?? null
}

/** {@link bootstrapInterval} of several metrics on the same draws, in the order in which `metrics` answers them. */
export function bootstrapIntervals(
  returns: Series,
  metrics: (returns: Float64Array) => readonly (number | null)[],
  options: BootstrapOptions = {},
): (Interval | null)[] {
  const values = present(returns)
  if (values.length < 10) return metrics(values).map(() => null)
  const { draws = 1000, blockLength = Math.sqrt(values.length), level = 0.95, seed = 1 } = options
  const random = createRandom(seed)
  const results: number[][] = []
  for (let draw = 0; draw < draws; draw++) {
    metrics(resample(values, blockLength, random)).forEach((result, i) => {
      const list = (results[i] ??= [])
      if (result !== null) list.push(result)
    })
  }
  return results.map((list) => intervalOf(list, draws, level))
}

function intervalOf(results: readonly number[], draws: number, level: number): Interval | null {
  if (results.length < draws / 2) return null
  const sorted = Float64Array.from(results).sort()
  return {
    low: quantileOfSorted(sorted, (1 - level) / 2),
    high: quantileOfSorted(sorted, (1 + level) / 2),
  }
}
