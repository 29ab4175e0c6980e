import { type Check, compared, skipped } from '../check.ts'
import { toScaled } from '../scaled.ts'

/** R05: units per order; off by default. */
export const r05MaxOrderQuantity: Check = {
  id: 'R05',
  exemptsReducing: false,
  run({ request, limits, quantity, strategyScope }) {
    const limit = limits.maxOrderQuantity
    if (limit === null) return [skipped('MAX_ORDER_QTY', strategyScope, 'off')]
    const observed = request.order.quantity
    const passed = quantity <= toScaled(limit)
    return [
      compared({
        code: 'MAX_ORDER_QTY',
        scope: strategyScope,
        passed,
        limit,
        observed,
        unit: 'units',
        what: 'order quantity',
      }),
    ]
  },
}
