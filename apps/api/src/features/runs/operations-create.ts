import { appendAudit, findRun, insertRun, type Run, transaction } from '@quantdeck/db'
import { Decimal, ensureDefined, type Strategy } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import type { Deps } from '../../deps.ts'
import { announceRun } from './execute-run.ts'
import { type BacktestSettings, type PlannedRequest, planRequest, requireRunnable } from './plan-request.ts'

export interface CreateRunInput extends BacktestSettings {
  strategyId: string
  /** Made of an idempotency key: the same request meets the same run. */
  runId: string | null
}

export interface CreatedRun {
  run: Run
  notes: string[]
}

/**
 * Accepts a backtest: everything that can be wrong with it is said now, not later in the job.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR with the field and, for data, what exists
 */
export async function createRun(deps: Deps, actor: Actor, input: CreateRunInput): Promise<CreatedRun> {
  const strategy = await requireRunnable(deps, actor, input.strategyId)
  const request = await planRequest(deps, strategy, input)
  const known = input.runId === null ? null : await findRun(deps.db.kysely, input.runId)
  if (known !== null) return { run: known, notes: request.notes }
  const runId = input.runId ?? randomUUID()
  return { run: await storeRun(deps, actor, { runId, strategy, request }), notes: request.notes }
}

/** What a worker needs to begin, and what it does with a thousand bars, in ms: for the first estimate only. */
const START_MS = 1_000
const PER_THOUSAND_BARS_MS = 1

/** Stores a planned run and puts it into the queue. */
export async function storeRun(
  deps: Deps,
  actor: Actor,
  { runId, strategy, request }: { runId: string; strategy: Strategy; request: PlannedRequest },
): Promise<Run> {
  requireRole(actor, 'trader')
  const createdAt = deps.clock.now()
  const { bars, ...params } = request
  const estimate = createdAt.getTime() + START_MS + (bars / 1_000) * PER_THOUSAND_BARS_MS
  const run = await transaction(deps.db, async (trx) => {
    await insertRun(trx, {
      runId,
      strategyId: strategy.strategyId,
      startDate: request.startDate,
      endDate: request.endDate,
      initialCapital: new Decimal(request.initialCapital),
      params,
      estimatedCompletion: new Date(Math.ceil(estimate / 1_000) * 1_000),
      createdBy: actor.label,
      createdAt,
    })
    const stored = ensureDefined(await findRun(trx, runId), runId)
    await appendAudit(trx, [
      {
        ...auditFacts(actor, createdAt),
        action: 'run.create',
        entity: 'run',
        entityId: runId,
        before: null,
        after: {
          strategy_id: strategy.strategyId,
          start_date: request.startDate,
          end_date: request.endDate,
          initial_capital: request.initialCapital,
        },
        reason: null,
      },
    ])
    await announceRun(trx, stored, createdAt)
    return stored
  })
  deps.wakeSealer()
  await deps.runs.enqueue(runId)
  return run
}
