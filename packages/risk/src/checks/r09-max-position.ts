import { type Check, type CheckContext, formatUsd, report, unknown } from '../check.ts'
import { abs, compare, exact, minus, plus, times } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/**
 * R09: notional of the projected position |P + W + O| over the limit, by default the allocation. W counts the working
 * orders of the order's own side only: those of the other side may never fill.
 */
export const r09MaxPosition: Check = {
  id: 'R09',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge(context: CheckContext): CheckResult {
  const { request, limits, position, workingSameSide, quantity, unitValue, strategyScope } = context
  const limit = limits.maxPositionNotionalUsd ?? request.books.allocationUsd
  if (unitValue === null || limit === null) {
    return unknown('R09', 'MAX_POSITION', strategyScope, 'USD', 'projected position')
  }
  const added = plus(workingSameSide, quantity)
  const units = request.order.side === 'BUY' ? plus(position, added) : minus(position, added)
  const projected = times(abs(units), unitValue)
  const observed = formatUsd(projected)
  return {
    id: 'R09',
    code: 'MAX_POSITION',
    passed: compare(projected, exact(limit)) <= 0,
    scope: strategyScope,
    limit,
    observed,
    unit: 'USD',
    message: `projected position ${observed} USD, limit ${limit}`,
  }
}
