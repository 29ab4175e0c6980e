import * as rows from '@quantdeck/db'
import { type AlertRecord, transaction } from '@quantdeck/db'
import { type AlertSeverity, notFound } from '@quantdeck/domain'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { tellReceivers } from './dispatch.ts'

export interface AlertQuery {
  severity?: AlertSeverity
  acknowledged?: boolean
  strategyId?: string
  from?: Date
  to?: Date
  page: number
  perPage: number
}

export interface AlertPage {
  alerts: AlertRecord[]
  totalCount: number
  unacknowledgedCount: number
}

/** Alerts of the strategies in sight and of the house, recent first. */
export async function listAlerts(deps: Deps, actor: Actor, query: AlertQuery): Promise<AlertPage> {
  requireRole(actor, 'viewer')
  const { page, perPage, ...filter } = query
  const visible = await visibleStrategyIds(deps, actor)
  return rows.listAlerts(
    deps.db.kysely,
    { ...filter, visible },
    deps.pages.page(actor, 'alerts', filter, { page, perPage }),
  )
}

/**
 * The first acknowledgement counts; a second one answers with it.
 * @throws AppError NOT_FOUND, for another's alert as for an unknown one
 */
export async function acknowledgeAlert(deps: Deps, actor: Actor, alertId: string): Promise<AlertRecord> {
  requireRole(actor, 'trader')
  const visible = await visibleStrategyIds(deps, actor)
  const alert = await rows.findAlert(deps.db.kysely, alertId, visible)
  if (alert === null) throw notFound('Alert')
  if (alert.acknowledged) return alert
  const now = deps.clock.now()
  const acknowledged = await transaction(deps.db, async (trx) => {
    const acknowledgement = { acknowledgedAt: now, acknowledgedBy: actor.label }
    const changed = await rows.acknowledgeAlert(trx, alertId, acknowledgement)
    if (changed === null) return null
    await rows.appendAudit(trx, [
      {
        ...auditFacts(actor, now),
        action: 'alert.acknowledge',
        entity: 'alert',
        entityId: alertId,
        before: { acknowledged: false },
        after: { acknowledged: true },
        reason: null,
      },
    ])
    // One that was not told yet is told with its acknowledgement.
    if (changed.dispatchedAt !== null) {
      await tellReceivers(trx, [{ type: 'alert.acknowledged', alert: changed, occurrence: 0, at: now }])
    }
    await rows.appendOutbox(trx, [
      {
        topic: 'alerts',
        key: changed.strategyId,
        payload: { alert_id: alertId, acknowledged: true },
        createdAt: now,
        push: true,
      },
    ])
    return changed
  })
  deps.webhooks.worker.wake()
  // Somebody else was faster: theirs is the answer.
  return acknowledged ?? (await rows.findAlert(deps.db.kysely, alertId, visible)) ?? alert
}
