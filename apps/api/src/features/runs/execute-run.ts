import {
  appendOutbox,
  claimRun,
  completeRun,
  failRun,
  insertRunResult,
  type Run,
  transaction,
  updateRunProgress,
} from '@quantdeck/db'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CoreDeps } from '../../deps.ts'
import { prepareRun } from './prepare-run.ts'
import { type RunRequest, toRunRequest } from './run-request.ts'
import type { RunOutput } from './run-spec.ts'
import type { RunningTask, WorkerPool } from './worker-pool.ts'
import type { WorkerAnswer } from './worker-protocol.ts'

/** A run that ends its process over and over is not tried for ever. */
export const MOST_ATTEMPTS = 3
const PROGRESS_EVERY_MS = 500
export const CANCELLED = 'Cancelled'

export interface ExecutionDeps extends Pick<CoreDeps, 'db' | 'clock' | 'log' | 'env'> {
  pool: WorkerPool
  /** Numbers what was written for the streams. */
  wakeSealer: () => void
  /** Runs and studies in this process, by id, so that cancelling does not wait for the next look at the row. */
  running: Map<string, Pick<RunningTask, 'cancel'>>
}

/** Says to the streams where a run is; pages reload what they show of it. */
export async function announceRun(
  db: Parameters<typeof appendOutbox>[0],
  run: Pick<Run, 'runId' | 'strategyId' | 'status' | 'progress' | 'phase'>,
  at: Date,
): Promise<void> {
  const payload = {
    run_id: run.runId,
    strategy_id: run.strategyId,
    status: run.status,
    progress: Math.round(run.progress * 10_000) / 10_000,
    phase: run.phase,
  }
  await appendOutbox(db, [{ topic: 'runs', key: run.strategyId, payload, createdAt: at, push: true }])
}

/** One attempt: first its bars are loaded, then a worker runs it; it can be stopped in either. */
class Attempt {
  readonly #loading = new AbortController()
  readonly #deps: ExecutionDeps
  #task: RunningTask | null = null
  /** When the worker got it. */
  startedAt = 0

  constructor(deps: ExecutionDeps) {
    this.#deps = deps
  }

  async perform(run: Run, request: RunRequest): Promise<WorkerAnswer> {
    const { db, env, pool, clock } = this.#deps
    const { signal } = this.#loading
    try {
      const { spec, bars } = await prepareRun(db.kysely, run, request, env.initialCapital, { signal })
      signal.throwIfAborted()
      this.startedAt = clock.nowMs()
      this.#task = pool.run(spec, bars)
    } catch (error) {
      if (signal.aborted) return { kind: 'cancelled' }
      throw error
    }
    return this.#task.answer
  }

  get phase(): string {
    return this.#task === null ? 'loading bars' : 'running'
  }

  progress(): number {
    return this.#task?.progress() ?? 0
  }

  cancel(): void {
    this.#loading.abort()
    this.#task?.cancel()
  }
}

/** Watches an attempt: its progress goes to the row twice a second, and a wish to cancel comes back from there. */
async function follow(
  deps: ExecutionDeps,
  run: Run,
  token: string,
  attempt: Attempt,
  answer: Promise<WorkerAnswer>,
): Promise<WorkerAnswer> {
  const stop = new AbortController()
  const ticking = (async () => {
    let shown = -1
    while (!stop.signal.aborted) {
      await sleep(PROGRESS_EVERY_MS, undefined, { signal: stop.signal, ref: false }).catch(() => {})
      if (stop.signal.aborted) return
      const { phase } = attempt
      const progress = attempt.progress()
      const elapsed = deps.clock.nowMs() - attempt.startedAt
      const left = progress > 0 ? (elapsed * (1 - progress)) / progress : null
      const estimatedCompletion =
        left === null ? run.estimatedCompletion : new Date(deps.clock.nowMs() + left)
      const row = { progress, phase, estimatedCompletion }
      const state = await updateRunProgress(deps.db.kysely, run.runId, token, row)
      // Another attempt took over, or somebody cancelled: either way this one stops.
      if (state === null || state.isCancelRequested) attempt.cancel()
      if (progress !== shown) {
        shown = progress
        await announceRun(deps.db.kysely, { ...run, progress, phase }, deps.clock.now())
        deps.wakeSealer()
      }
    }
  })()
  try {
    return await answer
  } finally {
    stop.abort()
    await ticking.catch((error: unknown) =>
      deps.log.warn({ err: error, runId: run.runId }, 'progress of a run was not stored'),
    )
  }
}

/** Result and status in one transaction, and only if this attempt still counts. */
async function publish(
  deps: ExecutionDeps,
  run: Run,
  fencingToken: string,
  output: RunOutput,
): Promise<void> {
  const { metrics } = output
  const completedAt = deps.clock.now()
  const headline = {
    totalReturn: metrics.totalReturn,
    sharpeRatio: metrics.sharpe,
    maxDrawdown: metrics.maxDrawdown,
    totalTrades: metrics.totalTrades,
  }
  const isPublished = await transaction(deps.db, async (trx) => {
    const ours = await completeRun(trx, {
      runId: run.runId,
      fencingToken,
      completedAt,
      metrics: output.metricsJson,
      headline,
    })
    if (!ours) return false
    await insertRunResult(trx, run.runId, {
      metrics: output.metricsJson,
      equityCurve: output.equityCurveJson,
      trades: output.tradesJson,
      assumptions: output.assumptionsJson,
      dataHash: output.dataHash,
    })
    await announceRun(trx, { ...run, status: 'COMPLETED', progress: 1, phase: 'done' }, completedAt)
    return true
  })
  if (isPublished) deps.wakeSealer()
  else sayLost(deps, run)
}

async function fail(deps: ExecutionDeps, run: Run, fencingToken: string, error: string): Promise<void> {
  const completedAt = deps.clock.now()
  const isFailed = await transaction(deps.db, async (trx) => {
    if (!(await failRun(trx, { runId: run.runId, fencingToken, completedAt, error }))) return false
    await announceRun(trx, { ...run, status: 'FAILED', phase: 'failed' }, completedAt)
    return true
  })
  if (isFailed) deps.wakeSealer()
  else sayLost(deps, run)
}

/** Whether it notices when it wants to publish or when it tells of its progress. */
function sayLost({ log }: ExecutionDeps, { runId, attempt }: Run): void {
  log.info({ runId, attempt }, 'another attempt took the run over: nothing of this one is published')
}

/** Every pipe of an error message may hold what should not be shown; what a strategy or an input did wrong may be. */
export const DEFECT = 'The run failed on a defect of the engine; the log has the details'

/**
 * One attempt at a run. The claim's fencing token makes it the only attempt that can publish.
 * @throws what another attempt may get past: a lost database, a stopping server
 */
export async function executeRun(deps: ExecutionDeps, runId: string): Promise<void> {
  const token = randomUUID()
  const run = await claimRun(deps.db.kysely, runId, token)
  if (run === null) return
  const request = toRunRequest(run.params)
  if (request === null) return fail(deps, run, token, 'The stored request cannot be read')
  if (run.cancelRequestedAt !== null) return fail(deps, run, token, CANCELLED)
  if (run.attempt > MOST_ATTEMPTS) return fail(deps, run, token, `Given up after ${MOST_ATTEMPTS} attempts`)
  const attempt = new Attempt(deps)
  deps.running.set(runId, attempt)
  try {
    const answer = await follow(deps, run, token, attempt, attempt.perform(run, request))
    switch (answer.kind) {
      case 'done':
        return await publish(deps, run, token, answer.output)
      case 'cancelled':
        return await fail(deps, run, token, CANCELLED)
      case 'refused':
        return await fail(deps, run, token, answer.message)
      case 'defect':
        deps.log.error({ runId, reason: answer.message }, 'a run failed on a defect')
        return await fail(deps, run, token, DEFECT)
    }
  } finally {
    deps.running.delete(runId)
  }
}
