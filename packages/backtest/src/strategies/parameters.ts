/** One parameter of a reference strategy: what a form needs and what a check needs. Names are as stored in `config`. */
export interface ParameterSpec {
  readonly name: string
  readonly label: string
  readonly kind: 'integer' | 'number' | 'boolean' | 'choice'
  readonly default: number | boolean | string
  /** Inclusive, for integers and numbers. */
  readonly minimum?: number
  /** Inclusive, for integers and numbers. */
  readonly maximum?: number
  readonly choices?: readonly string[]
}

export type ParameterValue = number | boolean | string
export type ParameterValues = Record<string, ParameterValue>

/** What is wrong with one parameter, in a sentence. */
export interface ParameterProblem {
  field: string
  message: string
}

export interface ParsedParameters {
  values: ParameterValues
  problems: ParameterProblem[]
}

const NUMERIC = /^-?\d{1,15}(\.\d{1,15})?$/

/** Configurations store numbers both as numbers and as decimal strings ("1.5"). */
function toNumber(raw: unknown): number {
  if (typeof raw === 'string' && NUMERIC.test(raw)) return Number(raw)
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : Number.NaN
}

function checkNumber(spec: ParameterSpec, raw: unknown): number | string {
  const value = toNumber(raw)
  if (Number.isNaN(value)) return `${spec.name} must be a number`
  if (spec.kind === 'integer' && !Number.isInteger(value))
    return `${spec.name} must be a whole number, got ${value}`
  if (spec.minimum !== undefined && value < spec.minimum)
    return `${spec.name} must be at least ${spec.minimum}, got ${value}`
  if (spec.maximum !== undefined && value > spec.maximum)
    return `${spec.name} must be at most ${spec.maximum}, got ${value}`
  return value
}

function checkChoice(spec: ParameterSpec, raw: unknown): string | null {
  const choices = spec.choices ?? []
  if (typeof raw === 'string' && choices.includes(raw)) return null
  return `${spec.name} must be one of ${choices.join(', ')}`
}

/** Writes the value into `parsed`, or its problem. */
function parseOne(spec: ParameterSpec, raw: unknown, parsed: ParsedParameters): void {
  if (spec.kind === 'integer' || spec.kind === 'number') {
    const result = checkNumber(spec, raw)
    if (typeof result === 'number') parsed.values[spec.name] = result
    else parsed.problems.push({ field: spec.name, message: result })
    return
  }
  const problem =
    spec.kind === 'choice'
      ? checkChoice(spec, raw)
      : typeof raw === 'boolean'
        ? null
        : `${spec.name} must be true or false`
  if (problem !== null) parsed.problems.push({ field: spec.name, message: problem })
  else if (typeof raw === 'string' || typeof raw === 'boolean') parsed.values[spec.name] = raw
}

/**
 * Fills in defaults and checks every value. Numbers may come as decimal strings. Keys that no spec names are a
 * problem with `unknown: 'reject'` and are left alone with `'ignore'` (a strategy's `config` holds other things too).
 */
export function parseParameters(
  specs: readonly ParameterSpec[],
  raw: Readonly<Record<string, unknown>>,
  unknown: 'reject' | 'ignore' = 'reject',
): ParsedParameters {
  const parsed: ParsedParameters = { values: {}, problems: [] }
  for (const spec of specs) {
    const value = Object.hasOwn(raw, spec.name) ? raw[spec.name] : undefined
    if (value === undefined) parsed.values[spec.name] = spec.default
    else parseOne(spec, value, parsed)
  }
  if (unknown === 'reject') {
    const known = new Set(specs.map((spec) => spec.name))
    for (const name of Object.keys(raw)) {
      if (!known.has(name)) {
        const message = `${name} is not a parameter; known: ${[...known].join(', ') || 'none'}`
        parsed.problems.push({ field: name, message })
      }
    }
  }
  return parsed
}

/** A parsed number. @throws {Error} if the spec is of another kind (a defect of the strategy's own schema) */
export function numberOf(values: ParameterValues, name: string): number {
  const value = values[name]
  if (typeof value !== 'number') throw new Error(`parameter ${name} is not a number`)
  return value
}
