import type { RunMetrics } from '@quantdeck/backtest'
import type { Run } from '@quantdeck/db'
import { simpleReturns } from '@quantdeck/risk'
import { type RunRequest, toRunRequest } from './run-request.ts'
import type { StoredAssumptions, StoredCurve } from './run-spec.ts'

export interface CompareInput {
  run: Run
  metrics: RunMetrics
  curve: StoredCurve
  assumptions: StoredAssumptions
}

export interface ComparedPoint {
  date: string
  /** Null before a run's start and after its end. */
  equity: (number | null)[]
}

/** Lists have one entry per run, in the order of the runs. */
export interface Comparison {
  runs: CompareInput[]
  curve: ComparedPoint[]
  /** Of daily returns on the days that two runs share; null with fewer than three of them. */
  correlations: (number | null)[][]
  /** What was asked for and is not the same in all of them. */
  differences: { field: string; values: (string | null)[] }[]
  warnings: string[]
}

/** Every day of any run; between its own days a run keeps its last equity. */
function alignCurves(curves: readonly StoredCurve[]): ComparedPoint[] {
  const days = [...new Set(curves.flatMap((curve) => curve.map(({ date }) => date)))].toSorted()
  const columns = curves.map((curve) => {
    const byDate = new Map(curve.map(({ date, equity }) => [date, equity]))
    const lastDay = curve.at(-1)?.date ?? ''
    let held: number | null = null
    return days.map((day) => {
      held = byDate.get(day) ?? held
      return day > lastDay ? null : held
    })
  })
  return days.map((date, i) => ({ date, equity: columns.map((column) => column[i] ?? null) }))
}

function returnsByDay(curve: StoredCurve): Map<string, number> {
  const returns = simpleReturns(curve.map(({ equity }) => equity))
  return new Map(curve.slice(1).map(({ date }, i) => [date, returns[i] ?? 0]))
}

/** Pearson's correlation of two runs' returns on common days. */
function correlation(a: Map<string, number>, b: Map<string, number>): number | null {
  const pairs = [...a].flatMap(([day, x]) => (b.has(day) ? [{ x, y: b.get(day) ?? 0 }] : []))
  const n = pairs.length
  if (n < 3) return null
  const mean = (of: 'x' | 'y'): number => pairs.reduce((sum, pair) => sum + pair[of], 0) / n
  const [mx, my] = [mean('x'), mean('y')]
  let [xy, xx, yy] = [0, 0, 0]
  for (const { x, y } of pairs) {
    xy += (x - mx) * (y - my)
    xx += (x - mx) ** 2
    yy += (y - my) ** 2
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null
}

/** A request as flat fields, so that two of them can be held against each other. */
function fieldsOf(request: RunRequest | null): Map<string, string> {
  if (request === null) return new Map()
  const { parameters, costs, sizing, notes: _notes, trials: _trials, ...rest } = request
  const nested = { parameters, costs, sizing } as const
  const flat = new Map<string, string>()
  for (const [name, value] of Object.entries(rest)) flat.set(name, text(value))
  for (const [group, values] of Object.entries(nested)) {
    for (const [name, value] of Object.entries(values)) flat.set(`${group}.${name}`, text(value))
  }
  return flat
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function differencesOf(runs: readonly Run[]): Comparison['differences'] {
  const requests = runs.map((run) => fieldsOf(toRunRequest(run.params)))
  const fields = [...new Set(requests.flatMap((request) => [...request.keys()]))]
  return fields
    .map((field) => ({ field, values: requests.map((request) => request.get(field) ?? null) }))
    .filter(({ values }) => new Set(values).size > 1)
}

function varies(values: readonly (string | number | boolean | null)[]): boolean {
  return new Set(values).size > 1
}

function warningsOf(results: readonly CompareInput[]): string[] {
  const of = <T extends string | number | boolean | null>(pick: (result: CompareInput) => T): boolean =>
    varies(results.map(pick))
  const hasSamePeriod = !of(({ run }) => run.startDate) && !of(({ run }) => run.endDate)
  const hasSameSymbols = !of(({ assumptions }) => assumptions.symbols.join(','))
  const warnings: string[] = []
  if (!hasSamePeriod) warnings.push('The runs cover different periods')
  if (!hasSameSymbols) warnings.push('The runs trade different symbols')
  if (hasSamePeriod && hasSameSymbols && of(({ assumptions }) => assumptions.dataHash))
    warnings.push('The bars were changed between the runs: their data hashes differ')
  if (of(({ assumptions }) => assumptions.engineVersion))
    warnings.push('The runs were computed by different versions of the engine')
  if (of(({ run }) => run.initialCapital.toFixed())) warnings.push('The runs start with different capitals')
  if (of(({ assumptions }) => JSON.stringify(assumptions.costs)))
    warnings.push('The runs pay different costs')
  if (of(({ assumptions }) => assumptions.riskEngine))
    warnings.push('Some of the runs had the risk engine switched off')
  return warnings
}

/** Finished backtests side by side; pure. */
export function compareResults(results: readonly CompareInput[]): Comparison {
  const returns = results.map(({ curve }) => returnsByDay(curve))
  return {
    runs: [...results],
    curve: alignCurves(results.map(({ curve }) => curve)),
    correlations: returns.map((a) => returns.map((b) => correlation(a, b))),
    differences: differencesOf(results.map(({ run }) => run)),
    warnings: warningsOf(results),
  }
}
