import * as z from 'zod'
import {
  APPROVAL_STATUSES,
  id,
  idInput,
  instant,
  mode,
  money,
  pageMeta,
  pagination,
  percent,
  reasonInput,
  strategyIdInput,
  tradingState,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

const approvalStatus = z.enum(APPROVAL_STATUSES).meta({ id: 'ApprovalStatus' })

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
    expires_at: instant,
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
      approval_code: z.string().describe('Shown this once; single use'),
      expires_at: instant,
    }),
  })
  .meta({ id: 'DeckApprovalApproveResponse' })

/** A page of approvals. */
export const deckApprovalListResponse = z
  .object({ data: z.array(deckApproval), meta: pageMeta })
  .meta({ id: 'DeckApprovalListResponse' })

/** A scope that is stopped or was. */
export const deckTradingScope = z
  .object({
    scope: z.string().describe('global, strategy:<id> or symbol:<symbol>'),
    level: tradingState,
    cause: z.string().nullable().describe('manual, drawdown, reconciliation ...'),
    reason: z.string().nullable(),
    activated_at: instant.nullable(),
    activated_by: z.string().nullable(),
    deactivated_at: instant.nullable(),
    deactivated_by: z.string().nullable(),
  })
  .meta({ id: 'DeckTradingScope' })

/** What is stopped now. */
export const deckKillSwitchStatusResponse = z
  .object({
    data: z.object({
      kill_switch_active: z.boolean().describe('Any scope is not ACTIVE'),
      level: tradingState.describe('Of the global scope'),
      scopes: z.array(deckTradingScope).describe('Every scope that is not ACTIVE now'),
    }),
    meta: z.object({ timestamp: instant }),
  })
  .meta({ id: 'DeckKillSwitchStatusResponse' })

/** Why a strategy would still not take entries after the release. */
export const deckRemainingBlock = z
  .object({
    code: z.string().describe('TRADING_HALTED, DAILY_LOSS_LIMIT, MAX_TRADES_PER_DAY, COOLDOWN_ACTIVE ...'),
    scope: z.string().describe('Whose block it is'),
    message: z.string(),
    until: instant.nullable().describe('When it ends by itself; null: a person ends it'),
  })
  .meta({ id: 'DeckRemainingBlock' })

/** What the release of a scope would do. */
export const deckReleasePreviewResponse = z
  .object({
    data: z.object({
      scope: z.string(),
      level: tradingState.describe('Of the scope now'),
      strategies: z
        .array(
          z.object({
            strategy_id: id,
            name: z.string(),
            mode,
            is_active: z.boolean(),
            before: tradingState.describe('Effective now'),
            after: tradingState.describe('Effective after the release'),
            would_trade: z.boolean().describe('It would take entries again with its next signal'),
            blocks: z.array(deckRemainingBlock),
          }),
        )
        .describe('Strategies for which the release makes a difference'),
      rebased_peaks: z
        .array(
          z.object({
            scope: z.string(),
            peak_equity: money,
            equity: money.describe('The new peak'),
            drawdown: percent.describe('From the old peak, negative'),
          }),
        )
        .describe('Latched drawdowns whose peak becomes the equity of now'),
    }),
    meta: z.object({ timestamp: instant }),
  })
  .meta({ id: 'DeckReleasePreviewResponse' })

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
    summary: 'Approve a mode transition',
    description:
      'By another admin than the one who asked. The code is answered once, works once, for 10 minutes. Needs no body.',
    tags: ['Controls'],
    access: { role: 'admin' },
    rateLimit: 'controls',
    errors: [404, 409],
    operationId: 'approve_transition',
  },
  z.strictObject({ approval_id: idInput }),
  deckApprovalApproveResponse,
)

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/controls/approvals',
    summary: 'List approvals, recent first',
    tags: ['Controls'],
    access: { role: 'admin' },
    rateLimit: 'controls',
    operationId: 'list_approvals',
  },
  z.object({ status: approvalStatus.optional(), ...pagination }),
  deckApprovalListResponse,
)

const status = endpoint(
  {
    method: 'GET',
    path: '/v1/controls/kill-switch',
    summary: 'State of the kill switch',
    description: 'Seen by everybody who may log in.',
    tags: ['Controls'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'controls',
    operationId: 'get_kill_switch',
  },
  z.object({}),
  deckKillSwitchStatusResponse,
)

const releasePreview = endpoint(
  {
    method: 'GET',
    path: '/v1/controls/kill-switch/release-preview',
    summary: 'What a release would set going again',
    description: 'Which strategies would trade, what would still hold them, and which drawdowns start anew.',
    tags: ['Controls'],
    access: { role: 'admin', scope: 'admin' },
    rateLimit: 'controls',
    errors: [404],
    operationId: 'preview_release',
  },
  z.object({ strategy_id: strategyIdInput.optional().describe('Without it: the global switch') }),
  deckReleasePreviewResponse,
)

/** Four eyes on mode transitions. */
export const deckApprovals = { request, approve, list }
/** State of the kill switch. */
export const deckKillSwitch = { status, releasePreview }
