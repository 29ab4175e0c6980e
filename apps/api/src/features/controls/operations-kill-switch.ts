import * as rows from '@quantdeck/db'
import type { KillSwitchScope } from '@quantdeck/db'
import { AppError, notFound, SECOND_MS, TRADING_MODES, type TradingState } from '@quantdeck/domain'
import { latchedTradingState } from '@quantdeck/risk'
import { type Actor, requireRole, requireScope } from '../../auth/actor.ts'
import { isVisible, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import type { Books } from '../../desk/books.ts'
import type { LatchEntry, OnActivate, StoppedLevel } from '../../latch/latch-entry.ts'
import { within } from '../../within.ts'
import { cancelAtBroker } from './cancel-working.ts'
import type { SwitchChange } from './change-switch.ts'
import { affectedStrategies, effectiveState, type ScopeLevel, worstState } from './effective-state.ts'
import { stoppedSince } from './machine.ts'
import { latchesOf } from './risk-latches.ts'
import { withinOrWhileSlow } from './slow-database.ts'

/** A database that has not answered by then is not waited for: the latch holds. */
const STORE_MS = 1.5 * SECOND_MS
/** Its statements end after ten seconds, and are tried again. */
const MOST_WAITS = 12
/** Orders on their way, and the broker's cancels. */
const FINISH_MS = 10 * SECOND_MS

export interface KillSwitchOutcome {
  scope: KillSwitchScope
  /** Effective state of the scope. */
  state: TradingState
  affectedStrategies: string[]
  activatedAt: Date | null
  deactivatedAt: Date | null
  /** A release that waits for another admin; null: what was asked for is done. */
  approvalId: string | null
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
  const { entry, isOnDisk, letGo } = await hold(deps, actor, scope, input)
  await within(deps.desk.drainOwnSends(), FINISH_MS).catch(() => {})
  const { stored, done } = deps.latchKeeper.carry(entry)
  letGo()
  // Other processes send as long as a slow database has not got the stop; one that does not answer lets nobody send.
  const change = await withinOrWhileSlow(deps.db, stored, { ms: STORE_MS, times: MOST_WAITS }).catch(
    (error: unknown) => {
      deps.log.error(
        { err: error, scope },
        'the latch holds the kill switch: the database did not take it yet',
      )
      return null
    },
  )
  if (change !== null) {
    await within(done, FINISH_MS).catch(() => {})
    // Stored and held: that is answered, even if the database is gone by now.
    return outcomeOf(scope, change)
  }
  if (!isOnDisk) throw new AppError('SERVICE_UNAVAILABLE', NOT_DURABLE, { retryAfterSeconds: 1 })
  await within(cancelAtBroker(deps, scope, input.onActivate), FINISH_MS).catch(() => {})
  return latchedOutcome(deps, entry, before)
}

const NOT_DURABLE =
  'Trading is stopped in this process, but neither the disk nor the database took it: a restart would forget it'

async function hold(
  { latch, latchKeeper, clock, log }: Deps,
  actor: Actor,
  scope: KillSwitchScope,
  { level, reason, onActivate }: ActivateInput,
): Promise<{ entry: LatchEntry; isOnDisk: boolean; letGo: () => void }> {
  const { label, userId, apiKeyId, role, requestId, ip } = actor
  const by = { label, userId, apiKeyId, role, requestId, ip }
  const asked = { scope, level, cause: 'manual', reason, onActivate, activatedAt: clock.now(), by }
  const { entry, written } = latch.hold(asked)
  const letGo = latchKeeper.claim(entry)
  try {
    await written
    return { entry, isOnDisk: true, letGo }
  } catch (error) {
    log.fatal({ err: error, scope }, 'the latch of the kill switch could not be written')
    return { entry, isOnDisk: false, letGo }
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

/** Without the database: what this process remembers of the strategies, and the latch of the stops. */
function latchedOutcome(deps: Deps, entry: LatchEntry, before: readonly ScopeLevel[]): KillSwitchOutcome {
  const { scope, level } = entry
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
    activatedAt: stoppedSince(entry, deps.latch.entries()),
    deactivatedAt: null,
    approvalId: null,
  }
}

/** Starting again is never done on a guess. */
export function unreadable(): AppError {
  const message = 'What is stopped cannot be read: the kill switch stays as it is'
  return new AppError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 2 })
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

export async function outcome(
  deps: Deps,
  scope: KillSwitchScope,
  change: SwitchChange,
): Promise<KillSwitchOutcome> {
  // A drawdown or collar latch is shown like a kill switch, though no row of the switches says so.
  const latched = (await latchesOf(deps, scope)).map(latchedTradingState)
  const known = outcomeOf(scope, change)
  return { ...known, state: worstState([known.state, ...latched]) }
}

/** By the switches alone. */
function outcomeOf(scope: KillSwitchScope, change: SwitchChange): KillSwitchOutcome {
  return {
    scope,
    state: effectiveState(change.switches, scope),
    affectedStrategies: change.affected,
    activatedAt: change.row?.activatedAt ?? null,
    deactivatedAt: change.row?.deactivatedAt ?? null,
    approvalId: null,
  }
}
