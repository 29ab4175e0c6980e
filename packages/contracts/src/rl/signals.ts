import * as z from 'zod'
import { instant, marketStatus, signalType, tradeSide } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { rlReadAccess } from './access.ts'

/** Latest signal of one strategy. */
export const rlStrategySignal = z
  .object({
    strategy_code: z.string(),
    strategy_name: z.string(),
    signal: signalType,
    side: tradeSide,
    confidence: z.number().min(0).max(1),
    size: z.number().min(0).max(1).describe('Fraction of the allocation'),
    entry_price: z.number().optional().describe('Quote currency per unit'),
    stop_loss: z.number().optional().describe('Quote currency per unit'),
    take_profit: z.number().optional().describe('Quote currency per unit'),
    risk_usd: z.number().describe('USD'),
    reasoning: z.string(),
    timestamp: instant.describe('When it was generated'),
    age_seconds: z.int().min(0).describe('Seconds'),
    symbol: z.string(),
  })
  .meta({ id: 'RlStrategySignal', 'x-added-fields': ['symbol'] })

/** Latest signals of all active strategies. */
export const rlLatestSignalsResponse = z
  .object({
    timestamp: instant,
    market_price: z.number().describe('Of PRIMARY_SYMBOL'),
    market_status: marketStatus.describe('Of PRIMARY_SYMBOL'),
    signals: z.array(rlStrategySignal),
  })
  .meta({ id: 'RlLatestSignalsResponse' })

const latest = endpoint(
  {
    method: 'GET',
    path: '/api/signals/latest',
    summary: 'Latest signal of every active strategy',
    tags: ['Signals'],
    access: rlReadAccess,
    rateLimit: 'document-read',
    operationId: 'get_latest_signals',
  },
  z.object({}),
  rlLatestSignalsResponse,
)

/** Operations under /api/signals. */
export const rlSignals = { latest }
