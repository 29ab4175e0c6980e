import { type Check, type CheckContext, report, skipped } from '../check.ts'
import { compare, exact } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/** R05: units per order, by instrument or for all; off by default. */
export const r05MaxOrderQuantity: Check = {
  id: 'R05',
  exemptsReducing: false,
  run: (context) => report(context, judge(context)),
}

function judge({ request, limits, quantity, strategyScope }: CheckContext): CheckResult {
  const { symbol, quantity: observed } = request.order
  const limit = ownLimit(limits.maxOrderQuantityBySymbol, symbol) ?? limits.maxOrderQuantity
  if (limit === null) return skipped('R05', 'MAX_ORDER_QTY', strategyScope, 'off')
  return {
    id: 'R05',
    code: 'MAX_ORDER_QTY',
    passed: compare(quantity, exact(limit)) <= 0,
    scope: strategyScope,
    limit,
    observed,
    unit: 'units',
    message: `order quantity ${observed} units, limit ${limit}`,
  }
}

/** A symbol may be called like a property that every object has. */
function ownLimit(limits: Readonly<Record<string, string>>, symbol: string): string | undefined {
  return Object.hasOwn(limits, symbol) ? limits[symbol] : undefined
}
