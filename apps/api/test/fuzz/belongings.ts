import {
  deleteAlertRule,
  insertAlertRule,
  insertRun,
  insertUser,
  listActiveSessions,
  listAlertRules,
} from '@quantdeck/db'
import { sampleAlertRule } from '@quantdeck/db/testing'
import { DAY_MS, Decimal } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import { type Answer, NOBODY, PASSWORD, type TestApi } from '../harness.ts'
import { seedCatalog, seedQuarantinedBar } from '../harness/seed.ts'
import { seedDelivery, seedWebhook } from '../harness/webhooks.ts'
import type { Hints } from './schema-values.ts'

/** Of what a request uses up, as many as that some are left for the next; the long form sends a hundred times as many. */
// oxlint-disable-next-line eslint/no-restricted-properties -- the long form is chosen by the environment
const POOL = process.env['FUZZ_VALID'] === undefined ? 3 : 25
/** Few, so that an id of the one is likely to meet its id of the other. */
const PAIRS = 4
const STRATEGY = 'momentum_v1'
/** A symbol that stands still, so that its positions can be closed. */
const HALTED = 'TSLA'

/** What operations change, use up or delete, made anew: ids that a field is likely to be tried with. */
export async function makeBelongings(api: TestApi, otherAdminId: string): Promise<Hints> {
  await restoreUsers(api)
  const webhooks = await times(PAIRS, () => seedWebhook(api))
  const links = await times(POOL, () => api.deps.auth.sessions.createLoginLink(api.users.viewer.userId))
  return {
    token: links,
    session_id: await makeSessions(api),
    quarantine_id: await makeQuarantined(api),
    rule_id: await makeRules(api),
    waiting_run_id: await times(PAIRS, () => makeWaitingRun(api)),
    approval_id: await makeApprovals(api, otherAdminId),
    webhook_id: webhooks,
    delivery_id: await Promise.all(webhooks.map((id) => seedDelivery(api, id))),
    halted: [HALTED],
    flatten_id: [await makeFlatten(api, otherAdminId)],
  }
}

/** A second admin, who asks for what the first approves. @returns the id */
export async function addOtherAdmin({ deps }: TestApi): Promise<string> {
  const userId = randomUUID()
  const at = deps.clock.now()
  const passwordHash = await deps.auth.passwords.hash(PASSWORD)
  const person = { email: 'other-admin@example.com', name: 'Other', role: 'admin' as const }
  await insertUser(deps.db.kysely, { userId, ...person, passwordHash, createdAt: at, updatedAt: at })
  return userId
}

/** A strategy with a parameter that can be varied. */
export const STUDIED = 'studied_v1'

export async function addStudied({ deps, users }: TestApi): Promise<void> {
  const config = { model_type: 'buy_and_hold' }
  const seed = { strategyId: STUDIED, name: 'Studied', universe: ['AAPL'], capital: '10000', config }
  await seedCatalog(deps, [], [{ ...seed, ownerId: users.trader.userId }])
}

/** One after the other. */
async function times<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  for (let index = 0; index < count; index++) made.push(await make(index))
  return made
}

/** Generated requests have disabled them, renamed them and changed their passwords. */
async function restoreUsers({ deps, users }: TestApi): Promise<void> {
  const passwordHash = await deps.auth.passwords.hash(PASSWORD)
  for (const [role, { userId }] of Object.entries(users)) {
    await deps.db.kysely
      .updateTable('users')
      .set({ role: role as keyof typeof users, status: 'active', passwordHash })
      .where('userId', '=', userId)
      .execute()
  }
}

/** Of a user whom nobody else here needs. */
async function makeSessions({ deps, users }: TestApi): Promise<string[]> {
  const { db, clock, auth } = deps
  const { userId } = users.viewer
  for (let i = 0; i < POOL; i++) {
    await auth.sessions.loginWithLink(await auth.sessions.createLoginLink(userId), NOBODY)
  }
  const sessions = await listActiveSessions(db.kysely, clock.now(), userId)
  return sessions.slice(-POOL).map(({ sessionId }) => sessionId)
}

async function makeQuarantined({ deps }: TestApi): Promise<string[]> {
  const { count } = await deps.db.kysely
    .selectFrom('barQuarantine')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const firstDay = Date.UTC(2010, 0, 1) + count * DAY_MS
  return times(POOL, (index) => seedQuarantinedBar(deps, new Date(firstDay + index * DAY_MS)))
}

/** One a strategy: there can be no two of a kind. */
async function makeRules({ deps }: TestApi): Promise<string[]> {
  const { kysely } = deps.db
  for (const { ruleId, strategyId } of await listAlertRules(kysely)) {
    if (strategyId === STRATEGY) await deleteAlertRule(kysely, ruleId)
  }
  const rule = sampleAlertRule({ strategyId: STRATEGY })
  await insertAlertRule(kysely, rule)
  return [rule.ruleId]
}

/** Stored and never handed to a worker, so that it is there to be cancelled. */
async function makeWaitingRun({ deps, users }: TestApi): Promise<string> {
  const runId = randomUUID()
  const at = deps.clock.now()
  await insertRun(deps.db.kysely, {
    runId,
    strategyId: STRATEGY,
    startDate: '2025-01-06',
    endDate: '2025-01-31',
    initialCapital: new Decimal(10_000),
    params: {},
    estimatedCompletion: at,
    createdBy: users.admin.userId,
    createdAt: at,
  })
  return runId
}

/** Asked for by another admin; a strategy that a request has moved to another mode is left out. */
async function makeApprovals(api: TestApi, otherAdminId: string): Promise<string[]> {
  const token = await api.enter(otherAdminId)
  const ids: string[] = []
  for (const strategyId of [STRATEGY, 'reversal_v2']) {
    const transition = { from_mode: 'PAPER', to_mode: 'LIVE', reason: 'generated requests' }
    const body = { strategy_id: strategyId, ...transition }
    const answer = await api.call('POST', '/v1/controls/approvals', { token, body })
    if (answer.status < 300) ids.push((answer.body as { data: { approval_id: string } }).data.approval_id)
  }
  return ids.length > 0 ? ids : ['none']
}

/** Generated requests may have released it. */
async function makeFlatten(api: TestApi, otherAdminId: string): Promise<string> {
  const token = await api.enter(otherAdminId)
  const post = async (path: string, body: object): Promise<Answer> => {
    const answer = await api.call('POST', path, {
      token,
      body: { ...body, symbol: HALTED, reason: 'generated' },
    })
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`)
    return answer
  }
  await post('/v1/controls/kill-switch', { action: 'activate' })
  const { body } = await post('/v1/controls/kill-switch/flatten', { confirm: HALTED })
  return (body as { data: { flatten_id: string } }).data.flatten_id
}
