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
        scope: strategyScope,
        passed: orders <= limits.maxActiveOrders,
        limit: String(limits.maxActiveOrders),
        observed: String(orders),
        unit: 'orders',
        what: 'working orders with this one',
      }),
    ]
  },
}
