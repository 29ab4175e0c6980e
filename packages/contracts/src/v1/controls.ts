import * as z from 'zod'
import { id, instant, lineInput, mode, reasonInput, strategyIdInput, symbolInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** The kill switch after an action. */
export const v1KillSwitchResponse = z
  .object({
    message: z.string(),
    status: z
      .literal('approval_required')
      .optional()
      .describe(
        'Nothing was released yet: a LIVE strategy would trade again, so another admin has to approve',
      ),
    approval_id: id.optional().describe('What the other admin approves; only with `status`'),
    data: z
      .object({
        kill_switch_active: z.boolean().describe('Effective state of the named scope'),
        affected_strategies: z.array(id).describe('Strategies whose effective state changed'),
        activated_at: instant.nullable().describe('The first activation; null if it never was active'),
        deactivated_at: instant.nullable(),
      })
      .meta({ 'x-added-fields': ['deactivated_at'] }),
  })
  .meta({ id: 'V1KillSwitchResponse', 'x-added-fields': ['status', 'approval_id'] })

/** A strategy in its new mode. */
export const v1ModeTransitionResponse = z
  .object({
    message: z.string(),
    data: z.object({ strategy_id: id, mode, transitioned_at: instant }),
  })
  .meta({ id: 'V1ModeTransitionResponse' })

const killSwitch = endpoint(
  {
    method: 'POST',
    path: '/v1/controls/kill-switch',
    summary: 'Trigger or release the kill switch of a strategy or of everything',
    description:
      'Activating needs the role risk or admin, is idempotent and never refused for its rate. Releasing needs admin and no API key; where a LIVE strategy would trade again it is 202, and done when another admin approves.',
    tags: ['Controls'],
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'controls',
    alternativeStatuses: {
      202: 'Another admin has to approve the release; the same body with `approval_id`',
    },
    errors: [404, 409],
    idempotent: true,
    operationId: 'set_kill_switch',
  },
  z.strictObject({
    action: z.enum(['activate', 'deactivate']),
    strategy_id: strategyIdInput.optional().describe('Without it and `symbol`: everything'),
    symbol: symbolInput
      .optional()
      .describe('All orders of this symbol, whoever gives them; not with `strategy_id`'),
    reason: reasonInput,
    level: z
      .enum(['halt', 'reduce'])
      .optional()
      .describe('halt (default): nothing leaves; reduce: exits may'),
    on_activate: z
      .enum(['none', 'cancel_entries', 'cancel_all', 'flatten'])
      .optional()
      .describe('What happens to working orders; cancel_all unless given'),
  }),
  v1KillSwitchResponse,
  ({ status }) => (status === undefined ? 200 : 202),
)

const modeTransition = endpoint(
  {
    method: 'POST',
    path: '/v1/controls/mode-transition',
    summary: 'Move a strategy between modes',
    description:
      'PAPER to LIVE needs the single-use approval code of another admin: none is 400, a wrong, used or expired one 403, a stale `from_mode` or open positions 409.',
    tags: ['Controls'],
    access: { role: 'admin' },
    rateLimit: 'controls',
    errors: [404, 409],
    idempotent: true,
    operationId: 'transition_mode',
  },
  z.strictObject({
    strategy_id: strategyIdInput,
    from_mode: mode,
    to_mode: mode,
    approval_code: lineInput(64).optional(),
  }),
  v1ModeTransitionResponse,
)

/** Operations under /v1/controls. */
export const v1Controls = { killSwitch, modeTransition }
