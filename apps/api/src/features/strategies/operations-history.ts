import * as rows from '@quantdeck/db'
import type { StrategyHistoryEntry } from '@quantdeck/db'
import { notFound, type StrategyConfig } from '@quantdeck/domain'
import { type Actor, requireRole, requireScope } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { patchBetween } from './merge-patch.ts'
import { findVisible, type StrategyDetail, updateStrategy } from './operations.ts'

/**
 * Every change of a strategy, recent first.
 * @throws AppError NOT_FOUND
 */
export async function listStrategyHistory(
  deps: Deps,
  actor: Actor,
  strategyId: string,
): Promise<StrategyHistoryEntry[]> {
  requireRole(actor, 'viewer')
  await findVisible(deps, actor, strategyId)
  return rows.listStrategyHistory(deps.db.kysely, strategyId)
}

export interface RevertInput {
  version: number
  expectedVersion?: number
  reason: string
}

/** What a version kept of the strategy, as `snapshot` wrote it. */
interface Kept {
  name: string
  description: string
  universe: string[]
  max_positions: number
  config: StrategyConfig
}

/**
 * Brings back the values of an earlier version as a change of its own; status and mode have doors of their own.
 * @throws AppError NOT_FOUND for an unknown strategy or version, FORBIDDEN, CONFLICT
 */
export async function revertStrategy(
  deps: Deps,
  actor: Actor,
  strategyId: string,
  input: RevertInput,
): Promise<StrategyDetail> {
  requireRole(actor, 'trader')
  requireScope(actor, 'admin')
  const { config: current } = await findVisible(deps, actor, strategyId)
  const entry = await rows.findStrategyHistory(deps.db.kysely, strategyId, input.version)
  if (entry === null) throw notFound('Version')
  const kept = entry.after as unknown as Kept
  return updateStrategy(deps, actor, strategyId, {
    name: kept.name,
    description: kept.description,
    universe: kept.universe,
    maxPositions: kept.max_positions,
    config: patchBetween(current, kept.config),
    reason: input.reason,
    ...(input.expectedVersion !== undefined && { expectedVersion: input.expectedVersion }),
  })
}
