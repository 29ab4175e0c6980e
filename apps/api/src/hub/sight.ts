import type { Actor } from '../auth/actor.ts'
import { visibleStrategyIds } from '../auth/visibility.ts'
import type { CoreDeps } from '../deps.ts'
import type { Sight } from './events.ts'

export async function sightOf(deps: CoreDeps, actor: Actor): Promise<Sight> {
  const visible = await visibleStrategyIds(deps, actor)
  return visible === 'all' ? 'all' : new Set(visible)
}
