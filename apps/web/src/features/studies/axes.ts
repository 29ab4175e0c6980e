/** One parameter to vary, as typed: its values, or `from..to step`. */
export interface AxisForm {
  name: string
  values: string
}

export type AxisProblem = 'errName' | 'errValues'

type Scalar = string | number | boolean

/** "5, 10, 20" or "5..50 step 5": every value it names, numbers as numbers; null when it names none. */
export function readValues(text: string): Scalar[] | null {
  const range = /^(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)\s+step\s+(\d+(?:\.\d+)?)$/.exec(text.trim())
  if (range) return readRange(Number(range[1]), Number(range[2]), Number(range[3]))
  const parts = text.split(',').map((part) => part.trim())
  if (parts.some((part) => part === '')) return null
  return parts.map(toScalar)
}

const MOST_VALUES = 200

/** Counted in whole steps, so that 0.1..0.3 ends at 0.3 and not beside it. */
function readRange(from: number, to: number, step: number): number[] | null {
  const count = Math.floor((to - from) / step + 1e-9) + 1
  if (!(step > 0) || count < 1 || count > MOST_VALUES) return null
  return Array.from({ length: count }, (_, index) => Number((from + index * step).toPrecision(12)))
}

function toScalar(part: string): Scalar {
  if (part === 'true' || part === 'false') return part === 'true'
  return /^-?\d+(\.\d+)?$/.test(part) ? Number(part) : part
}

export function axisProblem({ name, values }: AxisForm): AxisProblem | undefined {
  if (!/^[\w.-]{1,64}$/.test(name)) return 'errName'
  return readValues(values) === null ? 'errValues' : undefined
}

/** How many parameter sets a grid over these axes has. */
export function gridSize(axes: readonly AxisForm[]): number {
  return axes.reduce((size, { values }) => size * (readValues(values)?.length ?? 0), 1)
}
