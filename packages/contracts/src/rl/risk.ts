import * as z from 'zod'
import { instant, strategyIdInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { rlReadAccess } from './access.ts'

/** The limits the risk layer enforces. */
export const rlRiskLimits = z
  .object({
    max_drawdown_pct: z.number().describe('Percent: the kill switch'),
    max_daily_loss_pct: z.number().describe('Percent: the daily stop'),
    max_trades_per_day: z.int(),
  })
  .meta({ id: 'RlRiskLimits' })

/** State of the risk layer; drawdown is positive here and only here. */
export const rlRiskStatusResponse = z
  .object({
    kill_switch_active: z.boolean(),
    current_drawdown_pct: z.number().describe('Percent, zero or positive'),
    daily_pnl_pct: z.number().describe('Percent'),
    trades_today: z.int().min(0).describe('Entry orders with a fill today'),
    consecutive_losses: z.int().min(0),
    cooldown_active: z.boolean(),
    cooldown_until: instant.nullable().optional().describe('null when there is none'),
    limits: rlRiskLimits,
    trades_remaining: z.int().min(0),
    daily_blocked: z.boolean().describe('Entries are blocked for the rest of the day'),
    cooldown_remaining_minutes: z.number().min(0).describe('Minutes'),
    is_paper_trading: z.boolean(),
    last_updated: instant,
  })
  .meta({
    id: 'RlRiskStatusResponse',
    'x-added-fields': [
      'trades_remaining',
      'daily_blocked',
      'cooldown_remaining_minutes',
      'is_paper_trading',
      'last_updated',
    ],
  })

const status = endpoint(
  {
    method: 'GET',
    path: '/api/risk/status',
    summary: 'State of the risk layer',
    description:
      'Of the account that is worse, LIVE first when it trades; with `strategy_code` of one strategy.',
    tags: ['Risk'],
    access: rlReadAccess,
    rateLimit: 'document-read',
    errors: [404],
    operationId: 'get_risk_status',
  },
  z.object({ strategy_code: strategyIdInput.optional() }),
  rlRiskStatusResponse,
)

/** Operations under /api/risk. */
export const rlRisk = { status }
