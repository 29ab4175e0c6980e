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

const filters = {
  actor: lineInput(254).optional(),
  action: lineInput(128).optional(),
  entity: lineInput(128).optional(),
  entity_id: lineInput(128).optional(),
}

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
  z.object({ ...filters, ...dateRange, ...pagination }),
  deckAuditListResponse,
)

/** Up to where the chain goes. Kept elsewhere, it proves later that nothing before it was changed. */
export const deckAuditHeadResponse = z
  .object({
    data: z.object({
      sequence: z.int().min(0).describe('Place of the last sealed entry; 0: none yet'),
      hash: z.string().describe('Its hash: 64 hexadecimal digits'),
      head: z.string().describe('`HASH:SEQUENCE`, as `quantdeck audit verify --head` takes it'),
      unsealed_count: z.int().min(0).describe('Entries that the chain does not hold yet'),
      at: instant,
    }),
  })
  .meta({ id: 'DeckAuditHeadResponse' })

const head = endpoint(
  {
    method: 'GET',
    path: '/v1/audit/head',
    summary: "Get the head of the audit log's chain",
    tags: ['Audit'],
    access: { role: 'admin', scope: 'admin' },
    rateLimit: 'added-read',
    operationId: 'get_audit_head',
  },
  z.object({}),
  deckAuditHeadResponse,
)

/** Whether the chain holds, as the server itself finds. */
export const deckAuditVerificationResponse = z
  .object({
    data: z.object({
      ok: z.boolean(),
      sealed_count: z.int().min(0),
      unsealed_count: z.int().min(0),
      problem: z
        .enum(['missing', 'unlinked', 'altered', 'truncated'])
        .nullable()
        .describe('What is wrong at `problem_sequence`'),
      problem_sequence: z.int().nullable(),
      head: z.string().describe('`HASH:SEQUENCE` of the last entry that holds'),
      at: instant,
    }),
  })
  .meta({ id: 'DeckAuditVerificationResponse' })

const verification = endpoint(
  {
    method: 'GET',
    path: '/v1/audit/verification',
    summary: 'Recompute the chain of the audit log',
    description:
      'Convenient, and no proof against whoever controls this server: for that export the log and check it elsewhere with `quantdeck audit verify`, against a head that was kept before.',
    tags: ['Audit'],
    access: { role: 'admin', scope: 'admin' },
    rateLimit: 'added-read',
    operationId: 'verify_audit_log',
  },
  z.object({}),
  deckAuditVerificationResponse,
)

const exportLines = endpoint(
  {
    method: 'GET',
    path: '/v1/audit/export',
    summary: 'Export the audit log as JSON Lines',
    description:
      'One entry a line in the order of the chain, then those that are not sealed yet (`hash` null). A line is ' +
      '`{"entry":E,"hash":H,"prev_hash":P}` byte for byte, where H is the hexadecimal SHA-256 of P followed by the text of E. ' +
      'With filters the lines are no whole chain any more.',
    tags: ['Audit'],
    access: { role: 'admin', scope: 'admin' },
    rateLimit: 'added-read',
    // JSON Lines has no registered type, and generators of clients leave out what they do not know.
    contentType: 'text/plain',
    operationId: 'export_audit_log',
  },
  z.object({ ...filters, ...dateRange }),
  z.string(),
)

/** The audit log. */
export const deckAudit = { list, head, verification, export: exportLines }
