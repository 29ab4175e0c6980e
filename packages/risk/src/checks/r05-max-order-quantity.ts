import { type Check, compared, skipped } from '../check.ts'
import { compare, exact } from '../exact.ts'

/** R05: units per order, by instrument or for all; off by default. */
export const r05MaxOrderQuantity: Check = {
  id: 'R05',
  exemptsReducing: false,
  run({ request, limits, quantity, strategyScope }) {
    const { symbol, quantity: observed } = request.order
    const limit = ownLimit(limits.maxOrderQuantityBySymbol, symbol) ?? limits.maxOrderQuantity
    if (limit === null) return [skipped('R05', 'MAX_ORDER_QTY', strategyScope, 'off')]
    return [
      compared({
        id: 'R05',
        code: 'MAX_ORDER_QTY',
        passed: compare(quantity, exact(limit)) <= 0,
        scope: strategyScope,
        limit,
        observed,
        unit: 'units',
        message: 'order quantity',
      }),
    ]
  },
}

/** A symbol may be called like a property that every object has. */
function ownLimit(limits: Readonly<Record<string, string>>, symbol: string): string | undefined {
  return Object.hasOwn(limits, symbol) ? limits[symbol] : undefined
}
