import {
  appendOutbox,
  claimStudy,
  completeStudy,
  failStudy,
  findStudy,
  type Study,
  transaction,
  updateStudyProgress,
} from '@quantdeck/db'
import { SECOND_MS } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CANCELLED, DEFECT, type ExecutionDeps, MOST_ATTEMPTS } from '../runs/execute-run.ts'
import { prepareRun } from '../runs/prepare-run.ts'
import { warmupOf } from '../runs/run-spec.ts'
import { SweepExecution } from './execute-sweep.ts'
import { WalkForwardExecution } from './execute-walk-forward.ts'
import { StudyLanes, StudyStopped } from './lanes.ts'
import { problemOf, setsOf, type StudyRequest, toStudyRequest } from './study-request.ts'

const LOOK_EVERY_MS = 500
/** A page redraws its heatmap no more often than this. */
const STORE_EVERY_MS = 2 * SECOND_MS

type Execution = SweepExecution | WalkForwardExecution

/** Says to the streams where a study is; pages reload what they show of it. */
export async function announceStudy(
  db: Parameters<typeof appendOutbox>[0],
  study: Pick<Study, 'studyId' | 'kind' | 'strategyId' | 'status' | 'cellsDone' | 'cellsTotal' | 'phase'>,
  at: Date,
): Promise<void> {
  const payload = {
    study_id: study.studyId,
    kind: study.kind,
    strategy_id: study.strategyId,
    status: study.status,
    progress: Math.round((study.cellsDone / study.cellsTotal) * 10_000) / 10_000,
    phase: study.phase,
  }
  await appendOutbox(db, [{ topic: 'runs', key: study.strategyId, payload, createdAt: at, push: true }])
}

/** The most bars that any of the parameter sets needs to warm up. */
function warmupOfAll(request: StudyRequest): number {
  const { modelType, parameters } = request.run
  const allowed = setsOf(request).filter((set) => problemOf(request, set) === null)
  return allowed.reduce(
    (most, set) => Math.max(most, warmupOf({ modelType, parameters: { ...parameters, ...set } })),
    0,
  )
}

/** Writes progress and results so far until it is stopped; a wish to cancel comes back from the row. */
async function follow(
  deps: ExecutionDeps,
  study: Study,
  token: string,
  work: { execution: Execution; lanes: StudyLanes; signal: AbortSignal },
): Promise<void> {
  const { execution, lanes, signal } = work
  const startedAt = deps.clock.nowMs()
  let storedAt = startedAt
  let shown = -1
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted) return
    const cellsDone = Math.min(execution.done, study.cellsTotal)
    const now = deps.clock.nowMs()
    const left = cellsDone === 0 ? null : ((now - startedAt) * (study.cellsTotal - cellsDone)) / cellsDone
    const isDue = cellsDone !== shown && now - storedAt >= STORE_EVERY_MS
    if (isDue) storedAt = now
    const state = await updateStudyProgress(deps.db.kysely, study.studyId, token, {
      cellsDone,
      phase: 'running',
      estimatedCompletion: left === null ? null : new Date(now + left),
      result: isDue ? JSON.stringify(execution.snapshot()) : null,
    })
    // Another attempt took over, or somebody cancelled: either way this one stops.
    if (state === null || state.isCancelRequested) lanes.cancel()
    if (cellsDone === shown) continue
    shown = cellsDone
    await announceStudy(deps.db.kysely, { ...study, cellsDone, phase: 'running' }, deps.clock.now())
    deps.wakeSealer()
  }
}

async function finish(deps: ExecutionDeps, studyId: string): Promise<void> {
  const after = await findStudy(deps.db.kysely, studyId)
  if (after !== null) await announceStudy(deps.db.kysely, after, deps.clock.now())
  deps.wakeSealer()
}

async function publish(
  deps: ExecutionDeps,
  study: Study,
  token: string,
  execution: Execution,
): Promise<void> {
  const result = JSON.stringify(execution.snapshot())
  const { studyId } = study
  const published = await transaction(deps.db, (trx) =>
    completeStudy(trx, { studyId, fencingToken: token, completedAt: deps.clock.now(), result }),
  )
  if (published) await finish(deps, studyId)
  else deps.log.info({ studyId }, 'another attempt published the study')
}

async function fail(deps: ExecutionDeps, study: Study, token: string, error: string): Promise<void> {
  const { studyId } = study
  const failed = await failStudy(deps.db.kysely, {
    studyId,
    fencingToken: token,
    completedAt: deps.clock.now(),
    error,
  })
  if (failed) await finish(deps, studyId)
}

function reasonOf(deps: ExecutionDeps, studyId: string, { answer }: StudyStopped): string {
  if (answer.kind === 'cancelled') return CANCELLED
  if (answer.kind === 'refused') return answer.message
  deps.log.error({ studyId, reason: answer.message }, 'a study failed on a defect')
  return DEFECT
}

/**
 * One attempt at a study. The claim's fencing token makes it the only attempt that can publish.
 * @throws what another attempt may get past: a lost database, a stopping server
 */
export async function executeStudy(deps: ExecutionDeps, studyId: string): Promise<void> {
  const token = randomUUID()
  const study = await claimStudy(deps.db.kysely, studyId, token)
  if (study === null) return
  if (study.cancelRequestedAt !== null) return fail(deps, study, token, CANCELLED)
  if (study.attempt > MOST_ATTEMPTS)
    return fail(deps, study, token, `Given up after ${MOST_ATTEMPTS} attempts`)
  const request = toStudyRequest(study.request)
  const run = { runId: studyId, strategyId: study.strategyId }
  const { initialCapital } = deps.env
  const { spec, bars } = await prepareRun(deps.db.kysely, run, request.run, initialCapital, {
    warmupBars: warmupOfAll(request),
  })
  const lanes = new StudyLanes(deps.pool, spec, bars)
  const execution =
    request.kind === 'SWEEP'
      ? new SweepExecution(request, lanes, spec.notes)
      : new WalkForwardExecution(request, lanes, spec.notes)
  const stop = new AbortController()
  const following = follow(deps, study, token, { execution, lanes, signal: stop.signal })
  deps.running.set(studyId, lanes)
  try {
    await execution.run()
    stop.abort()
    await following
    await publish(deps, study, token, execution)
  } catch (error) {
    if (!(error instanceof StudyStopped)) throw error
    await fail(deps, study, token, reasonOf(deps, studyId, error))
  } finally {
    stop.abort()
    deps.running.delete(studyId)
    await following.catch((error: unknown) =>
      deps.log.warn({ err: error, studyId }, 'progress of a study was not stored'),
    )
  }
}
