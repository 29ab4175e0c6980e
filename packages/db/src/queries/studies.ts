import type { RunStatus } from '@quantdeck/domain'
import type { Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { StudiesTable, StudyKind } from '../schema/studies.ts'
import { type Page, readPage } from './page.ts'
import { given, isUuid, type VisibleStrategies, visibleOnly } from './values.ts'

/** Many backtests under one request. */
export interface Study {
  studyId: string
  seq: number
  kind: StudyKind
  strategyId: string
  status: RunStatus
  /** What was asked for, as the one who asked stored it. */
  request: unknown
  cellsTotal: number
  cellsDone: number
  /** As far as it is known; null before the first part. */
  result: unknown
  error: string | null
  phase: string
  attempt: number
  estimatedCompletion: Date | null
  createdBy: string | null
  createdAt: Date
  completedAt: Date | null
  cancelRequestedAt: Date | null
}

export type NewStudy = Pick<
  Study,
  'studyId' | 'kind' | 'strategyId' | 'request' | 'cellsTotal' | 'createdBy' | 'createdAt'
>

export interface StudyFilter {
  kind: StudyKind
  visible: VisibleStrategies
  strategyId?: string | undefined
  status?: RunStatus | undefined
}

function toStudy(row: Selectable<StudiesTable>): Study {
  const { fencingToken: _, ...study } = row
  return study
}

/** Stores a study that waits for its turn. @returns false if the id exists already */
export async function insertStudy(db: Queryable, study: NewStudy): Promise<boolean> {
  const inserted = await db
    .insertInto('studies')
    .values({ ...study, status: 'RUNNING', request: JSON.stringify(study.request) })
    .onConflict((conflict) => conflict.column('studyId').doNothing())
    .returning('studyId')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Null for an unknown study, one of another kind, and one of a strategy out of sight. */
export async function findStudy(
  db: Queryable,
  studyId: string,
  filter: { kind?: StudyKind; visible?: VisibleStrategies } = {},
): Promise<Study | null> {
  if (!isUuid(studyId)) return null
  const row = await db
    .selectFrom('studies')
    .selectAll()
    .where('studyId', '=', studyId)
    .where((eb) =>
      eb.and([
        ...given(filter.kind, (kind) => eb('kind', '=', kind)),
        ...visibleOnly(filter.visible ?? 'all'),
      ]),
    )
    .executeTakeFirst()
  return row === undefined ? null : toStudy(row)
}

/** All but the result, which may be large. */
const LISTED = [
  'studyId',
  'seq',
  'kind',
  'strategyId',
  'status',
  'request',
  'cellsTotal',
  'cellsDone',
  'error',
  'phase',
  'attempt',
  'estimatedCompletion',
  'createdBy',
  'createdAt',
  'completedAt',
  'cancelRequestedAt',
] as const

/** Recent first, without their results, with the count over all pages. */
export async function listStudies(
  db: Queryable,
  filter: StudyFilter,
  page: Page,
): Promise<{ studies: Omit<Study, 'result'>[]; totalCount: number }> {
  const query = db
    .selectFrom('studies')
    .where('kind', '=', filter.kind)
    .where((eb) =>
      eb.and([
        ...visibleOnly(filter.visible),
        ...given(filter.strategyId, (id) => eb('strategyId', '=', id)),
        ...given(filter.status, (status) => eb('status', '=', status)),
      ]),
    )
  const { rows, totalCount } = await readPage(query, (q) => q.select(LISTED), 'createdAt', page)
  return { studies: rows, totalCount }
}

/** Studies that are not finished, oldest first: what a restart has to look after. */
export async function listRunningStudies(db: Queryable): Promise<string[]> {
  const rows = await db
    .selectFrom('studies')
    .select('studyId')
    .where('status', '=', 'RUNNING')
    .orderBy('createdAt')
    .execute()
  return rows.map(({ studyId }) => studyId)
}

/**
 * Makes the caller the one attempt that counts: whoever held the study before can no longer publish.
 * @returns the study, or null if it is finished already
 */
export async function claimStudy(
  db: Queryable,
  studyId: string,
  fencingToken: string,
): Promise<Study | null> {
  const row = await db
    .updateTable('studies')
    .set(({ eb }) => ({
      fencingToken,
      attempt: eb('attempt', '+', 1),
      cellsDone: 0,
      result: null,
      phase: 'loading bars',
    }))
    .where('studyId', '=', studyId)
    .where('status', '=', 'RUNNING')
    .returningAll()
    .executeTakeFirst()
  return row === undefined ? null : toStudy(row)
}

export interface StudyProgress {
  cellsDone: number
  phase: string
  estimatedCompletion: Date | null
  /** JSON text of the result so far; null leaves what is stored. */
  result: string | null
}

/** @returns whether somebody asked to cancel; null if another attempt has taken over or the study is finished */
export async function updateStudyProgress(
  db: Queryable,
  studyId: string,
  fencingToken: string,
  { result, ...progress }: StudyProgress,
): Promise<{ isCancelRequested: boolean } | null> {
  const row = await db
    .updateTable('studies')
    .set({ ...progress, ...(result !== null && { result }) })
    .where('studyId', '=', studyId)
    .where('fencingToken', '=', fencingToken)
    .where('status', '=', 'RUNNING')
    .returning('cancelRequestedAt')
    .executeTakeFirst()
  return row === undefined ? null : { isCancelRequested: row.cancelRequestedAt !== null }
}

/** `result` is JSON text, written as it is. @returns false if this attempt no longer counts */
export async function completeStudy(
  trx: Queryable,
  study: { studyId: string; fencingToken: string; completedAt: Date; result: string },
): Promise<boolean> {
  const row = await trx
    .updateTable('studies')
    .set((eb) => ({
      status: 'COMPLETED',
      completedAt: study.completedAt,
      cellsDone: eb.ref('cellsTotal'),
      phase: 'done',
      estimatedCompletion: null,
      result: study.result,
    }))
    .where('studyId', '=', study.studyId)
    .where('fencingToken', '=', study.fencingToken)
    .where('status', '=', 'RUNNING')
    .returning('studyId')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends a study with the reason; with a token only if that attempt still counts. @returns false if it was finished */
export async function failStudy(
  db: Queryable,
  study: { studyId: string; fencingToken: string | null; completedAt: Date; error: string },
): Promise<boolean> {
  const row = await db
    .updateTable('studies')
    .set({
      status: 'FAILED',
      completedAt: study.completedAt,
      error: study.error,
      phase: 'failed',
      estimatedCompletion: null,
    })
    .where('studyId', '=', study.studyId)
    .where('status', '=', 'RUNNING')
    .where((eb) => eb.and(given(study.fencingToken, (token) => eb('fencingToken', '=', token))))
    .returning('studyId')
    .executeTakeFirst()
  return row !== undefined
}

/** @returns false if the study is finished */
export async function requestStudyCancel(db: Queryable, studyId: string, at: Date): Promise<boolean> {
  const row = await db
    .updateTable('studies')
    .set({ cancelRequestedAt: at })
    .where('studyId', '=', studyId)
    .where('status', '=', 'RUNNING')
    .returning('studyId')
    .executeTakeFirst()
  return row !== undefined
}
