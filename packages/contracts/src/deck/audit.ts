import * as z from 'zod'
import { dateRange, id, instant, jsonValue, lineInput, pageMeta, pagination } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** One privileged or money-moving action. */
export const deckAuditEntry = z
  .object({
    audit_id: id,
    sequence: z.int().nullable().describe('Place in the sealed chain; null until it is sealed'),
    at: instant,
    actor_id: z.string().nullable(),
    actor: z.string().describe('Email, key name or system'),
    role: z.string().nullable(),
    action: z.string().describe('e.g. kill_switch.activate'),
    entity: z.string(),
    entity_id: z.string().nullable(),
    before: jsonValue,
    after: jsonValue,
    reason: z.string().nullable(),
    request_id: z.string().nullable(),
    ip: z.string().nullable(),
    hash: z.string().nullable().describe('null until it is sealed'),
  })
  .meta({ id: 'DeckAuditEntry' })

/** A page of the audit log. */
export const deckAuditListResponse = z
  .object({ data: z.array(deckAuditEntry), meta: pageMeta })
  .meta({ id: 'DeckAuditListResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/audit',
    summary: 'List the audit log, recent first',
    tags: ['Audit'],
    access: { role: 'admin', scope: 'admin' },
    rateLimit: 'added-read',
    operationId: 'list_audit_entries',
  },
  z.object({
    actor: lineInput(254).optional(),
    action: lineInput(128).optional(),
    entity: lineInput(128).optional(),
    entity_id: lineInput(128).optional(),
    ...dateRange,
    ...pagination,
  }),
  deckAuditListResponse,
)

/** The audit log. */
export const deckAudit = { list }
