import * as z from 'zod'
import {
  day,
  equityPoint,
  id,
  idInput,
  instant,
  jsonObject,
  jsonObjectInput,
  mode,
  money,
  nonNegativeDecimalInput,
  orderSide,
  pageMeta,
  pagination,
  percent,
  positiveDecimalInput,
  price,
  quantity,
  ratio,
  runStatus,
  strategyIdInput,
  symbolInput,
  undefinedMetrics,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

const listShape = {
  run_id: id,
  strategy_id: id,
  run_type: mode,
  start_date: day,
  end_date: day.nullable().describe('null while a session goes on'),
  total_return: percent,
  sharpe_ratio: ratio,
  max_drawdown: percent.describe('Percent, zero or negative'),
  total_trades: z.int().min(0),
  status: runStatus,
  report_url: z.string().nullable().describe('Signed link to the report, good for 15 minutes'),
  created_at: instant,
  completed_at: instant.nullable(),
  undefined_metrics: undefinedMetrics,
  progress: z.number().min(0).max(1).describe('Fraction done'),
  phase: z.string().nullable().describe('What a running run is doing'),
  estimated_completion: instant.nullable(),
  error: z.string().optional().describe('Why it failed; only with status FAILED'),
}
const LIST_ADDED = ['undefined_metrics', 'progress', 'phase', 'estimated_completion', 'error']

/** A backtest or a session. */
export const v1Run = z.object(listShape).meta({ id: 'V1Run', 'x-added-fields': LIST_ADDED })

/** Result figures of a run. */
export const v1RunMetrics = z
  .object({
    total_return: percent,
    cagr: percent.describe('Percent a year, by calendar time'),
    sharpe_ratio: ratio,
    sortino_ratio: ratio,
    max_drawdown: percent.describe('Percent, zero or negative'),
    win_rate: ratio.describe('Fraction of closed trades, 0-1'),
    profit_factor: ratio.describe('Gross profit / gross loss, in money'),
    total_trades: z.int().min(0),
    avg_trade_duration_hours: ratio.describe('Hours'),
    undefined_metrics: undefinedMetrics,
  })
  .meta({ id: 'V1RunMetrics', 'x-added-fields': ['undefined_metrics'] })

/** A closed round trip: from flat to flat. */
export const v1Trade = z
  .object({
    trade_id: id,
    symbol: z.string(),
    side: orderSide.describe('Of the entry'),
    quantity: quantity.describe('Units at its largest, positive'),
    entry_price: price.describe('Average'),
    exit_price: price.describe('Average'),
    opened_at: instant,
    closed_at: instant,
    pnl: money.describe('USD, net of fees'),
    pnl_pct: percent.describe('Percent of the entry value, net of fees'),
    fees: money,
    duration_hours: ratio.describe('Hours'),
  })
  .meta({ id: 'V1Trade' })

/** A run with its whole result. */
export const v1RunDetail = z
  .object({
    ...listShape,
    metrics: v1RunMetrics,
    equity_curve: z.array(equityPoint),
    trades: z.array(v1Trade),
    initial_capital: money,
    assumptions: jsonObject.describe(
      'Fees, slippage, seed, data hash, engine version: what the result rests on',
    ),
    notes: z.array(z.string()).describe('What was changed about the request, e.g. a future end date'),
  })
  .meta({
    id: 'V1RunDetail',
    'x-added-fields': [
      ...LIST_ADDED,
      'run_type',
      'start_date',
      'end_date',
      'total_return',
      'sharpe_ratio',
      'max_drawdown',
      'total_trades',
      'status',
      'report_url',
      'created_at',
      'completed_at',
      'initial_capital',
      'assumptions',
      'notes',
    ],
  })

/** A page of runs. */
export const v1RunListResponse = z
  .object({ data: z.array(v1Run), meta: pageMeta })
  .meta({ id: 'V1RunListResponse' })

/** An accepted backtest. */
export const v1RunCreateResponse = z
  .object({
    message: z.string(),
    data: z
      .object({
        run_id: id,
        status: runStatus,
        estimated_completion: instant,
        notes: z.array(z.string()).describe('What was changed about the request'),
      })
      .meta({ 'x-added-fields': ['notes'] }),
  })
  .meta({ id: 'V1RunCreateResponse' })

/** One run. */
export const v1RunResponse = z.object({ data: v1RunDetail }).meta({ id: 'V1RunResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/runs',
    summary: 'List runs: backtests, paper and live sessions',
    tags: ['Runs'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    operationId: 'list_runs',
  },
  z.object({
    strategy_id: strategyIdInput.optional(),
    run_type: mode.optional(),
    status: runStatus.optional(),
    ...pagination,
  }),
  v1RunListResponse,
)

/** How the shares of a fill's price are made worse. */
export const SLIPPAGE_MODELS = ['fixed', 'uniform', 'square_root'] as const
/** When orders decided at the close of a bar are filled. */
export const RUN_FILLS = ['next_open', 'close'] as const
/** What an entry's size is taken of. */
export const RUN_SIZINGS = ['allocation', 'equity', 'all_in', 'units', 'risk'] as const

/** Fields of every request that runs a strategy over stored bars: one run, a sweep, a walk-forward study. */
export const backtestFields = {
  initial_capital: positiveDecimalInput.default('100000.00').describe('USD'),
  symbols: z.array(symbolInput).min(1).max(100).optional().describe("Instead of the strategy's universe"),
  parameters: jsonObjectInput.optional().describe("Merged over the strategy's configuration"),
  fees: nonNegativeDecimalInput.optional().describe('Basis points of notional per fill'),
  fee_per_unit: nonNegativeDecimalInput.optional().describe('USD per unit (share) and fill'),
  minimum_fee: nonNegativeDecimalInput.optional().describe('USD, least fee of a fill'),
  slippage: nonNegativeDecimalInput.optional().describe('Basis points of price per fill'),
  slippage_model: z
    .enum(SLIPPAGE_MODELS)
    .optional()
    .describe(
      "uniform: random from 0 to twice `slippage`; square_root: `slippage` at 1 % of the bar's volume, growing with the root of the share",
    ),
  spread: nonNegativeDecimalInput.optional().describe('Basis points, full spread, paid at the entry'),
  fill: z.enum(RUN_FILLS).optional().describe('next_open unless given'),
  sizing: z
    .enum(RUN_SIZINGS)
    .optional()
    .describe(
      'allocation (default) and equity: signal size x that, capped by risk_per_trade_pct; all_in; units: a fixed count; risk: risk_per_trade_pct of the equity is lost at the stop',
    ),
  units: positiveDecimalInput.optional().describe('Per entry, with sizing units'),
  seed: z.int().min(0).max(2_147_483_647).optional(),
  risk_engine: z.boolean().optional().describe('false: without the risk rules; default true'),
}

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/runs',
    summary: 'Start a backtest',
    tags: ['Runs'],
    access: { role: 'trader', scope: 'orders' },
    rateLimit: 'runs',
    status: 202,
    errors: [404, 409, 422],
    idempotent: true,
    operationId: 'create_run',
  },
  z.strictObject({
    strategy_id: strategyIdInput,
    start_date: day,
    end_date: day.describe('Inclusive; one in the future is cut to the last bar'),
    ...backtestFields,
  }),
  v1RunCreateResponse,
)

const get = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}',
    summary: 'Get a run with metrics, equity curve and trades',
    tags: ['Runs'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    errors: [404],
    operationId: 'get_run',
  },
  z.object({ run_id: idInput }),
  v1RunResponse,
)

/** Operations under /v1/runs. */
export const v1Runs = { list, create, get }
