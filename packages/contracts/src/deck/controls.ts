import * as z from 'zod'
import {
  alertSeverity,
  APPROVAL_STATUSES,
  day,
  id,
  idInput,
  instant,
  lineInput,
  mode,
  modelHealthStatus,
  money,
  orderStatus,
  pageMeta,
  pagination,
  percent,
  quantity,
  ratio,
  reasonInput,
  strategyIdInput,
  symbolInput,
  tradingMode,
  tradingState,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { deckRiskLimits } from './limits.ts'

const approvalStatus = z.enum(APPROVAL_STATUSES).meta({ id: 'ApprovalStatus' })

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

/** A release of the kill switch that lets a LIVE strategy trade again, and what became of it. */
export const deckReleaseRequest = z
  .object({
    approval_id: id,
    scope: z.string().describe('global, strategy:<id> or symbol:<symbol>'),
    reason: z.string(),
    status: approvalStatus.describe('USED: another admin approved, and the scope was released'),
    live_strategies: z.array(id).describe('LIVE strategies that the release lets trade again'),
    requested_by: z.string(),
    requested_at: instant,
    approved_by: z.string().nullable(),
    approved_at: instant.nullable(),
    revoked_by: z.string().nullable(),
    revoked_at: instant.nullable(),
    expires_at: instant,
  })
  .meta({ id: 'DeckReleaseRequest' })

/** A page of releases that needed another admin. */
export const deckReleaseListResponse = z
  .object({ data: z.array(deckReleaseRequest), meta: pageMeta })
  .meta({ id: 'DeckReleaseListResponse' })

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

/** A position that a flatten closes, and how far it is. */
export const deckFlattenedPosition = z
  .object({
    mode: tradingMode,
    strategy_id: id,
    symbol: z.string(),
    quantity: quantity.describe('Held when it was asked for, negative for a short'),
    remaining: quantity.describe('Units still held'),
    status: z.enum(['CLOSED', 'WORKING', 'FAILED']),
    order_id: id.nullable().describe('Null: no order could be made, `reason` says why'),
    order_status: orderStatus.nullable(),
    filled_quantity: quantity,
    reason: z.string().nullable().describe('What it waits for, or why it failed'),
  })
  .meta({ id: 'DeckFlattenedPosition' })

/** A flatten and its progress, from its orders and what is left of its positions. */
export const deckFlattenResponse = z
  .object({
    data: z.object({
      flatten_id: id,
      scope: z.string().describe('global, strategy:<id> or symbol:<symbol>'),
      status: z
        .enum(['RUNNING', 'COMPLETED', 'INCOMPLETE'])
        .describe('INCOMPLETE: nothing works any more, and something is still held'),
      reason: z.string(),
      started_by: z.string(),
      started_at: instant,
      total: z.int().min(0),
      closed: z.int().min(0),
      working: z.int().min(0),
      failed: z.int().min(0),
      positions: z.array(deckFlattenedPosition),
    }),
  })
  .meta({ id: 'DeckFlattenResponse' })

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
  z.object({
    strategy_id: strategyIdInput.optional().describe('Without it and `symbol`: the global switch'),
    symbol: symbolInput.optional(),
  }),
  deckReleasePreviewResponse,
)

const releases = endpoint(
  {
    method: 'GET',
    path: '/v1/controls/kill-switch/releases',
    summary: 'List releases that needed another admin, recent first',
    description: 'Approved and revoked like any other approval, by `approval_id`.',
    tags: ['Controls'],
    access: { role: 'admin' },
    rateLimit: 'controls',
    operationId: 'list_releases',
  },
  z.object({ status: approvalStatus.optional(), ...pagination }),
  deckReleaseListResponse,
)

const flatten = endpoint(
  {
    method: 'POST',
    path: '/v1/controls/kill-switch/flatten',
    summary: 'Close every open position of a halted scope',
    description:
      'One reduce-only market order for each position, the only orders that pass HALTED; where the market is closed they wait for the open. 409 unless the scope is HALTED. By a person, and repeating it closes nothing twice.',
    tags: ['Controls'],
    access: { role: 'risk' },
    rateLimit: 'controls',
    status: 202,
    errors: [404, 409],
    idempotent: true,
    operationId: 'flatten_positions',
  },
  z.strictObject({
    strategy_id: strategyIdInput.optional().describe('Without it and `symbol`: everything'),
    symbol: symbolInput
      .optional()
      .describe('All positions in it, whoever holds them; not with `strategy_id`'),
    confirm: lineInput(64).describe('The strategy id, the symbol or `global`, typed by hand'),
    reason: reasonInput,
  }),
  deckFlattenResponse,
)

const flattenProgress = endpoint(
  {
    method: 'GET',
    path: '/v1/controls/kill-switch/flatten/{flatten_id}',
    summary: 'How far a flatten is',
    tags: ['Controls'],
    access: { role: 'risk' },
    rateLimit: 'controls',
    errors: [404],
    operationId: 'get_flatten',
  },
  z.object({ flatten_id: idInput }),
  deckFlattenResponse,
)

/** Four eyes on mode transitions. */
export const deckApprovals = { request, approve, revoke, list }
/** State of the kill switch. */
export const deckKillSwitch = { status, releasePreview, releases, flatten, flattenProgress }
