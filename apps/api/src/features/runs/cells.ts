import {
  type BacktestTrade,
  BacktestCancelled,
  type BarColumns,
  type CellFigures,
  cellFigures,
  type DailyPoint,
  dailyCurve,
  dataHash,
  findBarProblem,
  firstBarAt,
  metricsOf,
  sliceBars,
  StrategyFailed,
} from '@quantdeck/backtest'
import { runSpec, type RunSpec, warmupOf } from './run-spec.ts'

/** One of the many runs of a study: what differs from the study's own spec. */
export interface CellJob {
  index: number
  /** Over the spec's own. */
  parameters: Record<string, unknown>
  /** ms; the bars before it only warm up. */
  startT: number
  /** ms, exclusive; null: to the last bar. */
  endT: number | null
  /** Null: the spec's. */
  initialCapital: string | null
  /** Whether the curve and the trades are wanted, which most cells only cost memory. */
  isDetailed: boolean
}

/** What is kept of a cell; null where it failed, with the reason. */
export interface CellOutput {
  index: number
  figures: CellFigures | null
  error: string | null
  finalEquity: string
  detail: { curve: DailyPoint[]; trades: BacktestTrade[]; exposure: number } | null
}

/** The cell's bars: exactly those that a run of its own would load. */
function barsOf(bars: BarColumns, job: CellJob, warmupBars: number): BarColumns {
  const start = firstBarAt(bars.t, job.startT)
  const end = job.endT === null ? bars.t.length : firstBarAt(bars.t, job.endT)
  return sliceBars(bars, Math.max(0, start - warmupBars), Math.max(end, start))
}

function outputOf(
  spec: RunSpec,
  columns: readonly BarColumns[],
  job: CellJob,
  isCancelled: () => boolean,
): CellOutput {
  const parameters = { ...spec.parameters, ...job.parameters }
  const own = { ...spec, parameters, startT: job.startT }
  if (job.initialCapital !== null) own.initialCapital = job.initialCapital
  const warmupBars = warmupOf(own)
  const result = runSpec(
    own,
    columns.map((bars) => barsOf(bars, job, warmupBars)),
    { isCancelled },
  )
  return {
    index: job.index,
    figures: cellFigures(metricsOf(result, { intervals: false })),
    error: null,
    finalEquity: result.finalEquity,
    detail: job.isDetailed
      ? {
          curve: dailyCurve(result, Number(result.initialCapital)),
          trades: result.trades,
          exposure: result.exposure,
        }
      : null,
  }
}

/** Fingerprint of a study's bars from the start of its range on; checked once, not by each of its runs. */
export function hashBars(spec: RunSpec, columns: readonly BarColumns[]): string {
  const named = spec.instruments.map(({ symbol }, i) => {
    const bars = columns[i]
    const problem = bars === undefined ? 'there are no bars' : findBarProblem(bars)
    if (bars === undefined || problem !== null) throw new RangeError(`${symbol}: ${problem ?? ''}`)
    return { symbol, bars: sliceBars(bars, firstBarAt(bars.t, spec.startT), bars.t.length) }
  })
  return dataHash(named)
}

/** Runs cells one after the other. What a cell's strategy does wrong ends that cell only. */
export function executeCells(
  spec: RunSpec,
  columns: readonly BarColumns[],
  jobs: readonly CellJob[],
  hooks: { isCancelled: () => boolean; onDone: () => void },
): CellOutput[] {
  return jobs.map((job) => {
    if (hooks.isCancelled()) throw new BacktestCancelled()
    const output = attempt(spec, columns, job, hooks.isCancelled)
    hooks.onDone()
    return output
  })
}

function attempt(
  spec: RunSpec,
  columns: readonly BarColumns[],
  job: CellJob,
  isCancelled: () => boolean,
): CellOutput {
  try {
    return outputOf(spec, columns, job, isCancelled)
  } catch (error) {
    if (!(error instanceof StrategyFailed || error instanceof RangeError)) throw error
    return { index: job.index, figures: null, error: error.message, finalEquity: '0.00', detail: null }
  }
}
