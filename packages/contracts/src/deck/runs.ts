import * as z from 'zod'
import { day, id, idInput, instant, lineInput, money, percent, runStatus } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** A cancelled run. */
export const deckRunCancelResponse = z
  .object({ message: z.string(), data: z.object({ run_id: id, status: runStatus }) })
  .meta({ id: 'DeckRunCancelResponse' })

const signedLink = {
  run_id: idInput,
  token: lineInput(1024).optional().describe('Of a signed link; instead of a login'),
}

const cancel = endpoint(
  {
    method: 'DELETE',
    path: '/v1/runs/{run_id}',
    summary: 'Cancel a running backtest',
    description: 'It ends as FAILED with the error "Cancelled". A finished run is 409.',
    tags: ['Runs'],
    access: { role: 'trader', scope: 'orders' },
    rateLimit: 'write',
    errors: [404, 409],
    operationId: 'cancel_run',
  },
  z.strictObject({ run_id: idInput }),
  deckRunCancelResponse,
)

const report = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/report',
    summary: 'The report of a run as one self-contained page',
    tags: ['Runs'],
    access: { role: 'viewer', scope: 'read', anonymous: 'signed-link' },
    rateLimit: 'added-read',
    errors: [404],
    contentType: 'text/html',
    operationId: 'get_run_report',
  },
  z.object(signedLink),
  z.string(),
)

const tradesCsv = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/trades.csv',
    summary: 'The trades of a run as CSV (RFC 4180)',
    tags: ['Runs'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    contentType: 'text/csv',
    operationId: 'get_run_trades_csv',
  },
  z.object({ run_id: idInput }),
  z.string(),
)

const equityCsv = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/equity.csv',
    summary: 'The equity curve of a run as CSV (RFC 4180)',
    tags: ['Runs'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    contentType: 'text/csv',
    operationId: 'get_run_equity_csv',
  },
  z.object({ run_id: idInput }),
  z.string(),
)

/** A plain decimal of any precision; null where it is undefined. */
export const figure = z
  .string()
  .regex(/^-?\d+(?:\.\d+)?$/)
  .nullable()
  .meta({ id: 'Figure', description: 'Decimal, at most 6 places; null where it is undefined' })

/** A two-sided 95 % interval of a figure. */
export const figureInterval = z
  .object({ low: figure, high: figure })
  .nullable()
  .meta({ id: 'FigureInterval', description: '95 % interval; null where it is undefined' })

/** Every figure of a backtest. Fields that end in _pct are percent, the others plain. */
export const deckRunFigures = z
  .object({
    total_return_pct: figure,
    cagr_pct: figure,
    annual_return_pct: figure,
    volatility_pct: figure,
    sharpe_ratio: figure,
    sortino_ratio: figure,
    calmar_ratio: figure,
    max_drawdown_pct: figure,
    current_drawdown_pct: figure,
    longest_drawdown_days: figure,
    downside_deviation_pct: figure,
    omega: figure,
    skew: figure,
    kurtosis: figure.describe('Excess'),
    value_at_risk_pct: figure.describe('5 %, a day'),
    conditional_value_at_risk_pct: figure,
    tail_ratio: figure,
    stability: figure.describe('R² of the log equity on a line'),
    best_day_pct: figure,
    worst_day_pct: figure,
    total_trades: z.int().min(0),
    win_rate: figure,
    profit_factor: figure,
    average_win: figure,
    average_loss: figure,
    payoff_ratio: figure,
    expectancy: figure,
    sqn: figure,
    best_trade: figure,
    worst_trade: figure,
    average_trade_duration_hours: figure,
    exposure_pct: figure,
    benchmark_return_pct: figure.describe('Buy and hold'),
    alpha_pct: figure,
    beta: figure,
    information_ratio: figure.describe('Per day'),
    up_capture: figure,
    down_capture: figure,
    probabilistic_sharpe: figure.describe('Probability that the true Sharpe ratio is above zero'),
    deflated_sharpe: figure.describe('The same against the best of the trials it was picked from'),
  })
  .meta({ id: 'DeckRunFigures' })

const periodReturn = z
  .object({ period: z.string().describe('2026-01 or 2026'), return_pct: percent })
  .meta({ id: 'PeriodReturn' })

/** What a result page shows beside the run itself. */
export const deckRunStatistics = z
  .object({
    run_id: id,
    figures: deckRunFigures,
    intervals: z
      .object({
        annual_return_pct: figureInterval,
        sharpe_ratio: figureInterval,
        sortino_ratio: figureInterval,
        max_drawdown_pct: figureInterval,
      })
      .nullable()
      .describe('Stationary bootstrap of daily returns; null for runs of older versions'),
    drawdowns: z.array(
      z.object({
        depth_pct: percent,
        peak_date: day,
        trough_date: day,
        recovery_date: day.nullable(),
        days: z.int().min(0),
      }),
    ),
    monthly_returns: z.array(periodReturn),
    annual_returns: z.array(periodReturn),
    rolling_sharpe: z.array(z.object({ date: day, value: figure })),
    rolling_days: z.int().min(1),
    benchmark_curve: z.array(z.object({ date: day, value: money })),
    refusals: z
      .array(z.object({ code: z.string(), count: z.int().min(1) }))
      .describe('Entries that were decided and not made, by reason'),
    risk_events: z.array(z.object({ at: instant, type: z.string(), message: z.string() })),
  })
  .meta({ id: 'DeckRunStatistics' })

const runInput = z.object({ run_id: idInput })
const read = { role: 'viewer', scope: 'read' } as const

const statistics = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/statistics',
    summary: 'Every figure of a finished backtest, with intervals, drawdowns and returns by period',
    description: '409 while it is running, and for sessions.',
    tags: ['Runs'],
    access: read,
    rateLimit: 'added-read',
    errors: [404, 409],
    operationId: 'get_run_statistics',
  },
  runInput,
  z.object({ data: deckRunStatistics }).meta({ id: 'DeckRunStatisticsResponse' }),
)

/** Exact, as the engine booked it. */
export const deckExportedTrade = z
  .object({
    symbol: z.string(),
    side: z.enum(['BUY', 'SELL']),
    quantity: z.string(),
    opened_at: instant,
    entry_price: z.string(),
    closed_at: instant,
    exit_price: z.string(),
    fees: z.string(),
    pnl: z.string(),
    pnl_pct: z.string(),
  })
  .meta({ id: 'DeckExportedTrade' })

const tradesJson = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/trades.json',
    summary: 'The trades of a run, unrounded',
    tags: ['Runs'],
    access: read,
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'get_run_trades_json',
  },
  runInput,
  z.object({ data: z.array(deckExportedTrade) }).meta({ id: 'DeckRunTradesResponse' }),
)

const equityJson = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/equity.json',
    summary: 'The equity curve of a run, with its benchmark',
    tags: ['Runs'],
    access: read,
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'get_run_equity_json',
  },
  runInput,
  z
    .object({
      data: z.array(
        z.object({
          date: day,
          equity: money,
          benchmark: money.nullable().describe('Buy and hold; null in sessions'),
        }),
      ),
    })
    .meta({ id: 'DeckRunEquityResponse' }),
)

/** Runs side by side; every list has one entry per run, in the order of `ids`. */
export const deckRunComparison = z
  .object({
    runs: z.array(
      z.object({
        run_id: id,
        strategy_id: id,
        start_date: day,
        end_date: day.nullable(),
        initial_capital: money,
        data_hash: z.string().nullable(),
        engine_version: z.string().nullable(),
        created_at: instant,
      }),
    ),
    metrics: z.array(
      z.object({
        name: z.string().describe('A field of DeckRunFigures'),
        values: z.array(figure),
        best: z.int().min(0).nullable().describe('Index of the best run; null where none is better'),
      }),
    ),
    curve: z
      .array(
        z.object({
          date: day,
          equity: z.array(money.nullable()),
          indexed: z.array(figure).describe('The start is 100'),
        }),
      )
      .describe('Every day on which one of them has a point; null before its start and after its end'),
    correlations: z.array(z.array(figure)).describe('Of daily returns on common days'),
    differences: z.array(z.object({ field: z.string(), values: z.array(z.string().nullable()) })),
    warnings: z.array(z.string()).describe('Why the figures may not be comparable'),
  })
  .meta({ id: 'DeckRunComparison' })

const compare = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/compare',
    summary: 'Compare finished backtests: figures, curves on common days, what differs',
    tags: ['Runs'],
    access: read,
    rateLimit: 'added-read',
    errors: [404, 409],
    operationId: 'compare_runs',
  },
  z.object({ ids: lineInput(400).describe('Two to eight run ids, separated by commas') }),
  z.object({ data: deckRunComparison }).meta({ id: 'DeckRunComparisonResponse' }),
)

const quantiles = z.array(money).length(5).describe('At 5, 25, 50, 75 and 95 %')

/** What else a run might have brought. */
export const deckMonteCarlo = z
  .object({
    run_id: id,
    method: z.enum(['returns', 'trades']),
    draws: z.int().min(1),
    seed: z.int().min(0),
    observations: z.int().min(0).describe('Returns or trades that were drawn from'),
    envelope: z.array(z.object({ step: z.int().min(0), quantiles })),
    final_equity: quantiles,
    max_drawdown_pct: z.array(percent).length(5).describe('At 5, 25, 50, 75 and 95 %, the worst first'),
    loss_probability: figure.describe('0-1: ends below the start'),
    ruin_probability: figure.describe('0-1: ever loses half of the start'),
  })
  .meta({ id: 'DeckMonteCarlo' })

const monteCarlo = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/monte-carlo',
    summary: "Re-draw a run's equity many times from its own returns or trades",
    description: 'Seeded: the same request gives the same answer. 409 with fewer than ten returns or trades.',
    tags: ['Runs'],
    access: read,
    rateLimit: 'added-read',
    errors: [404, 409],
    operationId: 'get_run_monte_carlo',
  },
  z.object({
    run_id: idInput,
    method: z.enum(['returns', 'trades']).default('returns'),
    draws: z.int().min(100).max(2000).default(1000),
    seed: z.int().min(0).max(2_147_483_647).default(1),
  }),
  z.object({ data: deckMonteCarlo }).meta({ id: 'DeckMonteCarloResponse' }),
)

/** Cancelling, results and reports of runs. */
export const deckRuns = {
  cancel,
  report,
  tradesCsv,
  equityCsv,
  tradesJson,
  equityJson,
  statistics,
  compare,
  monteCarlo,
}
