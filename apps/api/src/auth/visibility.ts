import { findStrategy, listPublicStrategyIds, listStrategyIdsOf, type VisibleStrategies } from '@quantdeck/db'
import { notFound, type Strategy } from '@quantdeck/domain'

import type { CoreDeps } from '../deps.ts'
import { hasRole, type Actor } from './actor.ts'

/**
 * What an actor may see: admin, risk and the house all; a viewer or trader what they own or were shared; an anonymous
 * caller what is public; a key what its owner sees, narrowed to its own list.
 */
export async function visibleStrategyIds(
  deps: Pick<CoreDeps, 'db'>,
  actor: Actor,
): Promise<VisibleStrategies> {
  const visible = await visibleToOwner(deps, actor)
  const { strategyIds } = actor
  if (strategyIds === null) return visible
  return visible === 'all' ? strategyIds : visible.filter((id) => strategyIds.includes(id))
}

async function visibleToOwner({ db }: Pick<CoreDeps, 'db'>, actor: Actor): Promise<VisibleStrategies> {
  if (actor.kind === 'system' || hasRole(actor, 'risk')) return 'all'
  if (actor.userId === null) return listPublicStrategyIds(db.kysely)
  return listStrategyIdsOf(db.kysely, actor.userId)
}

export function isVisible(visible: VisibleStrategies, strategyId: string): boolean {
  return visible === 'all' || visible.includes(strategyId)
}

/**
 * Another's strategy answers exactly like an unknown one.
 * @throws AppError NOT_FOUND
 */
export async function requireStrategy(
  deps: Pick<CoreDeps, 'db'>,
  actor: Actor,
  strategyId: string,
): Promise<Strategy> {
  const visible = await visibleStrategyIds(deps, actor)
  const strategy = await findStrategy(deps.db.kysely, strategyId)
  if (strategy === null || !isVisible(visible, strategyId)) throw notFound('Strategy')
  return strategy
}

/** An owner of the strategy, or an admin. Shared with is not enough to change it. */
export function mayChangeStrategy(actor: Actor, strategy: { ownerId: string | null }): boolean {
  if (actor.role === 'admin') return true
  return hasRole(actor, 'trader') && strategy.ownerId !== null && strategy.ownerId === actor.userId
}
