import { randomUUID } from 'node:crypto'
import { ensureDefined } from '@quantdeck/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createTestDatabase,
  describeEngines,
  SAMPLE_AT,
  sampleAlert,
  sampleAuditEntry,
  sampleStrategy,
  sampleUser,
  type TestDatabase,
} from '../testing/index.ts'
import { transaction } from '../transaction.ts'
import { acknowledgeAlert, acknowledgeAlerts, findAlert, insertAlerts, listAlerts } from './alerts.ts'
import {
  expireApprovals,
  findApproval,
  insertApproval,
  listApprovals,
  lockApprovedFor,
  updateApproval,
} from './approvals.ts'
import { appendAudit, listAudit } from './audit.ts'
import { completeIdempotencyKey, releaseIdempotencyKey, reserveIdempotencyKey } from './idempotency.ts'
import { listKillSwitches, lockKillSwitch, upsertKillSwitch } from './kill-switches.ts'
import {
  findGlobalLimits,
  insertRiskEvents,
  listRiskEvents,
  listRiskStates,
  listStrategyLimits,
  upsertGlobalLimits,
  upsertRiskStates,
  upsertStrategyLimits,
} from './risk.ts'
import {
  appendStrategyHistory,
  findStrategy,
  insertStrategy,
  listPublicStrategyIds,
  listStrategies,
  listStrategyHistory,
  listStrategyIdsOf,
  shareStrategy,
  updateStrategy,
} from './strategies.ts'
import { bumpTokenVersion, findUser, findUserByEmail, insertUser } from './users.ts'

const later = (seconds: number) => new Date(SAMPLE_AT.getTime() + seconds * 1000)
const page = { limit: 10, offset: 0 }

describeEngines('oversight rows', (engine) => {
  let test: TestDatabase
  const requester = sampleUser()
  const approver = sampleUser({ role: 'admin', email: 'Approver@Example.com' })
  beforeAll(async () => {
    test = await createTestDatabase(engine)
    await insertUser(test.db.kysely, requester)
    await insertUser(test.db.kysely, approver)
    await insertStrategy(test.db.kysely, sampleStrategy({ ownerId: requester.userId }))
    await insertStrategy(
      test.db.kysely,
      sampleStrategy({ strategyId: 'other', isPublic: false, status: 'inactive' }),
    )
  })
  afterAll(() => test?.close())

  it('finds users whatever the case of their email, and each email once', async () => {
    expect((await findUserByEmail(test.db.kysely, 'APPROVER@example.com'))?.userId).toBe(approver.userId)
    expect(await insertUser(test.db.kysely, sampleUser({ email: 'approver@EXAMPLE.com' }))).toBe(false)
    expect(await bumpTokenVersion(test.db.kysely, approver.userId, later(1))).toBe(1)
    expect(await findUser(test.db.kysely, approver.userId)).toMatchObject({
      tokenVersion: 1,
      updatedAt: later(1),
      status: 'active',
    })
  })

  it('updates a strategy only from the version that was read, and keeps what it was', async () => {
    const strategy = ensureDefined(await findStrategy(test.db.kysely, 'momentum_v1'), 'the strategy')
    const changed = {
      ...strategy,
      config: { ...strategy.config, nested: { list: [1, 'x', null] } },
      version: 2,
      updatedAt: later(5),
    }
    expect(await updateStrategy(test.db.kysely, changed, 1)).toBe(true)
    expect(await updateStrategy(test.db.kysely, changed, 1)).toBe(false)
    expect(await findStrategy(test.db.kysely, 'momentum_v1')).toEqual(changed)
    const entry = {
      strategyId: 'momentum_v1',
      version: 2,
      before: { a: 1 },
      after: { a: 2 },
      reason: null,
      changedBy: 'me',
      changedAt: later(5),
    }
    await appendStrategyHistory(test.db.kysely, entry)
    expect(await listStrategyHistory(test.db.kysely, 'momentum_v1')).toEqual([entry])
  })

  it('shows strategies by owner, share, publicity, status and mode', async () => {
    const ids = async (filter: Parameters<typeof listStrategies>[1]) =>
      (await listStrategies(test.db.kysely, filter)).map(({ strategyId }) => strategyId)
    expect(await ids({ visible: 'all' })).toEqual(['momentum_v1', 'other'])
    expect(await ids({ visible: [] })).toEqual([])
    expect(await ids({ visible: 'all', status: 'inactive' })).toEqual(['other'])
    expect(await ids({ visible: ['other'], mode: 'LIVE' })).toEqual([])
    expect(await listStrategyIdsOf(test.db.kysely, requester.userId)).toEqual(['momentum_v1'])
    expect(await listStrategyIdsOf(test.db.kysely, approver.userId)).toEqual([])
    await shareStrategy(test.db.kysely, 'other', approver.userId)
    expect(await listStrategyIdsOf(test.db.kysely, approver.userId)).toEqual(['other'])
    expect(await listPublicStrategyIds(test.db.kysely)).toEqual(['momentum_v1'])
  })

  it('writes an alert with a dedupe key once, counts, filters and acknowledges', async () => {
    const alerts = [
      sampleAlert({ dedupeKey: 'k', createdAt: later(1) }),
      sampleAlert({ severity: 'INFO', strategyId: null, createdAt: later(2) }),
      sampleAlert({ severity: 'WARNING', strategyId: 'other', createdAt: later(3) }),
    ]
    const written = await insertAlerts(test.db.kysely, alerts)
    expect(written.map(({ alertId }) => alertId)).toEqual(alerts.map(({ alertId }) => alertId))
    expect(await insertAlerts(test.db.kysely, [sampleAlert({ dedupeKey: 'k' })])).toEqual([])

    const list = async (filter: Parameters<typeof listAlerts>[1]) => {
      const found = await listAlerts(test.db.kysely, filter, page)
      return [found.alerts.map(({ severity }) => severity), found.totalCount, found.unacknowledgedCount]
    }
    expect(await list({ visible: 'all' })).toEqual([['WARNING', 'INFO', 'CRITICAL'], 3, 3])
    expect(await list({ visible: ['momentum_v1'] })).toEqual([['INFO', 'CRITICAL'], 2, 2])
    expect(await list({ visible: [], severity: 'CRITICAL' })).toEqual([[], 0, 1])
    expect(await list({ visible: 'all', from: later(2), to: later(2) })).toEqual([['INFO'], 1, 3])

    const [critical, , warning] = written
    const acknowledgement = { acknowledgedAt: later(9), acknowledgedBy: 'me' }
    expect(await acknowledgeAlert(test.db.kysely, critical?.alertId ?? '', acknowledgement)).toEqual({
      ...critical,
      acknowledged: true,
      ...acknowledgement,
    })
    expect(
      await acknowledgeAlert(test.db.kysely, critical?.alertId ?? '', {
        ...acknowledgement,
        acknowledgedBy: 'second',
      }),
    ).toBeNull()
    expect(await findAlert(test.db.kysely, warning?.alertId ?? '', ['momentum_v1'])).toBeNull()
    expect(
      await acknowledgeAlerts(test.db.kysely, { visible: ['momentum_v1'], until: later(9) }, acknowledgement),
    ).toEqual([alerts[1]?.alertId])
    expect(await list({ visible: 'all', acknowledged: false })).toEqual([['WARNING'], 1, 1])
  })

  it('finds audit rows by actor, action, entity and time', async () => {
    const entry = sampleAuditEntry({ before: { level: 'ACTIVE' } })
    await appendAudit(test.db.kysely, [
      entry,
      sampleAuditEntry({ action: 'strategy.update', entity: 'strategy', at: later(5) }),
    ])
    const found = await listAudit(
      test.db.kysely,
      { entity: 'kill_switch', entityId: 'global', to: later(1) },
      page,
    )
    expect(found).toMatchObject({ totalCount: 1, entries: [{ ...entry, sealedSeq: null, hash: null }] })
    expect((await listAudit(test.db.kysely, { action: 'strategy.update' }, page)).totalCount).toBe(1)
  })

  it('keeps one row per kill switch', async () => {
    const halted = {
      scope: 'global',
      level: 'HALTED',
      cause: 'manual',
      reason: 'storm',
      activatedAt: SAMPLE_AT,
      activatedBy: 'me',
      deactivatedAt: null,
      deactivatedBy: null,
      updatedAt: SAMPLE_AT,
    } as const
    const read = await transaction(test.db, async (trx) => {
      expect(await lockKillSwitch(trx, 'global')).toBeNull()
      await upsertKillSwitch(trx, halted)
      return lockKillSwitch(trx, 'global')
    })
    expect(read).toEqual(halted)
    await upsertKillSwitch(test.db.kysely, {
      ...halted,
      level: 'ACTIVE',
      deactivatedAt: later(1),
      deactivatedBy: 'you',
    })
    expect(await listKillSwitches(test.db.kysely)).toMatchObject([
      { scope: 'global', level: 'ACTIVE', activatedAt: SAMPLE_AT },
    ])
  })

  it('refuses an approval by its requester and expires what nobody used', async () => {
    const { userId } = requester
    const request = {
      approvalId: randomUUID(),
      strategyId: 'momentum_v1',
      fromMode: 'PAPER',
      toMode: 'LIVE',
      reason: 'ready',
      configHash: 'c',
      evidence: { at: 'then' },
      requestedBy: userId,
      requestedAt: SAMPLE_AT,
      expiresAt: later(600),
    } as const
    await insertApproval(test.db.kysely, request)
    const approved = { status: 'APPROVED', codeHash: 'h', approvedAt: later(1) } as const
    await expect(
      updateApproval(test.db.kysely, request.approvalId, { ...approved, approvedBy: userId }),
    ).rejects.toThrow(/check constraint/)
    await updateApproval(test.db.kysely, request.approvalId, { ...approved, approvedBy: approver.userId })
    const transition = { strategyId: 'momentum_v1', fromMode: 'PAPER', toMode: 'LIVE' } as const
    const locked = await transaction(test.db, (trx) => lockApprovedFor(trx, transition))
    expect(locked.map(({ approvalId }) => approvalId)).toEqual([request.approvalId])
    const statuses = async (now: Date) =>
      (await listApprovals(test.db.kysely, { visible: 'all' }, now, page)).approvals.map(
        ({ status }) => status,
      )
    expect(await statuses(later(599))).toEqual(['APPROVED'])
    expect(await statuses(later(600))).toEqual(['EXPIRED'])
    expect(await expireApprovals(test.db.kysely, later(600))).toHaveLength(1)
    expect((await findApproval(test.db.kysely, request.approvalId))?.status).toBe('EXPIRED')
  })

  it('gives an idempotency key to one request', async () => {
    const reservation = {
      principal: 'user:1',
      key: 'k',
      operation: 'create_order',
      requestHash: 'h',
      createdAt: SAMPLE_AT,
    }
    expect(await reserveIdempotencyKey(test.db.kysely, reservation)).toBeNull()
    expect(await reserveIdempotencyKey(test.db.kysely, reservation)).toMatchObject({
      status: null,
      response: null,
    })
    await completeIdempotencyKey(test.db.kysely, reservation, { status: 201, response: { order_id: 'x' } })
    await releaseIdempotencyKey(test.db.kysely, reservation)
    expect(await reserveIdempotencyKey(test.db.kysely, reservation)).toEqual({
      ...reservation,
      status: 201,
      response: { order_id: 'x' },
    })
  })

  it('keeps risk events in order, the last state of each scope, and the limits', async () => {
    const event = (type: string) => ({ scope: 'account:PAPER', at: SAMPLE_AT, type, payload: { type } })
    const seqs = await insertRiskEvents(test.db.kysely, [event('a'), event('b')])
    expect(
      (await listRiskEvents(test.db.kysely, 'account:PAPER', seqs[0] ?? 0)).map(({ type }) => type),
    ).toEqual(['b'])
    await upsertRiskStates(test.db.kysely, [{ scope: 'account:PAPER', state: { peak: '1' }, lastSeq: 1 }])
    await upsertRiskStates(test.db.kysely, [{ scope: 'account:PAPER', state: { peak: '2' }, lastSeq: 2 }])
    expect(await listRiskStates(test.db.kysely)).toEqual([
      { scope: 'account:PAPER', state: { peak: '2' }, lastSeq: 2 },
    ])
    expect(await findGlobalLimits(test.db.kysely)).toBeNull()
    const change = { limits: { max_trades_per_day: 20 }, updatedAt: SAMPLE_AT, updatedBy: 'me' }
    await upsertGlobalLimits(test.db.kysely, change)
    await upsertStrategyLimits(test.db.kysely, 'other', change)
    expect(await findGlobalLimits(test.db.kysely)).toEqual(change.limits)
    expect(await listStrategyLimits(test.db.kysely)).toEqual(new Map([['other', change.limits]]))
  })
})
