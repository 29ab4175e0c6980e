import * as z from 'zod'
import {
  id,
  instant,
  jsonObject,
  jsonObjectInput,
  lineInput,
  mode,
  money,
  reasonInput,
  storedDecimal,
  strategyIdInput,
  strategyStatus,
  symbolInput,
  textInput,
  undefinedMetrics,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

const listShape = {
  strategy_id: id.meta({ example: 'momentum_v1' }),
  name: z.string(),
  description: z.string(),
  status: strategyStatus,
  mode,
  universe_size: z.int().min(0).describe('Symbols it may trade'),
  max_positions: z.int().min(0).describe('Open positions at the same time'),
  risk_per_trade_pct: storedDecimal.describe('Percent of the allocation, as configured'),
  created_at: instant,
  updated_at: instant,
}

/** A strategy as lists show it. */
export const v1Strategy = z.object(listShape).meta({ id: 'V1Strategy' })

/** The document's example of this block has one place (`"2.1"`, `"-5.2"`); answers have two. */
const oneOrTwoPlaces = z.string().regex(/^-?\d+\.\d{1,2}$/)

/** Figures of a strategy since its first fact. */
export const v1StrategyPerformance = z
  .object({
    total_pnl: money,
    sharpe_ratio: oneOrTwoPlaces.describe('Annualised, two decimal places'),
    max_drawdown: oneOrTwoPlaces.describe('Percent, zero or negative, two decimal places'),
    win_rate: oneOrTwoPlaces.describe('Fraction of closed trades, two decimal places'),
    undefined_metrics: undefinedMetrics,
  })
  .meta({ id: 'V1StrategyPerformance', 'x-added-fields': ['undefined_metrics'] })

/** A strategy with configuration and performance. */
export const v1StrategyDetail = z
  .object({
    ...listShape,
    config: jsonObject.describe('As stored; what PATCH merges into'),
    performance: v1StrategyPerformance,
    universe: z.array(z.string()).describe('Symbols it may trade'),
    allocated_capital: money.describe('USD'),
    owner_id: id.nullable(),
    version: z.int().min(1).describe('Rises with each change; the ETag of this answer'),
  })
  .meta({
    id: 'V1StrategyDetail',
    'x-added-fields': [
      'mode',
      'universe_size',
      'max_positions',
      'risk_per_trade_pct',
      'created_at',
      'updated_at',
      'universe',
      'allocated_capital',
      'owner_id',
      'version',
    ],
  })

/** All visible strategies. */
export const v1StrategyListResponse = z
  .object({
    data: z.array(v1Strategy),
    meta: z.object({
      total_count: z.int().min(0).describe('Strategies that match the filters'),
      active_count: z.int().min(0).describe('Active ones among all in sight'),
    }),
  })
  .meta({ id: 'V1StrategyListResponse' })

/** One strategy. */
export const v1StrategyResponse = z.object({ data: v1StrategyDetail }).meta({ id: 'V1StrategyResponse' })

/** A strategy after an update. */
export const v1StrategyUpdateResponse = z
  .object({
    message: z.string(),
    data: v1StrategyDetail,
  })
  .meta({ id: 'V1StrategyUpdateResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/strategies',
    summary: 'List all configured strategies',
    tags: ['Strategies'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    operationId: 'list_strategies',
  },
  z.object({
    status: z.enum(['active', 'inactive', 'all']).default('all'),
    mode: mode.optional(),
  }),
  v1StrategyListResponse,
)

const get = endpoint(
  {
    method: 'GET',
    path: '/v1/strategies/{strategy_id}',
    summary: 'Get details of a strategy',
    tags: ['Strategies'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    errors: [404],
    operationId: 'get_strategy',
  },
  z.object({ strategy_id: strategyIdInput }),
  v1StrategyResponse,
)

const update = endpoint(
  {
    method: 'PATCH',
    path: '/v1/strategies/{strategy_id}',
    summary: 'Update a strategy',
    description:
      'A JSON merge patch (RFC 7396): inside `config` null deletes a key. Needs the role admin or the ownership of the strategy. `mode` and `owner` cannot be patched. With `If-Match` (or `expected_version`) a change in between is 409.',
    tags: ['Strategies'],
    access: { role: 'trader', scope: 'admin' },
    rateLimit: 'write',
    errors: [404, 409],
    operationId: 'update_strategy',
  },
  z.strictObject({
    strategy_id: strategyIdInput,
    status: strategyStatus.optional(),
    name: lineInput(120).optional(),
    description: textInput(2000).optional(),
    config: jsonObjectInput.optional().describe('Merged into the stored configuration; null deletes a key'),
    max_positions: z.int().min(1).max(1000).optional(),
    universe: z.array(symbolInput).min(1).max(1000).optional(),
    expected_version: z.int().min(1).optional().describe('409 unless this is still the version'),
    reason: reasonInput.optional().describe('Kept in the history'),
  }),
  v1StrategyUpdateResponse,
)

/** Operations under /v1/strategies. */
export const v1Strategies = { list, get, update }
