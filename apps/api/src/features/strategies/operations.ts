import * as rows from '@quantdeck/db'
import { type StrategyHistoryEntry, transaction, type Trx } from '@quantdeck/db'
import {
  AppError,
  type Decimal,
  formatInstant,
  type JsonValue,
  type Mode,
  notFound,
  type Strategy,
  type StrategyConfig,
  type StrategyStatus,
} from '@quantdeck/domain'
import { type Actor, requireRole, requireScope } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { isVisible, mayChangeStrategy, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { type StrategyPerformance, strategyPerformance } from '../performance/operations.ts'
import { assertConfig } from './config-rules.ts'
import { mergeObjects } from './merge-patch.ts'
import { syncSessionRun } from './session-runs.ts'

export interface StrategyList {
  strategies: Strategy[]
  /** Among all in sight. */
  activeCount: number
}

export async function listStrategies(
  deps: Deps,
  actor: Actor,
  filter: { status?: StrategyStatus; mode?: Mode },
): Promise<StrategyList> {
  requireRole(actor, 'viewer')
  const visible = await visibleStrategyIds(deps, actor)
  const all = await rows.listStrategies(deps.db.kysely, { visible })
  return {
    strategies: all
      .filter(({ status }) => filter.status === undefined || status === filter.status)
      .filter(({ mode }) => filter.mode === undefined || mode === filter.mode),
    activeCount: all.filter(({ status }) => status === 'active').length,
  }
}

export interface StrategyDetail {
  strategy: Strategy
  performance: StrategyPerformance
}

/** @throws AppError NOT_FOUND, for another's strategy as for an unknown one */
export async function getStrategy(deps: Deps, actor: Actor, strategyId: string): Promise<StrategyDetail> {
  requireRole(actor, 'viewer')
  return withPerformance(deps, await findVisible(deps, actor, strategyId))
}

/** @throws AppError NOT_FOUND, for another's strategy as for an unknown one */
export async function findVisible(deps: Deps, actor: Actor, strategyId: string): Promise<Strategy> {
  const visible = await visibleStrategyIds(deps, actor)
  const strategy = await rows.findStrategy(deps.db.kysely, strategyId)
  if (strategy === null || !isVisible(visible, strategyId)) throw notFound('Strategy')
  return strategy
}

async function withPerformance(deps: Deps, strategy: Strategy): Promise<StrategyDetail> {
  return { strategy, performance: await strategyPerformance(deps, strategy) }
}

export interface StrategyPatch {
  status?: StrategyStatus
  name?: string
  description?: string
  /** Merged into the stored configuration (RFC 7396). */
  config?: StrategyConfig
  maxPositions?: number
  universe?: string[]
  /** Another version by now is a conflict. */
  expectedVersion?: number
  reason?: string
}

/**
 * Changes a strategy's configuration or status; a patch that changes nothing leaves no trace.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR, CONFLICT with who changed it and when
 */
export async function updateStrategy(
  deps: Deps,
  actor: Actor,
  strategyId: string,
  patch: StrategyPatch,
): Promise<StrategyDetail> {
  requireRole(actor, 'trader')
  requireScope(actor, 'admin')
  const seen = await findVisible(deps, actor, strategyId)
  if (!mayChangeStrategy(actor, seen))
    throw new AppError('FORBIDDEN', 'Only its owner or an admin may do this')
  if (patch.universe !== undefined) await assertInstruments(deps, patch.universe)
  const updated = await transaction(deps.db, async (trx) => {
    // The accounts first, as everywhere: the books of every mode know the strategies.
    await rows.bumpAllAccountVersions(trx)
    const before = await rows.lockStrategy(trx, strategyId)
    if (before === null) throw notFound('Strategy')
    assertVersion(before, patch.expectedVersion)
    const after = patched(before, patch, { at: deps.clock.now(), by: actor.label })
    if (isUnchanged(before, after)) return before
    await writeChange(trx, actor, { before, after, action: 'strategy.update', reason: patch.reason ?? null })
    return after
  })
  return withPerformance(deps, updated)
}

function assertVersion(current: Strategy, expected: number | undefined): void {
  if (expected === undefined || expected === current.version) return
  const by = current.updatedBy ?? 'the system'
  const at = formatInstant(current.updatedAt)
  throw new AppError('CONFLICT', `The strategy was changed by ${by} at ${at}`, {
    details: [
      {
        field: 'version',
        message: `Version ${current.version} is current, ${expected} was expected`,
        current_version: current.version,
        changed_by: by,
        changed_at: at,
      },
    ],
  })
}

function patched(before: Strategy, patch: StrategyPatch, change: { at: Date; by: string }): Strategy {
  const config = patch.config === undefined ? before.config : mergeObjects(before.config, patch.config)
  if (patch.config !== undefined) assertConfig(config)
  return {
    ...before,
    status: patch.status ?? before.status,
    name: patch.name ?? before.name,
    description: patch.description ?? before.description,
    maxPositions: patch.maxPositions ?? before.maxPositions,
    universe: patch.universe === undefined ? before.universe : [...new Set(patch.universe)],
    config,
    version: before.version + 1,
    updatedAt: change.at,
    updatedBy: change.by,
  }
}

function isUnchanged(before: Strategy, after: Strategy): boolean {
  return rows.canonicalJson(snapshot(before)) === rows.canonicalJson(snapshot(after))
}

/** What history and audit keep of a strategy: everything that can be changed. */
export function snapshot(strategy: Strategy): { [key: string]: JsonValue } {
  return {
    name: strategy.name,
    description: strategy.description,
    status: strategy.status,
    mode: strategy.mode,
    universe: strategy.universe,
    max_positions: strategy.maxPositions,
    allocated_capital: strategy.allocatedCapital.toFixed(),
    config: strategy.config,
  }
}

export interface StrategyChange {
  before: Strategy
  after: Strategy
  action: string
  reason: string | null
}

/** The strategy's row with everything that belongs to its change: history, session run, audit, message. */
export async function writeChange(trx: Trx, actor: Actor, change: StrategyChange): Promise<void> {
  const { before, after } = change
  if (!(await rows.updateStrategy(trx, after, before.version))) {
    throw new Error(`strategy ${after.strategyId} changed under its lock`)
  }
  await recordChange(trx, actor, { ...change, before })
}

async function recordChange(
  trx: Trx,
  actor: Actor,
  { before, after, action, reason }: Omit<StrategyChange, 'before'> & { before: Strategy | null },
): Promise<void> {
  const at = after.updatedAt
  const facts = { before: before && snapshot(before), after: snapshot(after), reason }
  const history: StrategyHistoryEntry = {
    ...facts,
    strategyId: after.strategyId,
    version: after.version,
    changedBy: actor.label,
    changedAt: at,
  }
  await rows.appendStrategyHistory(trx, history)
  await syncSessionRun(trx, { before, after, at })
  await rows.appendAudit(trx, [
    { ...auditFacts(actor, at), ...facts, action, entity: 'strategy', entityId: after.strategyId },
  ])
  await rows.appendOutbox(trx, [
    {
      topic: 'strategies',
      key: after.strategyId,
      payload: {
        strategy_id: after.strategyId,
        status: after.status,
        mode: after.mode,
        version: after.version,
      },
      createdAt: at,
      push: true,
    },
  ])
}

export interface NewStrategy {
  strategyId: string
  name: string
  description: string
  universe: string[]
  allocatedCapital: Decimal
  maxPositions: number
  config: StrategyConfig
}

/**
 * It starts inactive in BACKTEST and belongs to its creator.
 * @param isRetry the request carries an Idempotency-Key: the same strategy made by the same person is the answer
 * @throws AppError VALIDATION_ERROR, CONFLICT when the id is taken
 */
export async function createStrategy(
  deps: Deps,
  actor: Actor,
  input: NewStrategy,
  isRetry: boolean,
): Promise<StrategyDetail> {
  requireRole(actor, 'trader')
  requireScope(actor, 'admin')
  assertConfig(input.config)
  await assertInstruments(deps, input.universe)
  const now = deps.clock.now()
  const strategy: Strategy = {
    ...input,
    universe: [...new Set(input.universe)],
    status: 'inactive',
    mode: 'BACKTEST',
    ownerId: actor.userId,
    isPublic: false,
    version: 1,
    createdAt: now,
    updatedAt: now,
    updatedBy: actor.label,
  }
  const isNew = await transaction(deps.db, async (trx) => {
    await rows.bumpAllAccountVersions(trx)
    if (!(await rows.insertStrategy(trx, strategy))) return false
    await recordChange(trx, actor, { before: null, after: strategy, action: 'strategy.create', reason: null })
    return true
  })
  return withPerformance(deps, isNew ? strategy : await existing(deps, actor, strategy, isRetry))
}

async function existing(deps: Deps, actor: Actor, asked: Strategy, isRetry: boolean): Promise<Strategy> {
  const found = await rows.findStrategy(deps.db.kysely, asked.strategyId)
  const isOwn = found !== null && found.ownerId !== null && found.ownerId === actor.userId
  if (found !== null && isOwn && isRetry && found.version === 1 && isUnchanged(found, asked)) return found
  // Another's strategy is not described to somebody who cannot see it.
  throw isOwn
    ? new AppError('CONFLICT', `You already have a strategy ${asked.strategyId}`, {
        details: [{ field: 'strategy_id', message: 'Is taken by a strategy of yours' }],
      })
    : new AppError('CONFLICT', 'This strategy_id is taken')
}

/** @throws AppError VALIDATION_ERROR for a symbol that nobody declared */
async function assertInstruments(deps: Deps, universe: readonly string[]): Promise<void> {
  const known = new Set((await rows.listInstruments(deps.db.kysely)).map(({ symbol }) => symbol))
  const details = universe
    .filter((symbol) => !known.has(symbol))
    .map((symbol) => ({ field: 'universe', message: `There is no instrument ${symbol}` }))
  if (details.length > 0) throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
}
