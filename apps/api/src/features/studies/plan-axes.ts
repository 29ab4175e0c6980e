import { type Axis, axisValues, type ParameterSpec, parseParameters } from '@quantdeck/backtest'
import type { ErrorDetail } from '@quantdeck/domain'
import { refuse } from '../runs/run-data.ts'

/** An axis as a request names it: values, or a range. */
export interface AxisInput {
  name: string
  values?: (number | boolean | string)[] | undefined
  minimum?: number | undefined
  maximum?: number | undefined
  step?: number | undefined
}

const MOST_VALUES = 2_000

function toAxis(input: AxisInput, field: string): Axis | ErrorDetail {
  const { name, values, minimum, maximum, step } = input
  if (values !== undefined) {
    if (minimum !== undefined || maximum !== undefined || step !== undefined)
      return { field, message: `${name}: either values or minimum and maximum` }
    return { name, values: [...new Set(values)] }
  }
  if (minimum === undefined || maximum === undefined)
    return { field, message: `${name} needs values, or minimum and maximum` }
  if (minimum > maximum) return { field: `${field}.maximum`, message: 'maximum must not be below minimum' }
  if (step !== undefined && (maximum - minimum) / step > MOST_VALUES)
    return { field: `${field}.step`, message: `${name} has more than ${MOST_VALUES} values` }
  return { name, minimum, maximum, step: step ?? null }
}

/** Whether the strategy takes each value by itself; what does not go together is found later, by set. */
function problemsOf(axis: Axis, field: string, specs: readonly ParameterSpec[]): ErrorDetail[] {
  const spec = specs.find(({ name }) => name === axis.name)
  if (spec === undefined) {
    const known = specs.map(({ name }) => name).join(', ') || 'none'
    return [
      {
        field: `${field}.name`,
        message: `${axis.name} is not a parameter that can be varied; known: ${known}`,
      },
    ]
  }
  const problems = axisValues(axis).flatMap(
    (value) => parseParameters([spec], { [spec.name]: value }).problems,
  )
  return problems.slice(0, 1).map(({ message }) => ({ field, message }))
}

/** @throws AppError VALIDATION_ERROR that names each bad axis */
export function planAxes(inputs: readonly AxisInput[], specs: readonly ParameterSpec[]): Axis[] {
  const details: ErrorDetail[] = []
  const axes: Axis[] = []
  for (const [i, input] of inputs.entries()) {
    const field = `axes.${i}`
    const axis = toAxis(input, field)
    if ('message' in axis) details.push(axis)
    else if (axes.some(({ name }) => name === axis.name))
      details.push({ field: `${field}.name`, message: `${axis.name} is varied twice` })
    else {
      details.push(...problemsOf(axis, field, specs))
      axes.push(axis)
    }
  }
  if (details.length > 0) refuse(details)
  return axes
}
