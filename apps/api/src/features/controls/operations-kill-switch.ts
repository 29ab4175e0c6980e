import { randomUUID } from 'node:crypto'
import * as rows from '@quantdeck/db'
import { type KillSwitch, type NewAlert, transaction, type Trx } from '@quantdeck/db'
import { notFound, type TradingState } from '@quantdeck/domain'
import { latchedTradingState } from '@quantdeck/risk'
import { type Actor, requirePerson, requireRole, requireScope } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { isVisible, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { alertMessage } from '../../desk/messages.ts'
import { foldAccount, foldStrategy } from '../../desk/risk-fold.ts'
import { accountEquity, strategyEquity } from '../../desk/valuation.ts'
import { cancelWorkingOrders, type OnActivate } from './cancel-working.ts'
import { affectedStrategies, type ControlScope, effectiveState, worstState } from './effective-state.ts'

export interface KillSwitchOutcome {
  scope: ControlScope
  /** Effective state of the scope. */
  state: TradingState
  affectedStrategies: string[]
  activatedAt: Date | null
  deactivatedAt: Date | null
}

export interface ActivateInput {
  strategyId?: string
  reason: string
  level: 'HALTED' | 'REDUCING'
  onActivate: OnActivate
}

/**
 * Stops a strategy or everything. Repeating it changes nothing, and a stop is never loosened by activating again.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export async function activateKillSwitch(
  deps: Deps,
  actor: Actor,
  input: ActivateInput,
): Promise<KillSwitchOutcome> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  const scope = await scopeOf(deps, actor, input.strategyId)
  const change = await changeSwitch(deps, actor, scope, (current, at) => {
    const level = worstState([current?.level ?? 'ACTIVE', input.level])
    if (current !== null && current.level === level) return null
    const isFirst = current === null || current.level === 'ACTIVE'
    return {
      scope,
      level,
      cause: 'manual',
      reason: input.reason,
      activatedAt: isFirst ? at : current.activatedAt,
      activatedBy: isFirst ? actor.label : current.activatedBy,
      deactivatedAt: null,
      deactivatedBy: null,
      updatedAt: at,
    }
  })
  await drainSends(deps, scope)
  await cancelAfterActivation(deps, scope, input)
  return outcome(deps, scope, change)
}

/** Orders that were on their way when the switch was committed have left by then; no later one does. */
async function drainSends(deps: Deps, scope: ControlScope): Promise<void> {
  try {
    await deps.desk.drainSends()
  } catch (error) {
    deps.log.error({ err: error, scope }, 'the kill switch is active; what was on its way may still leave')
  }
}

/** The stop holds from the commit on; what the broker makes of the cancels is in the orders. */
async function cancelAfterActivation(deps: Deps, scope: ControlScope, input: ActivateInput): Promise<void> {
  const only = input.strategyId === undefined ? null : [input.strategyId]
  try {
    await cancelWorkingOrders(deps, only, input.onActivate)
  } catch (error) {
    deps.log.error(
      { err: error, scope },
      'the kill switch is active, but working orders could not be cancelled',
    )
  }
}

/**
 * Releases the named scope, never another. The latches of at-trade controls at that scope are released with it, and
 * their peak is re-based to the equity of now, or they would fire again at once.
 * @throws AppError FORBIDDEN for a key or anybody below admin, NOT_FOUND
 */
export async function releaseKillSwitch(
  deps: Deps,
  actor: Actor,
  input: { strategyId?: string; reason: string },
): Promise<KillSwitchOutcome> {
  requirePerson(actor, 'admin')
  const scope = await scopeOf(deps, actor, input.strategyId)
  await releaseLatches(deps, actor, scope, input.reason)
  const change = await changeSwitch(deps, actor, scope, (current, at) => {
    if (current === null || current.level === 'ACTIVE') return null
    return {
      ...current,
      level: 'ACTIVE',
      reason: input.reason,
      deactivatedAt: at,
      deactivatedBy: actor.label,
      updatedAt: at,
    }
  })
  return outcome(deps, scope, change)
}

/** @throws AppError NOT_FOUND, for another's strategy as for an unknown one */
export async function scopeOf(
  deps: Deps,
  actor: Actor,
  strategyId: string | undefined,
): Promise<ControlScope> {
  if (strategyId === undefined) return 'global'
  const visible = await visibleStrategyIds(deps, actor)
  const strategy = await rows.findStrategy(deps.db.kysely, strategyId)
  if (strategy === null || !isVisible(visible, strategyId)) throw notFound('Strategy')
  return `strategy:${strategyId}`
}

interface SwitchChange {
  row: KillSwitch | null
  affected: string[]
  switches: KillSwitch[]
}

/**
 * One transaction: the accounts' locks, which every order submission takes as well, then the switch. So an order is
 * either committed before the change or judged after it. A change has one audit row and one CRITICAL alert.
 */
async function changeSwitch(
  deps: Deps,
  actor: Actor,
  scope: ControlScope,
  decide: (current: KillSwitch | null, at: Date) => KillSwitch | null,
): Promise<SwitchChange> {
  const at = deps.clock.now()
  return transaction(deps.db, async (trx) => {
    await rows.bumpAllAccountVersions(trx)
    const current = await rows.lockKillSwitch(trx, scope)
    const before = await rows.listKillSwitches(trx)
    const next = decide(current, at)
    if (next === null) return { row: current, affected: [], switches: before }
    await rows.upsertKillSwitch(trx, next)
    const switches = await rows.listKillSwitches(trx)
    const strategies = await rows.listStrategies(trx, { visible: 'all' })
    const affected = affectedStrategies(strategies, before, switches)
    await record(trx, actor, { current, next, affected, at })
    return { row: next, affected, switches }
  })
}

async function record(
  trx: Trx,
  actor: Actor,
  change: { current: KillSwitch | null; next: KillSwitch; affected: string[]; at: Date },
): Promise<void> {
  const { current, next, affected, at } = change
  const verb = next.level === 'ACTIVE' ? 'deactivate' : 'activate'
  await rows.appendAudit(trx, [
    {
      ...auditFacts(actor, at),
      action: `kill_switch.${verb}`,
      entity: 'kill_switch',
      entityId: next.scope,
      before: { level: current?.level ?? 'ACTIVE' },
      after: { level: next.level, affected_strategies: affected },
      reason: next.reason,
    },
  ])
  const alert = alertOf(next, affected, at, actor)
  await rows.insertAlerts(trx, [alert])
  await rows.appendOutbox(trx, [
    {
      topic: 'kill_switch',
      key: null,
      payload: { scope: next.scope, level: next.level, reason: next.reason, affected_strategies: affected },
      createdAt: at,
      push: true,
    },
    { ...alertMessage(alert), createdAt: at, push: true },
  ])
}

function alertOf(next: KillSwitch, affected: string[], at: Date, actor: Actor): NewAlert {
  const isRelease = next.level === 'ACTIVE'
  const strategyId = next.scope.startsWith('strategy:') ? next.scope.slice('strategy:'.length) : null
  return {
    alertId: randomUUID(),
    severity: 'CRITICAL',
    code: isRelease ? 'KILL_SWITCH_RELEASED' : 'KILL_SWITCH_ACTIVATED',
    message: `Kill switch ${isRelease ? 'released' : 'activated'} ${strategyId === null ? 'globally' : `for ${strategyId}`} by ${actor.label}: ${next.reason}`,
    context: { scope: next.scope, level: next.level, reason: next.reason, affected_strategies: affected },
    strategyId,
    dedupeKey: null,
    acknowledged: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
    createdAt: at,
  }
}

async function releaseLatches(deps: Deps, actor: Actor, scope: ControlScope, reason: string): Promise<void> {
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

async function outcome(deps: Deps, scope: ControlScope, change: SwitchChange): Promise<KillSwitchOutcome> {
  return {
    scope,
    state: worstState([effectiveState(change.switches, scope), await latchedState(deps, scope)]),
    affectedStrategies: change.affected,
    activatedAt: change.row?.activatedAt ?? null,
    deactivatedAt: change.row?.deactivatedAt ?? null,
  }
}

/** A drawdown or collar latch is shown like a kill switch, though no row of the switches says so. */
async function latchedState(deps: Deps, scope: ControlScope): Promise<TradingState> {
  const states: TradingState[] = []
  for (const { mode } of await rows.listAccounts(deps.db.kysely)) {
    const state = await deps.desk.read(mode, (books) => {
      if (scope === 'global') return latchedTradingState(books.risk)
      const book = books.strategies.get(scope.slice('strategy:'.length))
      return book ? latchedTradingState(book.risk) : 'ACTIVE'
    })
    states.push(state)
  }
  return worstState(states)
}
