import * as z from 'zod'
import { day, equityPoint, id, instant, money, percent, ratio, tradingMode } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { v1MetricsSummaryData, v1Period } from '../v1/metrics.ts'

/** A period or days, and the mode. */
const windowInput = z
  .object({
    period: v1Period.optional().describe('Instead of days; 1m unless either is given'),
    from_day: day.optional(),
    to_day: day.optional(),
    mode: tradingMode.optional().describe('Without it PAPER and LIVE together'),
  })
  .superRefine(({ period, from_day: from, to_day: to }, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (period !== undefined && (from !== undefined || to !== undefined))
      refuse('period', 'Not allowed beside days')
    if (from !== undefined && to !== undefined && from > to)
      refuse('from_day', 'from_day must not be after to_day')
  })

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
  .object({
    data: z.array(deckStrategyCurve),
    meta: z.object({ period: v1Period.nullable().describe('null: of chosen days'), updated_at: instant }),
  })
  .meta({ id: 'DeckStrategyCurvesResponse' })

const strategyCurves = endpoint(
  {
    method: 'GET',
    path: '/v1/metrics/strategies',
    summary: 'The equity curve of every trading strategy',
    description:
      'The same windows and steps as the account has by `/v1/metrics/window`; each strategy begins with its allocation.',
    tags: ['Metrics'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'list_strategy_curves',
  },
  windowInput,
  deckStrategyCurvesResponse,
)

/** The equity of a moment, and what it is made of. */
export const deckEquityPart = z
  .object({
    date: z.string().describe('A day, or an instant in curves of hours'),
    equity: money,
    realized_pnl: money.describe('USD, since the beginning'),
    unrealized_pnl: money,
  })
  .meta({ id: 'DeckEquityPart' })

/** Figures of a window without its curve. */
export const deckWindowFigures = v1MetricsSummaryData.omit({ equity_curve: true }).meta({
  id: 'DeckWindowFigures',
  description: 'As the summary has them; positions and capital are of now, whenever the window ends',
})

/** The window of the same length that ended where this one begins. */
export const deckEarlierFigures = v1MetricsSummaryData
  .pick({
    total_pnl: true,
    total_pnl_percent: true,
    sharpe_ratio: true,
    max_drawdown: true,
    win_rate: true,
    total_trades: true,
    undefined_metrics: true,
  })
  .extend({ open_positions: z.int().min(0).describe('Open where it ended') })
  .meta({ id: 'DeckEarlierFigures' })

/** How figures came about: their value over the window up to this moment; null where it has none yet. */
export const deckRunningFigures = z
  .object({
    at: instant,
    sharpe_ratio: ratio.nullable(),
    win_rate: ratio.nullable(),
    total_trades: z.int().min(0),
    open_positions: z.int().min(0).describe('Open at this moment'),
  })
  .meta({ id: 'DeckRunningFigures' })

/** The overview of a window. */
export const deckMetricsWindowResponse = z
  .object({
    data: z.object({
      figures: deckWindowFigures,
      equity: z.array(deckEquityPart).describe('The curve of the summary'),
      running: z.array(deckRunningFigures).describe('At most 40 moments, the last one at the end'),
      earlier: deckEarlierFigures
        .nullable()
        .describe('null where there is no whole window of that length before'),
    }),
    meta: z.object({
      period: v1Period.nullable().describe('null: of chosen days'),
      from: instant,
      to: instant,
      updated_at: instant,
    }),
  })
  .meta({ id: 'DeckMetricsWindowResponse' })

const window = endpoint(
  {
    method: 'GET',
    path: '/v1/metrics/window',
    summary: 'The figures of a period or of chosen days, how they came about, and those of the window before',
    description:
      'A period has the figures of `/v1/metrics/summary`. `from_day` and `to_day` are whole UTC days, both included; one without the other begins with ' +
      'the first fact or ends now.',
    tags: ['Metrics'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'get_metrics_window',
  },
  windowInput,
  deckMetricsWindowResponse,
)

/** The account's figures by strategy and by window. */
export const deckMetrics = { strategyCurves, window }
