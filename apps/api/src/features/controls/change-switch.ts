import { randomUUID } from 'node:crypto'
import * as rows from '@quantdeck/db'
import { type KillSwitch, type KillSwitchScope, type NewAlert, transaction, type Trx } from '@quantdeck/db'
import { SECOND_MS } from '@quantdeck/domain'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import type { Deps } from '../../deps.ts'
import { alertMessage } from '../../desk/messages.ts'
import { affectedStrategies, inWords, strategyOf } from './effective-state.ts'

export interface SwitchChange {
  row: KillSwitch | null
  affected: string[]
  switches: KillSwitch[]
}

type Decide = (
  current: KillSwitch | null,
  at: Date,
  trx: Trx,
) => Promise<KillSwitch | null> | KillSwitch | null

/**
 * One transaction: the accounts' locks, which every order submission takes as well, then the switch. So an order is
 * either committed before the change or judged after it. A change has one audit row and one CRITICAL alert.
 */
export async function changeSwitch(
  deps: Pick<Deps, 'db' | 'clock'>,
  who: Actor,
  scope: KillSwitchScope,
  decide: Decide,
): Promise<SwitchChange> {
  requireRole(who, 'risk')
  const at = deps.clock.now()
  return transaction(deps.db, async (trx) => {
    await rows.bumpAllAccountVersions(trx)
    const current = await rows.lockKillSwitch(trx, scope)
    const before = await rows.listKillSwitches(trx)
    const next = await decide(current, at, trx)
    if (next === null) return { row: current, affected: [], switches: before }
    await rows.upsertKillSwitch(trx, next)
    const switches = await rows.listKillSwitches(trx)
    const strategies = await rows.listStrategies(trx, { visible: 'all' })
    const affected = affectedStrategies(strategies, before, switches)
    await record(trx, who, { current, next, affected, at })
    return { row: next, affected, switches }
  })
}

interface Recorded {
  current: KillSwitch | null
  next: KillSwitch
  affected: string[]
  at: Date
}

async function record(trx: Trx, actor: Actor, { current, next, affected, at }: Recorded): Promise<void> {
  const verb = next.level === 'ACTIVE' ? 'deactivate' : 'activate'
  await rows.appendAudit(trx, [
    {
      ...auditFacts(actor, at),
      action: `kill_switch.${verb}`,
      entity: 'kill_switch',
      entityId: next.scope,
      before: { level: current?.level ?? 'ACTIVE' },
      after: { level: next.level, affected_strategies: affected, ...heldSince(next, at) },
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

/** A stop that the latch held before the database had it. */
function heldSince({ level, updatedAt }: KillSwitch, at: Date): { held_since?: string } {
  return level !== 'ACTIVE' && at.getTime() - updatedAt.getTime() > SECOND_MS
    ? { held_since: updatedAt.toISOString() }
    : {}
}

function alertOf(next: KillSwitch, affected: string[], at: Date, actor: Actor): NewAlert {
  const isRelease = next.level === 'ACTIVE'
  return {
    alertId: randomUUID(),
    severity: 'CRITICAL',
    code: isRelease ? 'KILL_SWITCH_RELEASED' : 'KILL_SWITCH_ACTIVATED',
    message: `Kill switch ${isRelease ? 'released' : 'activated'} ${inWords(next.scope)} by ${actor.label}: ${next.reason}`,
    context: { scope: next.scope, level: next.level, reason: next.reason, affected_strategies: affected },
    strategyId: strategyOf(next.scope),
    dedupeKey: null,
    acknowledged: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
    createdAt: at,
  }
}
