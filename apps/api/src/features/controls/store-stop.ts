import { findStrategy, type Trx } from '@quantdeck/db'
import { type Actor, systemActor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import type { LatchEntry } from '../../latch/latch-entry.ts'
import { changeSwitch, type SwitchChange } from './change-switch.ts'
import { strategyOf } from './effective-state.ts'
import { activated, fateOf } from './machine.ts'

/** What the database made of a stop that the latch holds. */
export interface StoredStop extends SwitchChange {
  /** Nothing is to be held any more: a person has released this very stop, or there is no such strategy. */
  isOver: boolean
}

/** Carries a stop into the database, once: a row that says as much already stays as it is. */
export async function carryStop(deps: Pick<Deps, 'db' | 'clock'>, entry: LatchEntry): Promise<StoredStop> {
  const { scope, level, cause, reason, activatedAt, by } = entry
  let isOver = false
  const change = await changeSwitch(deps, actorOf(entry), scope, async (current, _at, trx) => {
    isOver = (await isNobodys(trx, entry)) || fateOf(entry, current) === 'released'
    return isOver ? null : activated(current, { scope, level, cause, reason, by: by.label, at: activatedAt })
  })
  return { ...change, isOver }
}

/** For whoever has no server. @returns the row's `activated_at`; null where there is no such strategy */
export async function storeStop(deps: Pick<Deps, 'db' | 'clock'>, entry: LatchEntry): Promise<Date | null> {
  const { row, isOver } = await carryStop(deps, entry)
  return isOver ? null : (row?.activatedAt ?? entry.activatedAt)
}

async function isNobodys(trx: Trx, { scope }: LatchEntry): Promise<boolean> {
  const strategyId = strategyOf(scope)
  return strategyId !== null && (await findStrategy(trx, strategyId)) === null
}

/** Who asked for it, as far as the latch knows: for the audit log. Whoever writes on this disk acts for the house. */
function actorOf({ by }: LatchEntry): Actor {
  const { label, userId, apiKeyId, role, requestId, ip } = by
  if (userId === null) return { ...systemActor(label, requestId), ip }
  const kind = apiKeyId !== null ? 'api_key' : 'user'
  const rest = { sessionId: null, scopes: null, strategyIds: null }
  return { kind, userId, label, role, apiKeyId, requestId, ip, ...rest }
}
