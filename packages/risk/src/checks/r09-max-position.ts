import { type Check, compared, formatUsdWide, unknown } from '../check.ts'
import { ONE_SCALED, absScaled, toScaled } from '../scaled.ts'

/**
 * R09: notional of the projected position |P + W + O| over the limit, by default the allocation. W counts the working
 * orders of the order's own side only: those of the other side may never fill.
 */
export const r09MaxPosition: Check = {
  id: 'R09',
  exemptsReducing: true,
  run({ request, limits, position, workingSameSide, quantity, unitValue, strategyScope }) {
    const limit = limits.maxPositionNotionalUsd ?? request.books.allocationUsd
    if (unitValue === null || limit === null) {
      return [unknown('MAX_POSITION', strategyScope, 'USD', 'projected position')]
    }
    const added = workingSameSide + quantity
    const projected = absScaled(position + (request.order.side === 'BUY' ? added : -added)) * unitValue
    return [
      compared({
        code: 'MAX_POSITION',
        scope: strategyScope,
        passed: projected <= toScaled(limit) * ONE_SCALED,
        limit,
        observed: formatUsdWide(projected),
        unit: 'USD',
        what: 'projected position',
      }),
    ]
  },
}
