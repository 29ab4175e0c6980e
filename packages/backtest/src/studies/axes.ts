import { createRandom } from '@quantdeck/risk'
import type { ParameterValue } from '../strategies/parameters.ts'

/** One parameter that a study varies: a list of values, or a range of numbers. Names are those of the strategy. */
export type Axis =
  | { name: string; values: readonly ParameterValue[] }
  | { name: string; minimum: number; maximum: number; step: number | null }

export type ParameterSet = Record<string, ParameterValue>

/** Sums of steps like 0.1 miss their decimal neighbours by a hair. */
function clean(value: number): number {
  return Number(value.toPrecision(12))
}

/** The values of an axis, in order. A range without a step has its two ends. */
export function axisValues(axis: Axis): ParameterValue[] {
  if ('values' in axis) return [...axis.values]
  const { minimum, maximum } = axis
  const step = axis.step ?? maximum - minimum
  if (!(step > 0)) return [minimum]
  const count = Math.floor((maximum - minimum) / step + 1e-9) + 1
  return Array.from({ length: count }, (_, i) => clean(minimum + i * step))
}

/** How many combinations a grid over the axes has. */
export function gridSize(axes: readonly Axis[]): number {
  return axes.reduce((product, axis) => product * axisValues(axis).length, 1)
}

/** Every combination, the last axis varying fastest; one empty set without axes. */
export function gridOf(axes: readonly Axis[]): ParameterSet[] {
  return axes.reduce<ParameterSet[]>(
    (sets, axis) => {
      const values = axisValues(axis)
      return sets.flatMap((set) => values.map((value) => ({ ...set, [axis.name]: value })))
    },
    [{}],
  )
}

function draw(axis: Axis, isInteger: boolean, random: () => number): ParameterValue {
  if ('values' in axis || axis.step !== null) {
    const values = axisValues(axis)
    return values[Math.floor(random() * values.length)]!
  }
  const { minimum, maximum } = axis
  if (isInteger) return minimum + Math.floor(random() * (maximum - minimum + 1))
  return clean(minimum + random() * (maximum - minimum))
}

/** After so many repetitions in a row there is hardly anything left to draw. */
const MOST_REPEATS = 1_000

/**
 * At most `count` different sets drawn by the seed: evenly from lists and stepped ranges, from a range without a step any
 * number (a whole one for parameters in `integers`). Fewer if there are no more.
 */
export function randomSets(
  axes: readonly Axis[],
  options: { count: number; seed: number; integers: ReadonlySet<string> },
): ParameterSet[] {
  const random = createRandom(options.seed)
  const sets = new Map<string, ParameterSet>()
  for (let repeats = 0; sets.size < options.count && repeats < MOST_REPEATS;) {
    const set = Object.fromEntries(
      axes.map((axis) => [axis.name, draw(axis, options.integers.has(axis.name), random)]),
    )
    const key = JSON.stringify(set)
    repeats = sets.has(key) ? repeats + 1 : 0
    sets.set(key, set)
  }
  return [...sets.values()]
}
