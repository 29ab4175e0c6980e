import * as z from 'zod'
import { instant, RL_PERIODS, undefinedMetrics } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { rlReadAccess } from './access.ts'

/** A window of the rl family. */
export const rlPeriod = z
  .enum(RL_PERIODS)
  .meta({ id: 'RlPeriod', description: 'Whole UTC days, or from the first fact' })

/** Performance of one strategy in the window. */
export const rlStrategyPerformance = z
  .object({
    strategy_code: z.string(),
    strategy_name: z.string(),
    sharpe_ratio: z.number(),
    sortino_ratio: z.number(),
    calmar_ratio: z.number(),
    total_return_pct: z.number().describe('Percent'),
    max_drawdown_pct: z.number().describe('Percent, zero or negative'),
    current_drawdown_pct: z.number().describe('Percent, zero or negative'),
    win_rate: z.number().min(0).max(1).describe('Fraction'),
    profit_factor: z.number(),
    total_trades: z.int().min(0),
    winning_trades: z.int().min(0),
    losing_trades: z.int().min(0),
    avg_win_pct: z.number().describe('Percent'),
    avg_loss_pct: z.number().describe('Percent, zero or negative'),
    current_equity: z.number().describe('USD'),
    initial_equity: z.number().describe('USD, at the start of the window'),
    undefined_metrics: undefinedMetrics,
  })
  .meta({ id: 'RlStrategyPerformance', 'x-added-fields': ['undefined_metrics'] })

/** Performance of every active strategy. */
export const rlPerformanceResponse = z
  .object({
    period: rlPeriod,
    start_date: instant,
    end_date: instant,
    strategies: z.array(rlStrategyPerformance),
  })
  .meta({ id: 'RlPerformanceResponse' })

const get = endpoint(
  {
    method: 'GET',
    path: '/api/performance',
    summary: 'Performance of every active strategy',
    tags: ['Performance'],
    access: rlReadAccess,
    rateLimit: 'document-read',
    operationId: 'get_performance',
  },
  z.object({ period: rlPeriod.default('7d') }),
  rlPerformanceResponse,
)

/** Operations under /api/performance. */
export const rlPerformance = { get }
