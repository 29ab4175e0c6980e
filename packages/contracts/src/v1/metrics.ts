import * as z from 'zod'
import {
  equityPoint,
  instant,
  money,
  percent,
  ratio,
  tradingMode,
  undefinedMetrics,
  V1_PERIODS,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** A window of the v1 family. */
export const v1Period = z
  .enum(V1_PERIODS)
  .meta({ id: 'V1Period', description: '24 hours, 7, 30, 90, 365 days, or from the first fact' })

/** Figures of a window; positions and capital are of now. */
export const v1MetricsSummaryData = z
  .object({
    total_pnl: money.describe('USD: last equity of the window - first'),
    total_pnl_percent: percent.describe('Percent of the equity at the start of the window'),
    sharpe_ratio: ratio.describe('Annualised, simple daily returns'),
    max_drawdown: percent.describe('Percent, zero or negative'),
    win_rate: ratio.describe('Fraction of closed trades, 0-1'),
    total_trades: z.int().min(0).describe('Closed round trips'),
    active_positions: z.int().min(0).describe('Open positions now'),
    capital_deployed: money.describe('USD: cost basis of open positions'),
    available_capital: money.describe('USD: equity - unrealised P&L - deployed'),
    equity_curve: z.array(equityPoint),
    undefined_metrics: undefinedMetrics,
  })
  .meta({ id: 'V1MetricsSummaryData', 'x-added-fields': ['undefined_metrics'] })

/** The summary for the overview. */
export const v1MetricsSummaryResponse = z
  .object({
    data: v1MetricsSummaryData,
    meta: z.object({ period: v1Period, updated_at: instant }),
  })
  .meta({ id: 'V1MetricsSummaryResponse' })

const summary = endpoint(
  {
    method: 'GET',
    path: '/v1/metrics/summary',
    summary: 'Aggregate metrics across all visible strategies',
    tags: ['Metrics'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    operationId: 'get_metrics_summary',
  },
  z.object({
    period: v1Period.default('1m'),
    mode: tradingMode.optional().describe('Without it PAPER and LIVE together'),
  }),
  v1MetricsSummaryResponse,
)

/** Operations under /v1/metrics. */
export const v1Metrics = { summary }
