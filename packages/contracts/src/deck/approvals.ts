import * as z from 'zod'
import {
  alertSeverity,
  APPROVAL_STATUSES,
  day,
  id,
  idInput,
  instant,
  mode,
  modelHealthStatus,
  pageMeta,
  pagination,
  percent,
  ratio,
  reasonInput,
  strategyIdInput,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { deckRiskLimits } from './limits.ts'

/** How far a request for a second admin is. */
export const approvalStatus = z.enum(APPROVAL_STATUSES).meta({ id: 'ApprovalStatus' })

const evidenceFigures = {
  total_return: percent.nullable(),
  sharpe_ratio: ratio.nullable(),
  max_drawdown: percent.nullable().describe('Negative'),
}

/** What stood about a strategy when its transition was asked for. Null figures are undefined. */
export const deckApprovalEvidence = z
  .object({
    at: instant,
    backtest: z
      .object({
        run_id: id,
        start_date: day,
        end_date: day.nullable(),
        completed_at: instant.nullable(),
        ...evidenceFigures,
        total_trades: z.int().nullable(),
      })
      .nullable()
      .describe('The last one that completed; null: none did'),
    record: z
      .object({
        from: instant,
        to: instant,
        ...evidenceFigures,
        win_rate: ratio.nullable().describe('A fraction'),
        total_trades: z.int(),
      })
      .describe('On the account of its mode, since its first trade'),
    limits: deckRiskLimits.partial().describe('In force then'),
    model: z
      .object({ status: modelHealthStatus, details: z.array(z.string()) })
      .nullable()
      .describe('Null: its signals are computed here, there is no model'),
    alerts: z
      .object({
        open_count: z.int(),
        critical_count: z.int(),
        latest: z.array(
          z.object({
            alert_id: id,
            severity: alertSeverity,
            code: z.string(),
            message: z.string(),
            created_at: instant,
          }),
        ),
      })
      .describe("Not acknowledged then: the strategy's own and those of the house"),
  })
  .meta({ id: 'DeckApprovalEvidence' })

/** A request to move a strategy between modes, and what became of it. */
export const deckApproval = z
  .object({
    approval_id: id,
    strategy_id: id,
    from_mode: mode,
    to_mode: mode,
    reason: z.string(),
    status: approvalStatus,
    requested_by: z.string(),
    requested_at: instant,
    approved_by: z.string().nullable(),
    approved_at: instant.nullable(),
    used_at: instant.nullable(),
    revoked_by: z.string().nullable().describe('Null of a REVOKED one: too many wrong codes'),
    revoked_at: instant.nullable(),
    wrong_tries: z.int().min(0),
    expires_at: instant,
    evidence: deckApprovalEvidence.nullable(),
  })
  .meta({ id: 'DeckApproval' })

/** A new request. */
export const deckApprovalRequestResponse = z
  .object({ data: z.object({ approval_id: id, status: approvalStatus, expires_at: instant }) })
  .meta({ id: 'DeckApprovalRequestResponse' })

/** The single-use code, shown this once. */
export const deckApprovalApproveResponse = z
  .object({
    data: z.object({
      approval_id: id,
      approval_code: z
        .string()
        .nullable()
        .describe('Shown this once; single use. Null of a release: it is done'),
      expires_at: instant,
      status: approvalStatus.describe('USED: what was approved is done; APPROVED: the code does it'),
    }),
  })
  .meta({ id: 'DeckApprovalApproveResponse' })

/** A request or code that was taken back. */
export const deckApprovalRevokeResponse = z
  .object({
    message: z.string(),
    data: z.object({ approval_id: id, status: approvalStatus, revoked_at: instant }),
  })
  .meta({ id: 'DeckApprovalRevokeResponse' })

/** A page of approvals. */
export const deckApprovalListResponse = z
  .object({ data: z.array(deckApproval), meta: pageMeta })
  .meta({ id: 'DeckApprovalListResponse' })

const request = endpoint(
  {
    method: 'POST',
    path: '/v1/controls/approvals',
    summary: 'Ask for the approval of a mode transition',
    tags: ['Controls'],
    access: { role: 'admin' },
    rateLimit: 'controls',
    status: 201,
    errors: [404, 409],
    idempotent: true,
    operationId: 'request_approval',
  },
  z.strictObject({ strategy_id: strategyIdInput, from_mode: mode, to_mode: mode, reason: reasonInput }),
  deckApprovalRequestResponse,
)

const approve = endpoint(
  {
    method: 'POST',
    path: '/v1/controls/approvals/{approval_id}/approve',
    summary: 'Approve a mode transition, or a release of the kill switch',
    description:
      'By another admin than the one who asked. The code is answered once, works once, for 10 minutes; a release is done at once and has no code. 409 when what was asked for has changed. Needs no body.',
    tags: ['Controls'],
    access: { role: 'admin' },
    rateLimit: 'controls',
    errors: [404, 409],
    operationId: 'approve_transition',
  },
  z.strictObject({ approval_id: idInput }),
  deckApprovalApproveResponse,
)

const revoke = endpoint(
  {
    method: 'POST',
    path: '/v1/controls/approvals/{approval_id}/revoke',
    summary: 'Take an approval back before it is used',
    description: 'By the admin who asked or by any other. The request or its code is dead afterwards.',
    tags: ['Controls'],
    access: { role: 'admin' },
    rateLimit: 'controls',
    errors: [404, 409],
    idempotent: true,
    operationId: 'revoke_approval',
  },
  z.strictObject({ approval_id: idInput, reason: reasonInput }),
  deckApprovalRevokeResponse,
)

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/controls/approvals',
    summary: 'List approvals of mode transitions, recent first',
    tags: ['Controls'],
    access: { role: 'admin' },
    rateLimit: 'controls',
    operationId: 'list_approvals',
  },
  z.object({ status: approvalStatus.optional(), ...pagination }),
  deckApprovalListResponse,
)

/** Four eyes on mode transitions. */
export const deckApprovals = { request, approve, revoke, list }
