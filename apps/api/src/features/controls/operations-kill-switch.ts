import * as rows from '@quantdeck/db'
import type { KillSwitchScope } from '@quantdeck/db'
import { AppError, notFound, SECOND_MS, TRADING_MODES, type TradingState } from '@quantdeck/domain'
import { latchedTradingState } from '@quantdeck/risk'
import { type Actor, requirePerson, requireRole, requireScope, systemActor } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { isVisible, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import type { Books } from '../../desk/books.ts'
import { foldAccount, foldStrategy } from '../../desk/risk-fold.ts'
import { accountEquity, strategyEquity } from '../../desk/valuation.ts'
import type { LatchEntry, OnActivate, StoppedLevel } from '../../latch/latch-entry.ts'
import { NotInTime, within } from '../../within.ts'
import { cancelAtBroker } from './cancel-working.ts'
import { changeSwitch, type SwitchChange } from './change-switch.ts'
import {
  affectedStrategies,
  effectiveState,
  type ScopeLevel,
  strategyOf,
  worstState,
} from './effective-state.ts'
import { released } from './machine.ts'

/** A database that has not answered by then is not waited for: the latch holds. */
const STORE_MS = 1.5 * SECOND_MS
/** Its statements end after ten seconds, and are tried again. */
const MOST_WAITS = 12
const PING_MS = SECOND_MS / 2
/** Orders on their way, and the broker's cancels. */
const FINISH_MS = 10 * SECOND_MS
const RELEASE_MS = 8 * SECOND_MS

export interface KillSwitchOutcome {
  scope: KillSwitchScope
  /** Effective state of the scope. */
  state: TradingState
  affectedStrategies: string[]
  activatedAt: Date | null
  deactivatedAt: Date | null
}

/** Neither of the two: everything. */
export interface Subject {
  strategyId?: string
  symbol?: string
}

export interface ActivateInput extends Subject {
  reason: string
  level: StoppedLevel
  onActivate: OnActivate
}

/**
 * Stops a strategy, a symbol or everything. Repeating it changes nothing, and a stop is never loosened by activating
 * again. It holds in this process at once and is on the disk before it is acknowledged, so that it needs no database: one
 * that does not answer gets the stop when it is back.
 * @throws AppError FORBIDDEN, NOT_FOUND, SERVICE_UNAVAILABLE when neither the disk nor the database takes it
 */
export async function activateKillSwitch(
  deps: Deps,
  actor: Actor,
  input: ActivateInput,
): Promise<KillSwitchOutcome> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  const scope = await scopeToStop(deps, actor, input)
  const before = rememberedLevels(deps)
  const { entry, isOnDisk } = await hold(deps, actor, scope, input)
  await within(deps.desk.drainOwnSends(), FINISH_MS).catch(() => {})
  const { stored, done } = deps.latchKeeper.carry(entry)
  const change = await storedInTime(deps, stored).catch((error: unknown) => {
    deps.log.error({ err: error, scope }, 'the latch holds the kill switch: the database did not take it yet')
    return null
  })
  if (change !== null) {
    await within(done, FINISH_MS).catch(() => {})
    return outcome(deps, scope, change)
  }
  if (!isOnDisk) throw new AppError('SERVICE_UNAVAILABLE', NOT_DURABLE, { retryAfterSeconds: 1 })
  await within(cancelAtBroker(deps, scope, input.onActivate), FINISH_MS).catch(() => {})
  return latchedOutcome(deps, entry, before)
}

/**
 * A database that answers is only slow, and waited for: other processes send as long as it has not got the stop. One that
 * does not answer lets nobody send.
 */
async function storedInTime({ db }: Deps, stored: Promise<SwitchChange>): Promise<SwitchChange> {
  for (let waits = 1; ; waits += 1) {
    try {
      return await within(stored, STORE_MS)
    } catch (error) {
      const isSlow = error instanceof NotInTime && db.kind === 'postgres' && waits < MOST_WAITS
      if (!isSlow || !(await answers(db))) throw error
    }
  }
}

async function answers(db: Deps['db']): Promise<boolean> {
  return within(rows.pingDatabase(db.kysely), PING_MS).then(
    () => true,
    () => false,
  )
}

const NOT_DURABLE =
  'Trading is stopped in this process, but neither the disk nor the database took it: a restart would forget it'

async function hold(
  { latch, clock, log }: Deps,
  actor: Actor,
  scope: KillSwitchScope,
  { level, reason, onActivate }: ActivateInput,
): Promise<{ entry: LatchEntry; isOnDisk: boolean }> {
  const { label, userId, apiKeyId, role, requestId, ip } = actor
  const by = { label, userId, apiKeyId, role, requestId, ip }
  const asked = { scope, level, cause: 'manual', reason, onActivate, activatedAt: clock.now(), by }
  const { entry, written } = latch.hold(asked)
  try {
    await written
    return { entry, isOnDisk: true }
  } catch (error) {
    log.fatal({ err: error, scope }, 'the latch of the kill switch could not be written')
    return { entry, isOnDisk: false }
  }
}

function rememberedBooks({ desk }: Deps): Books[] {
  return TRADING_MODES.flatMap((mode) => desk.remembered(mode) ?? [])
}

function rememberedLevels(deps: Deps): ScopeLevel[] {
  return rememberedBooks(deps).flatMap(({ killLevels }) =>
    [...killLevels].map(([scope, level]) => ({ scope: scope as KillSwitchScope, level })),
  )
}

/** Without the database: what this process remembers of the strategies. */
function latchedOutcome(
  deps: Deps,
  { scope, level, activatedAt }: LatchEntry,
  before: readonly ScopeLevel[],
): KillSwitchOutcome {
  const strategies = new Map(
    rememberedBooks(deps).flatMap((books) =>
      [...books.strategies].map(([id, { strategy }]) => [id, strategy] as const),
    ),
  )
  const after = [...before, { scope, level }]
  return {
    scope,
    state: effectiveState(after, scope),
    affectedStrategies: affectedStrategies([...strategies.values()], before, after),
    activatedAt,
    deactivatedAt: null,
  }
}

/**
 * Releases the named scope, never another. The latches of at-trade controls at that scope are released with it, and
 * their peak is re-based to the equity of now, or they would fire again at once.
 * @throws AppError FORBIDDEN for a key or anybody below admin, NOT_FOUND, SERVICE_UNAVAILABLE while what is stopped cannot
 * be read
 */
export async function releaseKillSwitch(
  deps: Deps,
  actor: Actor,
  input: Subject & { reason: string },
): Promise<KillSwitchOutcome> {
  requirePerson(actor, 'admin')
  const attempt: Attempt = { scope: null, isLate: false }
  try {
    return await within(release(deps, actor, input, attempt), RELEASE_MS)
  } catch (error) {
    attempt.isLate = true
    // What was being changed may be committed all the same: it was not acknowledged, so it has not happened.
    if (attempt.scope !== null) holdAgain(deps, attempt.scope)
    if (error instanceof AppError) throw error
    deps.log.error({ err: error }, 'the kill switch could not be released')
    throw unreadable()
  }
}

interface Attempt {
  /** Null until something is being changed. */
  scope: KillSwitchScope | null
  /** Nobody waits for it any more. */
  isLate: boolean
}

/** Starting again is never done on a guess. */
function unreadable(): AppError {
  const message = 'What is stopped cannot be read: the kill switch stays as it is'
  return new AppError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 2 })
}

async function release(
  deps: Deps,
  actor: Actor,
  input: Subject & { reason: string },
  attempt: Attempt,
): Promise<KillSwitchOutcome> {
  const { latch, latchKeeper } = deps
  const { reason } = input
  const scope = await scopeOf(deps, actor, input)
  if (!(await latchKeeper.isSettled(scope))) throw unreadable()
  const held = latch.entries().filter((entry) => entry.scope === scope)
  attempt.scope = scope
  await releaseLatches(deps, actor, scope, reason)
  const change = await changeSwitch(deps, actor, scope, (current, at) => {
    if (attempt.isLate) throw unreadable()
    return released(current, { reason, by: actor.label, at })
  })
  if (attempt.isLate) throw unreadable()
  attempt.scope = null
  await latch.drop(held.map(({ id }) => id)).catch((error: unknown) => {
    deps.log.error({ err: error, scope }, 'a released stop is still in the latch; it follows the database')
  })
  return outcome(deps, scope, change)
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

/** For a stop a strategy or a symbol that this process knows is enough: the database may be away. */
async function scopeToStop(deps: Deps, actor: Actor, subject: Subject): Promise<KillSwitchScope> {
  const { strategyId, symbol } = subject
  const books = rememberedBooks(deps)
  if (
    strategyId === undefined &&
    symbol !== undefined &&
    books.some(({ instruments }) => instruments.has(symbol))
  )
    return `symbol:${symbol}`
  const isOwn = actor.strategyIds === null && symbol === undefined
  if (strategyId !== undefined && isOwn && books.some(({ strategies }) => strategies.has(strategyId)))
    return `strategy:${strategyId}`
  return within(scopeOf(deps, actor, subject), STORE_MS).catch((error: unknown) => {
    throw error instanceof AppError ? error : unreadable()
  })
}

/** @throws AppError NOT_FOUND, for another's strategy as for an unknown one; VALIDATION_ERROR for two subjects */
export async function scopeOf(
  deps: Deps,
  actor: Actor,
  { strategyId, symbol }: Subject,
): Promise<KillSwitchScope> {
  if (symbol !== undefined && strategyId !== undefined) {
    const details = [{ field: 'symbol', message: 'Not together with strategy_id' }]
    throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
  }
  if (symbol !== undefined) return symbolScope(deps, symbol)
  if (strategyId === undefined) return 'global'
  const visible = await visibleStrategyIds(deps, actor)
  const strategy = await rows.findStrategy(deps.db.kysely, strategyId)
  if (strategy === null || !isVisible(visible, strategyId)) throw notFound('Strategy')
  return `strategy:${strategyId}`
}

async function symbolScope({ db }: Deps, symbol: string): Promise<KillSwitchScope> {
  const instrument = await rows.findInstrument(db.kysely, symbol)
  if (instrument === null) throw notFound('Instrument')
  return `symbol:${symbol}`
}

async function releaseLatches(
  deps: Deps,
  actor: Actor,
  scope: KillSwitchScope,
  reason: string,
): Promise<void> {
  for (const { mode } of await rows.listAccounts(deps.db.kysely)) {
    await deps.desk.run(mode, async (ctx, trx) => {
      const at = ctx.at.getTime()
      const book = [...ctx.books.strategies.values()].find(
        ({ strategy }) => `strategy:${strategy.strategyId}` === scope,
      )
      const latched = scope === 'global' ? ctx.books.risk : book?.risk
      if (latched === undefined || latchedTradingState(latched) === 'ACTIVE') return
      const equity = (
        book ? strategyEquity(ctx.books, book, ctx.at) : accountEquity(ctx.books, ctx.at)
      ).equity.toFixed()
      if (book) foldStrategy(ctx, book, { type: 'released', at, equity })
      else foldAccount(ctx, { type: 'released', at, equity })
      await rows.appendAudit(trx, [
        {
          ...auditFacts(actor, ctx.at),
          action: 'risk_latch.release',
          entity: 'risk_state',
          entityId: latched.scope,
          before: { level: latchedTradingState(latched), peak_equity: latched.peakEquity },
          after: { level: 'ACTIVE', peak_equity: equity },
          reason,
        },
      ])
    })
  }
}

async function outcome(deps: Deps, scope: KillSwitchScope, change: SwitchChange): Promise<KillSwitchOutcome> {
  return {
    scope,
    state: worstState([effectiveState(change.switches, scope), await latchedState(deps, scope)]),
    affectedStrategies: change.affected,
    activatedAt: change.row?.activatedAt ?? null,
    deactivatedAt: change.row?.deactivatedAt ?? null,
  }
}

/** A drawdown or collar latch is shown like a kill switch, though no row of the switches says so. */
async function latchedState(deps: Deps, scope: KillSwitchScope): Promise<TradingState> {
  const states: TradingState[] = []
  for (const { mode } of await rows.listAccounts(deps.db.kysely)) {
    const state = await deps.desk.read(mode, (books) => {
      if (scope === 'global') return latchedTradingState(books.risk)
      const book = books.strategies.get(strategyOf(scope) ?? '')
      return book ? latchedTradingState(book.risk) : 'ACTIVE'
    })
    states.push(state)
  }
  return worstState(states)
}
