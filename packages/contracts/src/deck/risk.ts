import * as z from 'zod'
import { alertSeverity, dateRange, id, instant, strategyIdInput, tradingMode } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { rlRiskStatusResponse } from '../rl/risk.ts'

/** What a limit or a person did to trading. */
export const deckRiskEvent = z
  .object({
    event_id: id,
    at: instant,
    code: z.string().describe('KILL_SWITCH_ACTIVATED, KILL_SWITCH_DRAWDOWN, MODE_TRANSITION, ...'),
    severity: alertSeverity,
    strategy_id: id.nullable().describe('null: of an account or of all trading'),
    message: z.string(),
  })
  .meta({ id: 'DeckRiskEvent' })

/** The stops, warnings and moves of a window. */
export const deckRiskEventsResponse = z
  .object({
    data: z.array(deckRiskEvent).describe('Recent first, at most 200'),
    meta: z.object({ total_count: z.int().min(0).describe('In the whole window') }),
  })
  .meta({ id: 'DeckRiskEventsResponse' })

const events = endpoint(
  {
    method: 'GET',
    path: '/v1/risk/events',
    summary: 'When limits tripped, trading was stopped or released, and strategies moved to another mode',
    tags: ['Risk'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'list_risk_events',
  },
  z.object({ ...dateRange, strategy_id: strategyIdInput.optional() }),
  deckRiskEventsResponse,
)

/** What a control would do at a trade that has not happened. */
export const RISK_CONSEQUENCES = [
  'drawdown_warning',
  'drawdown_tripped',
  'daily_loss_blocked',
  'trades_warning',
  'trades_blocked',
  'cooldown_started',
  'cooldown_extended',
] as const

/** The state of the risk layer now, and after one more trade. */
export const deckRiskWhatIfResponse = z
  .object({
    data: z.object({
      mode: tradingMode,
      before: rlRiskStatusResponse,
      after: rlRiskStatusResponse,
      consequences: z.array(z.enum(RISK_CONSEQUENCES)).describe('What the controls would do at it'),
    }),
  })
  .meta({ id: 'DeckRiskWhatIfResponse' })

const whatIf = endpoint(
  {
    method: 'GET',
    path: '/v1/risk/what-if',
    summary: 'What one more trade would do to the limits',
    description:
      'The rules of the desk on a copy of its state: an entry is filled, the trade closes with the result, and equity is marked. Nothing is kept. The account ' +
      'or the strategy is chosen as by `/api/risk/status`.',
    tags: ['Risk'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'preview_risk',
  },
  z.object({
    strategy_id: strategyIdInput.optional(),
    result_pct: z.number().min(-100).max(100).default(-2).describe('Net result in percent of the equity'),
  }),
  deckRiskWhatIfResponse,
)

/** The risk layer: what it did and what it would do. */
export const deckRisk = { events, whatIf }
