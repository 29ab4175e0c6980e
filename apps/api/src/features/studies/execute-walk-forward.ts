import {
  type BacktestTrade,
  type CellFigures,
  curveRunMetrics,
  type DailyPoint,
  figureOf,
  type ParameterSet,
  ranks,
  type RunMetrics,
  type WalkForwardWindow,
  walkForwardWindows,
  tradeFigures,
} from '@quantdeck/backtest'
import type { CellJob, CellOutput } from '../runs/cells.ts'
import type { StudyLanes } from './lanes.ts'
import { problemOf, rangeOf, setsOf, type WalkForwardRequest } from './study-request.ts'
import type { StoredWindow, WalkForwardResult } from './study-result.ts'

/** The windows of a study, in order. */
export function windowsOf(request: WalkForwardRequest): WalkForwardWindow[] {
  return walkForwardWindows({ ...rangeOf(request), ...request.windows })
}

/** Runs within a study: every allowed set in every window, and one run out of sample for each window. */
export function cellsOf(request: WalkForwardRequest): number {
  const allowed = setsOf(request).filter((set) => problemOf(request, set) === null).length
  return windowsOf(request).length * (allowed + 1)
}

/** A walk-forward study at work; `snapshot` may be asked for at any time. */
export class WalkForwardExecution {
  readonly #request: WalkForwardRequest
  readonly #lanes: StudyLanes
  readonly #notes: string[]
  readonly #windows: WalkForwardWindow[]
  readonly #sets: ParameterSet[]
  readonly #stored: StoredWindow[]
  readonly #curve: WalkForwardResult['curve'] = []
  readonly #trades: BacktestTrade[] = []
  #exposedDays = 0
  #metrics: RunMetrics | null = null

  constructor(request: WalkForwardRequest, lanes: StudyLanes, notes: string[]) {
    this.#request = request
    this.#lanes = lanes
    this.#notes = notes
    this.#windows = windowsOf(request)
    this.#sets = setsOf(request).filter((set) => problemOf(request, set) === null)
    this.#stored = this.#windows.map(() => ({
      parameters: null,
      inSample: null,
      outOfSample: null,
      error: null,
    }))
  }

  get done(): number {
    return this.#lanes.done
  }

  snapshot(): WalkForwardResult {
    return {
      dataHash: this.#lanes.dataHash,
      notes: this.#notes,
      windows: this.#stored,
      curve: this.#curve,
      metrics: this.#metrics,
      efficiency: this.#efficiency(),
    }
  }

  async run(): Promise<void> {
    await this.#chooseInSample()
    let capital = this.#request.run.initialCapital
    for (const [i, window] of this.#windows.entries())
      capital = await this.#tryOutOfSample(i, window, capital)
    const exposure = this.#curve.length === 0 ? 0 : this.#exposedDays / this.#curve.length
    const trades = tradeFigures(this.#trades)
    this.#metrics = curveRunMetrics({ curve: this.#curve, trades, exposure })
  }

  /** All windows at once: no window's choice depends on another's. */
  async #chooseInSample(): Promise<void> {
    const width = this.#sets.length
    const jobs = this.#windows.flatMap(({ inSample }, w): CellJob[] =>
      this.#sets.map((parameters, s) => ({
        index: w * width + s,
        parameters,
        startT: inSample.from,
        endT: inSample.to,
        initialCapital: null,
        isDetailed: false,
      })),
    )
    const figures: (CellFigures | null)[] = jobs.map(() => null)
    await this.#lanes.run(jobs, (output) => (figures[output.index] = output.figures))
    this.#stored.forEach((stored, w) => {
      const own = figures.slice(w * width, (w + 1) * width)
      const best = ranks(own, this.#request.metric).indexOf(1)
      stored.parameters = this.#sets[best] ?? null
      stored.inSample = own[best] ?? null
      if (best < 0) stored.error = 'No parameter set has the metric in sample'
    })
  }

  /** @returns the capital at the end of the window, as a decimal string */
  async #tryOutOfSample(i: number, window: WalkForwardWindow, capital: string): Promise<string> {
    const stored = this.#stored[i]
    if (stored === undefined || stored.parameters === null) return capital
    const job: CellJob = {
      index: i,
      parameters: stored.parameters,
      startT: window.outOfSample.from,
      endT: window.outOfSample.to,
      initialCapital: capital,
      isDetailed: true,
    }
    const outputs: CellOutput[] = []
    await this.#lanes.run([job], (output) => outputs.push(output))
    const [output] = outputs
    if (output === undefined || output.detail === null) {
      stored.error = output?.error ?? 'The run out of sample failed'
      return capital
    }
    stored.outOfSample = output.figures
    const { curve, trades, exposure } = output.detail
    this.#append(i, curve)
    this.#trades.push(...trades)
    this.#exposedDays += exposure * curve.length
    return output.finalEquity
  }

  /** The benchmark of each window begins with the capital of its run; stitched, it goes on from where it was. */
  #append(window: number, curve: readonly DailyPoint[]): void {
    const held = this.#curve.at(-1)?.benchmark ?? curve[0]?.benchmark ?? 0
    const scale = held / (curve[0]?.benchmark ?? held)
    for (const point of curve) this.#curve.push({ ...point, benchmark: point.benchmark * scale, window })
  }

  /** Mean of growth out of sample over growth in sample, over the windows where both are defined and the latter is a gain. */
  #efficiency(): number | null {
    const shares = this.#stored.flatMap(({ inSample, outOfSample }) => {
      const chosen = figureOf(inSample, 'cagr')
      const brought = figureOf(outOfSample, 'cagr')
      return chosen === null || brought === null || chosen <= 0 ? [] : [brought / chosen]
    })
    return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length
  }
}
