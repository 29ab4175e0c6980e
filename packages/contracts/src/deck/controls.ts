import * as z from 'zod'
import {
  id,
  idInput,
  instant,
  lineInput,
  mode,
  money,
  orderStatus,
  pageMeta,
  pagination,
  percent,
  quantity,
  reasonInput,
  strategyIdInput,
  symbolInput,
  tradingMode,
  tradingState,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { approvalStatus } from './approvals.ts'

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

/** State of the kill switch. */
export const deckKillSwitch = { status, releasePreview, releases, flatten, flattenProgress }
