import * as z from 'zod'
import {
  id,
  idInput,
  instant,
  lineInput,
  money,
  orderOrigin,
  orderSide,
  orderType,
  positiveDecimalInput,
  price,
  quantity,
  strategyIdInput,
  symbolInput,
  timeInForce,
  violation,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { v1Order, v1OrderShape, V1_ORDER_ADDED_FIELDS } from '../v1/orders.ts'

const orderInputShape = {
  strategy_id: strategyIdInput,
  symbol: symbolInput,
  side: orderSide,
  quantity: positiveDecimalInput.describe('Units'),
  order_type: orderType,
  limit_price: positiveDecimalInput.optional().describe('Needed by LIMIT'),
  stop_price: positiveDecimalInput.optional().describe('Needed by STOP'),
  time_in_force: timeInForce.default('DAY'),
  stop_loss: positiveDecimalInput.optional().describe('Attached when an entry fills'),
  take_profit: positiveDecimalInput.optional().describe('Attached when an entry fills'),
  client_order_id: lineInput(64).optional().describe('Made up unless given; a used one is 409'),
  reduce_only: z.boolean().default(false),
  allow_duplicate: z.boolean().default(false).describe('Skips the test for an equal order within 10 s'),
}

/** A body of POST /v1/orders and of its preview. */
export const deckOrderInput = z.strictObject(orderInputShape)

/** One pre-trade check of the risk engine, passed or not. */
export const deckOrderCheck = z
  .object({
    check: z.string().describe('R01-R26'),
    code: z.string().describe('The code it refuses with'),
    passed: z.boolean(),
    exempt: z.boolean().describe('Not applied, because the order reduces a position'),
    scope: z.string(),
    limit: z.string().nullable(),
    observed: z.string().nullable(),
    unit: z.string().nullable(),
    message: z.string(),
  })
  .meta({ id: 'DeckOrderCheck' })

/** One fill of an order. */
export const deckFill = z
  .object({
    fill_id: id,
    quantity,
    price,
    fee: money,
    filled_at: instant,
  })
  .meta({ id: 'DeckFill' })

/** An order with everything known about it. */
export const deckOrderDetail = z
  .object({
    ...v1OrderShape,
    origin: orderOrigin,
    signal_id: id.nullable(),
    reduce_only: z.boolean(),
    stop_loss: price.nullable(),
    take_profit: price.nullable(),
    broker_order_id: z.string().nullable(),
    in_doubt: z.boolean().describe('The outcome at the broker is unknown and being resolved'),
    cancelled_at: instant.nullable(),
    reason: z.string().nullable(),
    violations: z.array(violation),
    fills: z.array(deckFill),
  })
  .meta({ id: 'DeckOrderDetail', 'x-added-fields': V1_ORDER_ADDED_FIELDS })

/** One order. */
export const deckOrderResponse = z.object({ data: deckOrderDetail }).meta({ id: 'DeckOrderResponse' })

/** An order after an action, as lists show it. */
export const deckOrderActionResponse = z
  .object({ message: z.string(), data: v1Order })
  .meta({ id: 'DeckOrderActionResponse' })

/** The verdict on an order that is not sent. */
export const deckOrderPreviewResponse = z
  .object({
    data: z.object({
      allowed: z.boolean(),
      violations: z.array(violation),
      checks: z.array(deckOrderCheck),
      reference_price: price.nullable(),
      notional: money.nullable().describe('USD'),
      estimated_fees: money.nullable(),
      reduces_position: z.boolean(),
    }),
  })
  .meta({ id: 'DeckOrderPreviewResponse' })

/** The verdict on an order as it was given. */
export const deckOrderChecksResponse = z
  .object({
    data: z.object({
      order_id: id,
      allowed: z.boolean(),
      evaluated_at: instant,
      violations: z.array(violation),
      checks: z.array(deckOrderCheck),
    }),
  })
  .meta({ id: 'DeckOrderChecksResponse' })

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/orders',
    summary: 'Submit an order',
    description:
      'An order that risk refuses is stored as REJECTED and answered 422 RISK_REJECTED with all violations. Rates are limited per strategy by the risk engine.',
    tags: ['Orders'],
    access: { role: 'trader', scope: 'orders' },
    rateLimit: 'ingest',
    status: 201,
    errors: [404, 409, 422],
    idempotent: true,
    operationId: 'create_order',
  },
  deckOrderInput,
  deckOrderActionResponse,
)

const preview = endpoint(
  {
    method: 'POST',
    path: '/v1/orders/preview',
    summary: 'What the risk engine would say to an order',
    description: 'Changes nothing and sends nothing.',
    tags: ['Orders'],
    access: { role: 'trader', scope: 'orders' },
    rateLimit: 'added-read',
    errors: [404, 409],
    operationId: 'preview_order',
  },
  deckOrderInput,
  deckOrderPreviewResponse,
)

const get = endpoint(
  {
    method: 'GET',
    path: '/v1/orders/{order_id}',
    summary: 'Get an order with its fills',
    tags: ['Orders'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'get_order',
  },
  z.object({ order_id: idInput }),
  deckOrderResponse,
)

const cancel = endpoint(
  {
    method: 'DELETE',
    path: '/v1/orders/{order_id}',
    summary: 'Cancel a working order',
    description: 'Never blocked and never rate limited. A finished order is 409.',
    tags: ['Orders'],
    access: { role: 'trader', scope: 'orders' },
    rateLimit: 'none',
    errors: [404, 409],
    operationId: 'cancel_order',
  },
  z.strictObject({ order_id: idInput }),
  deckOrderActionResponse,
)

const checks = endpoint(
  {
    method: 'GET',
    path: '/v1/orders/{order_id}/checks',
    summary: 'Why an order was allowed or refused',
    tags: ['Orders'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'get_order_checks',
  },
  z.object({ order_id: idInput }),
  deckOrderChecksResponse,
)

/** Orders beyond the documented list. */
export const deckOrders = { create, preview, get, cancel, checks }
