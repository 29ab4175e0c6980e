import * as rows from '@quantdeck/db'
import { type StoredLimits, transaction, type Trx } from '@quantdeck/db'
import {
  AppError,
  type ErrorDetail,
  type JsonValue,
  notFound,
  type Strategy,
  toDecimal,
} from '@quantdeck/domain'
import { type LimitOverrides, resolveLimits, type RiskLimits } from '@quantdeck/risk'
import { type Actor, requireRole, requireScope } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { isVisible, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { limitsOf, toOverrides } from '../../desk/load-books.ts'

/** The limits of one place, a strategy or everything, and where they come from. */
export interface LimitsView {
  strategyId: string | null
  inForce: RiskLimits
  overrides: LimitOverrides
  /** What would hold without the overrides. */
  inherited: RiskLimits
  updatedAt: Date | null
  updatedBy: string | null
}

/** @throws AppError NOT_FOUND, for another's strategy as for an unknown one */
export async function getStrategyLimits(deps: Deps, actor: Actor, strategyId: string): Promise<LimitsView> {
  requireRole(actor, 'viewer')
  return strategyView(deps.db.kysely, await findVisible(deps, actor, strategyId))
}

/** The limits of the accounts and of every strategy that sets none of its own. */
export async function getGlobalLimits(deps: Deps, actor: Actor): Promise<LimitsView> {
  requireRole(actor, 'viewer')
  return globalView(deps.db.kysely)
}

interface LimitsChange {
  overrides: LimitOverrides
  reason: string
}

/**
 * Replaces what was set for a strategy; in force from the next order on.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export async function setStrategyLimits(
  deps: Deps,
  actor: Actor,
  strategyId: string,
  change: LimitsChange,
): Promise<LimitsView> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  const strategy = await findVisible(deps, actor, strategyId)
  return transaction(deps.db, async (trx) => {
    await rows.bumpAllAccountVersions(trx)
    const before = await rows.findStoredLimits(trx, strategyId)
    const stored = storedOf(deps, actor, change)
    await rows.upsertStrategyLimits(trx, strategyId, stored)
    const view = await strategyView(trx, strategy)
    assertSensible(view.inForce)
    await writeAudit(trx, deps, actor, { entityId: strategyId, before, after: stored, reason: change.reason })
    return view
  })
}

/** @throws AppError FORBIDDEN, VALIDATION_ERROR */
export async function setGlobalLimits(deps: Deps, actor: Actor, change: LimitsChange): Promise<LimitsView> {
  requireRole(actor, 'risk')
  requireScope(actor, 'admin')
  return transaction(deps.db, async (trx) => {
    await rows.bumpAllAccountVersions(trx)
    const before = await rows.findStoredLimits(trx, null)
    const stored = storedOf(deps, actor, change)
    await rows.upsertGlobalLimits(trx, stored)
    const view = await globalView(trx)
    assertSensible(view.inForce)
    await writeAudit(trx, deps, actor, { entityId: 'global', before, after: stored, reason: change.reason })
    return view
  })
}

type Queryable = Parameters<typeof rows.findStoredLimits>[0]

async function findVisible(deps: Deps, actor: Actor, strategyId: string): Promise<Strategy> {
  const visible = await visibleStrategyIds(deps, actor)
  const strategy = await rows.findStrategy(deps.db.kysely, strategyId)
  if (strategy === null || !isVisible(visible, strategyId)) throw notFound('Strategy')
  return strategy
}

async function strategyView(db: Queryable, strategy: Strategy): Promise<LimitsView> {
  const global = toOverrides(await rows.findGlobalLimits(db))
  const stored = await rows.findStoredLimits(db, strategy.strategyId)
  const overrides = toOverrides(stored?.limits ?? null)
  return view(strategy.strategyId, stored, {
    inForce: limitsOf(strategy, global, overrides),
    inherited: limitsOf(strategy, global, null),
  })
}

async function globalView(db: Queryable): Promise<LimitsView> {
  const stored = await rows.findStoredLimits(db, null)
  return view(null, stored, {
    inForce: resolveLimits(toOverrides(stored?.limits ?? null)),
    inherited: resolveLimits(),
  })
}

function view(
  strategyId: string | null,
  stored: StoredLimits | null,
  limits: Pick<LimitsView, 'inForce' | 'inherited'>,
): LimitsView {
  return {
    strategyId,
    ...limits,
    overrides: toOverrides(stored?.limits ?? null) ?? {},
    updatedAt: stored?.updatedAt ?? null,
    updatedBy: stored?.updatedBy ?? null,
  }
}

function storedOf(deps: Deps, actor: Actor, { overrides }: LimitsChange) {
  const limits = JSON.parse(JSON.stringify(overrides)) as { [key: string]: JsonValue }
  return { limits, updatedAt: deps.clock.now(), updatedBy: actor.label }
}

/** Limits that contradict each other are a mistake: a warning that comes after the trip warns of nothing. */
function assertSensible(limits: RiskLimits): void {
  const details: ErrorDetail[] = []
  if (!toDecimal(limits.drawdownWarning).lt(limits.maxDrawdown)) {
    const message = `drawdown_warning ${limits.drawdownWarning} must be below max_drawdown ${limits.maxDrawdown}`
    details.push({ field: 'limits.drawdown_warning', message })
  }
  if (details.length > 0) throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
}

async function writeAudit(
  trx: Trx,
  deps: Deps,
  actor: Actor,
  change: { entityId: string; before: StoredLimits | null; after: { limits: JsonValue }; reason: string },
): Promise<void> {
  await rows.appendAudit(trx, [
    {
      ...auditFacts(actor, deps.clock.now()),
      action: 'limits.set',
      entity: 'limits',
      entityId: change.entityId,
      before: change.before === null ? null : change.before.limits,
      after: change.after.limits,
      reason: change.reason,
    },
  ])
}
