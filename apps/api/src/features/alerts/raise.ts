import { appendOutbox, insertAlerts, type NewAlert, type Trx } from '@quantdeck/db'
import { randomUUID } from 'node:crypto'

import { alertMessage } from '../../desk/messages.ts'

export type RaisedAlert = Pick<
  NewAlert,
  'severity' | 'code' | 'message' | 'context' | 'strategyId' | 'dedupeKey'
>

/** Raises alerts in the transaction of what they are about; streams and webhooks hear of them once it is committed. */
export async function raiseAlerts(trx: Trx, alerts: readonly RaisedAlert[], at: Date): Promise<number> {
  const rows = alerts.map((alert) => ({
    ...alert,
    alertId: randomUUID(),
    acknowledged: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
    createdAt: at,
  }))
  const written = await insertAlerts(trx, rows)
  const messages = written.map((alert) => ({ ...alertMessage(alert), createdAt: at, push: true }))
  if (messages.length > 0) await appendOutbox(trx, messages)
  return written.length
}
