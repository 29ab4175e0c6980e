import { randomUUID } from 'node:crypto'
import * as rows from '@quantdeck/db'
import {
  type KillSwitch,
  type KillSwitchScope,
  type ReleaseRequest,
  transaction,
  type Trx,
} from '@quantdeck/db'
import { AppError, ensureDefined, SECOND_MS, TRADING_MODES } from '@quantdeck/domain'
import { type Actor, requirePerson, systemActor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { REQUEST_LIFE_MS } from '../approvals/machine.ts'
import { changeSwitch } from './change-switch.ts'
import { worstState } from './effective-state.ts'
import { released } from './machine.ts'
import {
  type KillSwitchOutcome,
  outcome,
  scopeOf,
  type Subject,
  unreadable,
} from './operations-kill-switch.ts'
import { auditRequest } from './release-audit.ts'
import {
  assertApprovable,
  assertOpen,
  changed,
  heldNow,
  isSameStop,
  liveAffected,
  liveHeldBySwitch,
} from './release-requests.ts'
import { releaseLatches } from './risk-latches.ts'
import { withinOrWhileSlow } from './slow-database.ts'

const RELEASE_MS = 8 * SECOND_MS

/**
 * Releases the named scope, never another. The latches of at-trade controls at that scope are released with it, and
 * their peak is re-based to the equity of now, or they would fire again at once. Where a LIVE strategy would trade again
 * nothing is released: the answer names the approval that another admin has to give.
 * @param requestId the approval's id if one is needed; a retry with the same id meets the same approval
 * @throws AppError FORBIDDEN for a key or anybody below admin, NOT_FOUND, SERVICE_UNAVAILABLE while what is stopped cannot
 * be read
 */
export async function releaseKillSwitch(
  deps: Deps,
  actor: Actor,
  input: Subject & { reason: string },
  requestId: string | null = null,
): Promise<KillSwitchOutcome> {
  requirePerson(actor, 'admin')
  return attempted(deps, async (attempt) => {
    const scope = await scopeOf(deps, actor, input)
    if (!(await deps.latchKeeper.isSettled(scope))) throw unreadable()
    const live = await liveAffected(deps, scope)
    const { reason } = input
    if (live.length > 0) return ask(deps, actor, { scope, reason, live, requestId })
    return undo(deps, actor, { scope, reason, guard: refuseLive(scope), isApproved: false }, attempt)
  })
}

/**
 * Another admin agrees to the release of what is stopped as it was when it was asked for, and with that it is done.
 * @returns null when there is no such request
 * @throws AppError FORBIDDEN for the requester, CONFLICT when it is no longer open or what is stopped changed,
 * SERVICE_UNAVAILABLE while that cannot be read
 */
export async function approveRelease(
  deps: Deps,
  actor: Actor,
  approvalId: string,
): Promise<ReleaseRequest | null> {
  requirePerson(actor, 'admin')
  return attempted(deps, async (attempt) => {
    const request = await rows.findReleaseRequest(deps.db.kysely, approvalId)
    if (request === null) return null
    const { scope, reason } = request
    if (!(await deps.latchKeeper.isSettled(scope))) throw unreadable()
    const held = await heldNow(deps, scope)
    assertApprovable(request, { userId: actor.userId, at: deps.clock.now(), heldHash: held.hash })
    let used: ReleaseRequest | null = null
    const guard: Guard = async (trx, current, at) => {
      const before = ensureDefined(await rows.lockReleaseRequest(trx, approvalId), approvalId)
      assertOpen(before, at)
      if (!isSameStop(current, held.row)) throw changed()
      const use = { status: 'USED' as const, approvedBy: actor.userId, approvedAt: at }
      used = await rows.updateReleaseRequest(trx, approvalId, use)
      await auditRequest(trx, actor, { at, verb: 'use', before, after: used })
    }
    await undo(deps, actor, { scope, reason, guard, isApproved: true }, attempt)
    return used
  })
}

interface Attempt {
  /** Null until something is being changed. */
  scope: KillSwitchScope | null
  /** Nobody waits for it any more. */
  isLate: boolean
}

async function attempted<T>(deps: Deps, work: (attempt: Attempt) => Promise<T>): Promise<T> {
  const attempt: Attempt = { scope: null, isLate: false }
  try {
    return await withinOrWhileSlow(deps.db, work(attempt), { ms: RELEASE_MS, times: 2 })
  } catch (error) {
    attempt.isLate = true
    // What was being changed may be committed all the same: it was not acknowledged, so it has not happened.
    if (attempt.scope !== null) holdAgain(deps, attempt.scope)
    if (error instanceof AppError) throw error
    deps.log.error({ err: error }, 'the kill switch could not be released')
    throw unreadable()
  }
}

/** Inside the transaction of the release, with the switch and the accounts locked. */
type Guard = (trx: Trx, current: KillSwitch | null, at: Date) => Promise<void>

/** A strategy went LIVE between the look and the release. */
function refuseLive(scope: KillSwitchScope): Guard {
  return async (trx) => {
    if ((await liveHeldBySwitch(trx, scope)).length > 0) throw changed()
  }
}

interface Undoing {
  scope: KillSwitchScope
  reason: string
  guard: Guard
  isApproved: boolean
}

async function undo(
  deps: Deps,
  actor: Actor,
  { scope, reason, guard, isApproved }: Undoing,
  attempt: Attempt,
): Promise<KillSwitchOutcome> {
  const { latch } = deps
  const held = latch.entries().filter((entry) => entry.scope === scope)
  await releaseLatches(deps, actor, {
    ...{ scope, reason },
    assertMayRelease: (mode, { strategies }) => {
      if (attempt.isLate) throw unreadable()
      const isLive = mode === 'LIVE' && [...strategies.values()].some((one) => one.strategy.mode === 'LIVE')
      if (isLive && !isApproved) throw changed()
    },
  })
  const change = await changeSwitch(deps, actor, scope, async (current, at, trx) => {
    await guard(trx, current, at)
    if (attempt.isLate) throw unreadable()
    // From here on it may be committed.
    attempt.scope = scope
    return released(current, { reason, by: actor.label, at })
  })
  if (attempt.isLate) throw unreadable()
  attempt.scope = null
  await latch.drop(held.map(({ id }) => id)).catch((error: unknown) => {
    deps.log.error({ err: error, scope }, 'a released stop is still in the latch; it follows the database')
  })
  return outcome(deps, scope, change)
}

interface Asking {
  scope: KillSwitchScope
  reason: string
  live: string[]
  requestId: string | null
}

/** One open request for a scope as it is stopped now: whoever asks again meets the same one. */
async function ask(deps: Deps, actor: Actor, asked: Asking): Promise<KillSwitchOutcome> {
  requirePerson(actor, 'admin')
  const { scope, reason, live, requestId } = asked
  const requestedBy = ensureDefined(actor.userId, 'a person')
  const at = deps.clock.now()
  const held = await heldNow(deps, scope)
  const request = await transaction(deps.db, async (trx) => {
    await rows.lockKillSwitch(trx, scope)
    const open = await rows.listOpenReleaseRequests(trx, scope)
    const same = open.find(({ heldHash, expiresAt }) => heldHash === held.hash && expiresAt > at)
    if (same !== undefined) return same
    const made = await rows.insertReleaseRequest(trx, {
      ...{ approvalId: requestId ?? randomUUID(), scope, reason, heldHash: held.hash, requestedBy },
      ...{ liveStrategies: live, requestedAt: at, expiresAt: new Date(at.getTime() + REQUEST_LIFE_MS) },
    })
    await auditRequest(trx, actor, { at, verb: 'request', before: null, after: made })
    return made
  })
  const switches = await rows.listKillSwitches(deps.db.kysely)
  const now = await outcome(deps, scope, { row: held.row, affected: [], switches })
  return { ...now, approvalId: request.approvalId }
}

function holdAgain({ latch, desk, clock, log }: Deps, scope: KillSwitchScope): void {
  const levels = [latch, ...TRADING_MODES.flatMap((mode) => desk.remembered(mode) ?? [])].map(
    (one) => ('killLevels' in one ? one.killLevels : one.levels()).get(scope) ?? 'ACTIVE',
  )
  const level = worstState(levels)
  if (level === 'ACTIVE') return
  const { label, userId, apiKeyId, role, requestId, ip } = systemActor('kill latch')
  const { written } = latch.hold({
    ...{ scope, level, onActivate: 'none', activatedAt: clock.now() },
    ...{ cause: 'release_unconfirmed', reason: 'Its release could not be confirmed' },
    by: { label, userId, apiKeyId, role, requestId, ip },
  })
  written.catch((error: unknown) => log.fatal({ err: error, scope }, 'the latch could not be written'))
}
