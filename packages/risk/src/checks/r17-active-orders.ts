import { type Check, type CheckContext, report } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R17: working orders of the strategy, this one included. */
export const r17ActiveOrders: Check = {
  id: 'R17',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge({ request, limits, strategyScope }: CheckContext): CheckResult {
  const orders = request.books.activeOrders + 1
  const limit = String(limits.maxActiveOrders)
  const observed = String(orders)
  return {
    id: 'R17',
    code: 'MAX_ACTIVE_ORDERS',
    passed: orders <= limits.maxActiveOrders,
    scope: strategyScope,
    limit,
    observed,
    unit: 'orders',
    message: `working orders with this one ${observed} orders, limit ${limit}`,
  }
}
