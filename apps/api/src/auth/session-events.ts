import { appendAudit, appendOutbox, insertAlerts, type Trx, type User } from '@quantdeck/db'
import { formatInstant } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import type { Caller } from './caller.ts'

export interface SessionEvent {
  user: User
  sessionId: string
  caller: Caller
  at: Date
}

type SessionAction = 'session.login' | 'session.logout' | 'session.reuse_detected'

/** In the transaction of the change itself. */
export async function auditSession(trx: Trx, action: SessionAction, event: SessionEvent): Promise<void> {
  const { user, sessionId, caller, at } = event
  const entry = {
    auditId: randomUUID(),
    at,
    actorId: user.userId,
    actorLabel: user.email,
    role: user.role,
    action,
    entity: 'session',
    entityId: sessionId,
    before: null,
    after: null,
    reason: null,
    requestId: caller.requestId,
    ip: caller.ip,
  }
  await appendAudit(trx, [entry])
}

/** A refresh token that was used up came back: somebody has a copy. Audit row, CRITICAL alert, event. */
export async function recordTokenReuse(trx: Trx, event: SessionEvent): Promise<void> {
  const { user, sessionId, at } = event
  await auditSession(trx, 'session.reuse_detected', event)
  const alert = {
    alertId: randomUUID(),
    severity: 'CRITICAL' as const,
    code: 'REFRESH_TOKEN_REUSED',
    // Everybody sees alerts of no strategy: who and from where stands in the audit log.
    message: 'A used refresh token was presented again; its session was ended',
    context: { session_id: sessionId, user_id: user.userId },
    strategyId: null,
    acknowledged: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
    createdAt: at,
  }
  await insertAlerts(trx, [{ ...alert, dedupeKey: null }])
  const { alertId, severity, code, message } = alert
  const payload = { alert_id: alertId, severity, code, message, created_at: formatInstant(at) }
  await appendOutbox(trx, [{ topic: 'alerts', key: null, payload, createdAt: at, push: true }])
}
