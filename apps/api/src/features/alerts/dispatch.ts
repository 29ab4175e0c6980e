import {
  insertDeliveries,
  listWebhooks,
  lockUndispatchedAlerts,
  markDispatched,
  markResolved,
  transaction,
  type AlertRecord,
  type Database,
  type Trx,
} from '@quantdeck/db'

import { deliveriesOf, type AlertEvent } from './messages.ts'

const BATCH = 200

/**
 * Gives every new alert to the webhooks that want it, in one transaction with the note that this was done: a crash
 * before it repeats all of it, a crash after it nothing, and of several processes each takes other alerts.
 * @returns how many alerts, and whether more may wait
 */
export async function dispatchNewAlerts(
  db: Database,
  now: Date,
): Promise<{ count: number; isMore: boolean }> {
  return transaction(db, async (trx) => {
    const alerts = await lockUndispatchedAlerts(trx, BATCH)
    if (alerts.length === 0) return { count: 0, isMore: false }
    await tellReceivers(
      trx,
      alerts.flatMap((alert) => eventsOf(alert, now)),
    )
    await markDispatched(trx, alertIds(alerts), now)
    const over = alerts.filter(({ acknowledged }) => acknowledged)
    if (over.length > 0) await markResolved(trx, alertIds(over), now)
    return { count: alerts.length, isMore: alerts.length === BATCH }
  })
}

const alertIds = (alerts: readonly AlertRecord[]) => alerts.map(({ alertId }) => alertId)

/** Whoever acknowledged it before it was told had nobody to tell: that follows here. */
function eventsOf(alert: AlertRecord, at: Date): AlertEvent[] {
  const raised: AlertEvent = { type: 'alert.raised', alert, occurrence: 0, at }
  return alert.acknowledged ? [raised, { ...raised, type: 'alert.acknowledged' }] : [raised]
}

/** @param onlyWebhookId of an escalation that goes to one receiver */
export async function tellReceivers(
  trx: Trx,
  events: readonly AlertEvent[],
  onlyWebhookId: string | null = null,
): Promise<number> {
  const webhooks = (await listWebhooks(trx)).filter(
    ({ webhookId }) => onlyWebhookId === null || webhookId === onlyWebhookId,
  )
  if (webhooks.length === 0) return 0
  return insertDeliveries(
    trx,
    events.flatMap((event) => deliveriesOf(event, webhooks)),
  )
}
