import * as z from 'zod'
import {
  contractType,
  id,
  idInput,
  instant,
  money,
  pageMetaShape,
  pagination,
  percent,
  price,
  quantity,
  strategyIdInput,
  symbolInput,
  tradingMode,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

const listShape = {
  position_id: id,
  strategy_id: id,
  symbol: z.string(),
  contract_type: contractType,
  quantity: quantity.describe('Units; short: negative'),
  average_entry_price: price,
  current_price: price,
  unrealized_pnl: money,
  unrealized_pnl_pct: percent.describe('Percent of the cost basis'),
  market_value: money.describe('USD; short: negative'),
  opened_at: instant,
  days_held: z.int().min(0).describe('Whole days since it was opened'),
  mode: tradingMode,
}

/** An open position. */
export const v1Position = z.object(listShape).meta({ id: 'V1Position', 'x-added-fields': ['mode'] })

/** An order that opened or grew a position. */
export const v1EntryOrder = z
  .object({ order_id: id, filled_at: instant, quantity, price })
  .meta({ id: 'V1EntryOrder' })

/** What the bracket puts at stake. */
export const v1RiskMetrics = z
  .object({
    stop_loss_price: price.optional(),
    take_profit_price: price.optional(),
    max_loss: money.optional().describe('USD at the stop, negative when it loses'),
    max_profit: money.optional().describe('USD at the target'),
  })
  .meta({ id: 'V1RiskMetrics', description: 'Absent fields: neither a bracket nor a configured percentage' })

/** A position with its entry orders and risk metrics. */
export const v1PositionDetail = z
  .object({ ...listShape, entry_orders: z.array(v1EntryOrder), risk_metrics: v1RiskMetrics })
  .meta({
    id: 'V1PositionDetail',
    'x-added-fields': [
      'contract_type',
      'average_entry_price',
      'current_price',
      'unrealized_pnl_pct',
      'market_value',
      'opened_at',
      'days_held',
      'mode',
    ],
  })

/** A page of positions. */
export const v1PositionListResponse = z
  .object({
    data: z.array(v1Position),
    meta: z.object({
      ...pageMetaShape,
      total_unrealized_pnl: money.describe('USD over all matching positions, not only this page'),
    }),
  })
  .meta({ id: 'V1PositionListResponse' })

/** One position. */
export const v1PositionResponse = z.object({ data: v1PositionDetail }).meta({ id: 'V1PositionResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/positions',
    summary: 'List open positions across all visible strategies',
    tags: ['Positions'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    operationId: 'list_positions',
  },
  z.object({
    strategy_id: strategyIdInput.optional(),
    symbol: symbolInput.optional(),
    mode: tradingMode.optional(),
    ...pagination,
  }),
  v1PositionListResponse,
)

const get = endpoint(
  {
    method: 'GET',
    path: '/v1/positions/{position_id}',
    summary: 'Get a position with its entry orders and risk metrics',
    tags: ['Positions'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    errors: [404],
    operationId: 'get_position',
  },
  z.object({ position_id: idInput }),
  v1PositionResponse,
)

/** Operations under /v1/positions. */
export const v1Positions = { list, get }
