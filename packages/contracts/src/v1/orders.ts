import * as z from 'zod'
import {
  dateRange,
  id,
  instant,
  mode,
  money,
  orderSide,
  orderStatus,
  orderType,
  pageMeta,
  pagination,
  price,
  quantity,
  rejectedBy,
  strategyIdInput,
  timeInForce,
  tradingMode,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** Fields of an order wherever one is shown. */
export const v1OrderShape = {
  order_id: id,
  strategy_id: id,
  symbol: z.string(),
  side: orderSide,
  quantity,
  order_type: orderType,
  limit_price: price.nullable(),
  status: orderStatus,
  filled_quantity: quantity,
  average_fill_price: price.nullable(),
  fees: money,
  submitted_at: instant.describe('When the request was accepted'),
  filled_at: instant.nullable().describe('When the last fill completed it'),
  mode: tradingMode,
  stop_price: price.nullable(),
  time_in_force: timeInForce,
  client_order_id: z.string(),
  rejected_by: rejectedBy.nullable(),
}

/** What the document does not show of an order. */
export const V1_ORDER_ADDED_FIELDS = ['mode', 'stop_price', 'time_in_force', 'client_order_id', 'rejected_by']

/** An order as lists show it. */
export const v1Order = z.object(v1OrderShape).meta({ id: 'V1Order', 'x-added-fields': V1_ORDER_ADDED_FIELDS })

/** A page of orders. */
export const v1OrderListResponse = z
  .object({ data: z.array(v1Order), meta: pageMeta })
  .meta({ id: 'V1OrderListResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/orders',
    summary: 'List orders, recent first',
    tags: ['Orders'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    operationId: 'list_orders',
  },
  z.object({
    strategy_id: strategyIdInput.optional(),
    status: orderStatus.optional(),
    mode: mode.optional(),
    ...dateRange,
    ...pagination,
  }),
  v1OrderListResponse,
)

/** Operations under /v1/orders. */
export const v1Orders = { list }
