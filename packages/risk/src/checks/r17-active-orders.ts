import { type Check, compared } from '../check.ts'

/** R17: working orders of the strategy, this one included. */
export const r17ActiveOrders: Check = {
  id: 'R17',
  exemptsReducing: true,
  run({ request, limits, strategyScope }) {
    const orders = request.books.activeOrders + 1
    return [
      compared({
        id: 'R17',
        code: 'MAX_ACTIVE_ORDERS',
        passed: orders <= limits.maxActiveOrders,
        scope: strategyScope,
        limit: String(limits.maxActiveOrders),
        observed: String(orders),
        unit: 'orders',
        message: 'working orders with this one',
      }),
    ]
  },
}
