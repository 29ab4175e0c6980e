import {
  appendAudit,
  failStudy,
  findStrategy,
  findStudy,
  insertStudy,
  listStudies as queryStudies,
  requestStudyCancel,
  type Study,
  type StudyKind,
  transaction,
} from '@quantdeck/db'
import { AppError, ensureDefined, notFound, type RunStatus, type Strategy } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { type Actor, hasRole, requireRole } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { mayChangeStrategy, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { CANCELLED } from '../runs/execute-run.ts'
import { announceStudy } from './execute-study.ts'
import type { StudyRequest } from './study-request.ts'

/** A study as adapters present it. */
export type StudyView = Study

/** Stores a planned study and puts it into the queue; the same id meets the same study. */
export async function storeStudy(
  deps: Deps,
  actor: Actor,
  plan: { studyId: string | null; strategy: Strategy; request: StudyRequest; cellsTotal: number },
): Promise<Study> {
  requireRole(actor, 'trader')
  const { strategy, request, cellsTotal } = plan
  const known = plan.studyId === null ? null : await findStudy(deps.db.kysely, plan.studyId)
  if (known !== null) return known
  const studyId = plan.studyId ?? randomUUID()
  const createdAt = deps.clock.now()
  const study = await transaction(deps.db, async (trx) => {
    const { kind } = request
    const { strategyId } = strategy
    await insertStudy(trx, {
      studyId,
      kind,
      strategyId,
      request,
      cellsTotal,
      createdBy: actor.label,
      createdAt,
    })
    const stored = ensureDefined(await findStudy(trx, studyId), studyId)
    await appendAudit(trx, [
      {
        ...auditFacts(actor, createdAt),
        action: 'study.create',
        entity: 'study',
        entityId: studyId,
        before: null,
        after: { kind, strategy_id: strategyId, cells: cellsTotal },
        reason: null,
      },
    ])
    await announceStudy(trx, stored, createdAt)
    return stored
  })
  deps.wakeSealer()
  await deps.runs.enqueueStudy(studyId)
  return study
}

export interface StudyQuery {
  kind: StudyKind
  strategyId?: string | undefined
  status?: RunStatus | undefined
  page: number
  perPage: number
}

export async function listStudies(
  deps: Deps,
  actor: Actor,
  { page, perPage, ...filter }: StudyQuery,
): Promise<{ studies: Omit<Study, 'result'>[]; totalCount: number }> {
  requireRole(actor, 'viewer')
  const visible = await visibleStrategyIds(deps, actor)
  const window = deps.pages.page(actor, 'studies', filter, { page, perPage })
  return queryStudies(deps.db.kysely, { ...filter, visible }, window)
}

/** @throws AppError NOT_FOUND, for another's study as for an unknown one */
export async function getStudy(deps: Deps, actor: Actor, kind: StudyKind, studyId: string): Promise<Study> {
  requireRole(actor, 'viewer')
  const visible = await visibleStrategyIds(deps, actor)
  const study = await findStudy(deps.db.kysely, studyId, { kind, visible })
  if (study === null) throw notFound(kind === 'SWEEP' ? 'Sweep' : 'Walk-forward study')
  return study
}

/**
 * Cancels a running study: it ends as FAILED with the error "Cancelled", at the latest within a second.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT for a finished one
 */
export async function cancelStudy(
  deps: Deps,
  actor: Actor,
  kind: StudyKind,
  studyId: string,
): Promise<Study> {
  requireRole(actor, 'trader')
  const study = await getStudy(deps, actor, kind, studyId)
  const strategy = ensureDefined(await findStrategy(deps.db.kysely, study.strategyId), study.strategyId)
  if (!mayChangeStrategy(actor, strategy) && !hasRole(actor, 'risk')) {
    throw new AppError('FORBIDDEN', 'Only its owner, risk or an admin may cancel this study')
  }
  const at = deps.clock.now()
  if (!(await requestStudyCancel(deps.db.kysely, studyId, at)))
    throw new AppError('CONFLICT', 'The study is finished')
  await deps.runs.cancel(studyId)
  // One that no worker has taken up yet is ended here; a later claim finds it finished.
  if (study.phase === 'queued' && study.attempt === 0) {
    await failStudy(deps.db.kysely, { studyId, fencingToken: null, completedAt: at, error: CANCELLED })
  }
  const after = ensureDefined(await findStudy(deps.db.kysely, studyId), studyId)
  await announceStudy(deps.db.kysely, after, at)
  deps.wakeSealer()
  return after
}
