import { deck, type deckOrderInput } from '@quantdeck/contracts'
import { type Decimal, parseDecimal } from '@quantdeck/domain'
import type * as z from 'zod'
import { implement, type Implements } from '../../trpc/implement.ts'
import {
  cancelOrder,
  createOrder,
  getOrder,
  instrumentsOf,
  orderChecks,
  type OrderRequest,
  previewOrder,
} from './operations.ts'
import { presentChecks, presentOrder, presentOrderDetail, presentPreview } from './present-v1.ts'

export const ordersDeck = {
  create: implement(deck.orders.create, async ({ deps, actor, input, idempotencyId }) => {
    const request = toRequest(input)
    const clientOrderId =
      request.clientOrderId ?? (idempotencyId === null ? undefined : `qd-${idempotencyId}`)
    const order = await createOrder(deps, actor, { ...request, clientOrderId })
    return { message: 'Order submitted', data: presentOrder(order, await instrumentsOf(deps, order)) }
  }),
  preview: implement(deck.orders.preview, async ({ deps, actor, input }) =>
    presentPreview(await previewOrder(deps, actor, toRequest(input))),
  ),
  get: implement(deck.orders.get, async ({ deps, actor, input }) => ({
    data: presentOrderDetail(await getOrder(deps, actor, input.order_id)),
  })),
  cancel: implement(deck.orders.cancel, async ({ deps, actor, input }) => {
    const order = await cancelOrder(deps, actor, input.order_id)
    const message = order.status === 'CANCELLED' ? 'Order cancelled' : 'Cancellation requested'
    return { message, data: presentOrder(order, await instrumentsOf(deps, order)) }
  }),
  checks: implement(deck.orders.checks, async ({ deps, actor, input }) => {
    const { order, checks } = await orderChecks(deps, actor, input.order_id)
    return presentChecks(order, checks)
  }),
} satisfies Implements<typeof deck.orders>

function toRequest(input: z.output<typeof deckOrderInput>): OrderRequest {
  return {
    strategyId: input.strategy_id,
    symbol: input.symbol,
    side: input.side,
    quantity: parseDecimal(input.quantity),
    orderType: input.order_type,
    limitPrice: decimalOrNull(input.limit_price),
    stopPrice: decimalOrNull(input.stop_price),
    timeInForce: input.time_in_force,
    stopLoss: decimalOrNull(input.stop_loss),
    takeProfit: decimalOrNull(input.take_profit),
    clientOrderId: input.client_order_id,
    reduceOnly: input.reduce_only,
    allowDuplicate: input.allow_duplicate,
  }
}

function decimalOrNull(text: string | undefined): Decimal | null {
  return text === undefined ? null : parseDecimal(text)
}
