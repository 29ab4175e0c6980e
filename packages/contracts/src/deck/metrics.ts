import * as z from 'zod'
import { equityPoint, id, instant, percent, tradingMode } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { v1Period } from '../v1/metrics.ts'

/** What one strategy made of its allocation within a window. */
export const deckStrategyCurve = z
  .object({
    strategy_id: id,
    name: z.string(),
    mode: tradingMode,
    return_pct: percent.describe('Last against first equity of the curve; 0 where it begins with none'),
    equity_curve: z.array(equityPoint),
  })
  .meta({ id: 'DeckStrategyCurve' })

/** The curves of all strategies in sight. */
export const deckStrategyCurvesResponse = z
  .object({ data: z.array(deckStrategyCurve), meta: z.object({ period: v1Period, updated_at: instant }) })
  .meta({ id: 'DeckStrategyCurvesResponse' })

const strategyCurves = endpoint(
  {
    method: 'GET',
    path: '/v1/metrics/strategies',
    summary: 'The equity curve of every trading strategy',
    description: 'The same windows and steps as the summary; each strategy begins with its allocation.',
    tags: ['Metrics'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'list_strategy_curves',
  },
  z.object({
    period: v1Period.default('1m'),
    mode: tradingMode.optional().describe('Without it PAPER and LIVE'),
  }),
  deckStrategyCurvesResponse,
)

/** The account's figures by strategy. */
export const deckMetrics = { strategyCurves }
