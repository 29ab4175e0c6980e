import type { Actor } from '../auth/actor.ts'
import { visibleStrategyIds } from '../auth/visibility.ts'
import type { CoreDeps } from '../deps.ts'
import type { Sight } from './events.ts'

const KEPT_MS = 1_000

interface Known {
  readonly sight: Promise<Sight>
  readonly atMs: number
}

/** By database, so that two servers in one process (tests) share nothing. */
const known = new WeakMap<CoreDeps['db'], Map<string, Known>>()

/**
 * What a subscriber may see. Thousands of streams ask again every few seconds: those of the same user (or of nobody)
 * share one answer, at most a second old.
 */
export function sightOf(deps: CoreDeps, actor: Actor): Promise<Sight> {
  const now = deps.clock.nowMs()
  const cache = known.get(deps.db) ?? new Map<string, Known>()
  known.set(deps.db, cache)
  const key = JSON.stringify([actor.kind, actor.userId, actor.role, actor.strategyIds])
  const found = cache.get(key)
  if (found !== undefined && now - found.atMs < KEPT_MS) return found.sight
  for (const [name, { atMs }] of cache) if (now - atMs >= KEPT_MS) cache.delete(name)
  const sight = look(deps, actor)
  cache.set(key, { sight, atMs: now })
  sight.catch(() => cache.delete(key))
  return sight
}

async function look(deps: CoreDeps, actor: Actor): Promise<Sight> {
  const visible = await visibleStrategyIds(deps, actor)
  return visible === 'all' ? 'all' : new Set(visible)
}
