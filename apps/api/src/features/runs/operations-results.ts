import {
  type Breakdown,
  breakdownOf,
  type MonteCarloEnvelope,
  type MonteCarloOptions,
  monteCarlo as drawEnvelope,
  type RunMetrics,
  tradeChanges,
} from '@quantdeck/backtest'
import type { Run } from '@quantdeck/db'
import { AppError, notFound } from '@quantdeck/domain'
import { simpleReturns } from '@quantdeck/risk'
import { type Actor, requireRole } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { type CompareInput, type Comparison, compareResults } from './compare.ts'
import { requireRun, storedResult, type StoredResult } from './operations.ts'

/** A finished backtest with everything that was stored of it. */
export interface RunResultView extends StoredResult {
  run: Run
  metrics: RunMetrics
}

/** @throws AppError NOT_FOUND; CONFLICT for a session, and for a run that is not finished or has failed */
export async function requireResult(deps: Deps, actor: Actor, runId: string): Promise<RunResultView> {
  requireRole(actor, 'viewer')
  const run = await requireRun(deps, actor, runId)
  if (run.runType !== 'BACKTEST')
    throw new AppError('CONFLICT', 'A session has no stored result: its figures are those of the run')
  if (run.status !== 'COMPLETED')
    throw new AppError('CONFLICT', run.status === 'RUNNING' ? 'The run is not finished' : 'The run failed')
  const stored = await storedResult(deps, run)
  if (stored === null) throw notFound('Result')
  return { ...stored, run, metrics: run.metrics as RunMetrics }
}

/** Every figure of a finished backtest with what a result page shows beside it. @throws see {@link requireResult} */
export async function runStatistics(
  deps: Deps,
  actor: Actor,
  runId: string,
): Promise<RunResultView & { breakdown: Breakdown }> {
  const result = await requireResult(deps, actor, runId)
  return { ...result, breakdown: breakdownOf(result.curve) }
}

export interface MonteCarloInput extends Required<Pick<MonteCarloOptions, 'method' | 'draws' | 'seed'>> {
  runId: string
}

/** What else a finished backtest might have brought. @throws AppError as {@link requireResult}; CONFLICT below ten facts */
export async function runMonteCarlo(
  deps: Deps,
  actor: Actor,
  { runId, ...options }: MonteCarloInput,
): Promise<MonteCarloEnvelope> {
  const { run, curve, trades } = await requireResult(deps, actor, runId)
  const capital = run.initialCapital.toNumber()
  const changes =
    options.method === 'trades'
      ? tradeChanges(trades, capital)
      : simpleReturns(curve.map((point) => point.equity))
  const envelope = drawEnvelope(changes, capital, options)
  if (envelope !== null) return envelope
  throw new AppError('CONFLICT', `The run has ${changes.length} ${options.method}, at least ten are needed`)
}

const FEWEST = 2
const MOST = 8

/**
 * Finished backtests side by side, in the order asked for.
 * @throws AppError VALIDATION_ERROR for fewer than two or more than eight different ids, else as {@link requireResult}
 */
export async function compareRuns(deps: Deps, actor: Actor, runIds: readonly string[]): Promise<Comparison> {
  const ids = [...new Set(runIds)]
  if (ids.length < FEWEST || ids.length > MOST) {
    const message = `ids must name ${FEWEST} to ${MOST} different runs`
    throw new AppError('VALIDATION_ERROR', message, { details: [{ field: 'ids', message }] })
  }
  const results: CompareInput[] = []
  for (const runId of ids) results.push(await requireResult(deps, actor, runId))
  return compareResults(results)
}
