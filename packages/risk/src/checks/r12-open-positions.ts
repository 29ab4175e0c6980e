import { type Check, report } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R12: positions of the strategy (`max_positions`) and of the account (20), this one included. */
export const r12OpenPositions: Check = {
  id: 'R12',
  exemptsReducing: true,
  run(context) {
    const { limits, accountLimits, strategyScope, accountScope } = context
    const { strategy, account } = context.request.books.otherOpenPositions
    report(context, judge(strategyScope, strategy + 1, limits.maxOpenPositions))
    report(context, judge(accountScope, account + 1, accountLimits.maxOpenPositions))
  },
}

function judge(scope: string, positions: number, most: number): CheckResult {
  const limit = String(most)
  const observed = String(positions)
  return {
    id: 'R12',
    code: 'MAX_OPEN_POSITIONS',
    passed: positions <= most,
    scope,
    limit,
    observed,
    unit: 'positions',
    message: `open positions with this one ${observed} positions, limit ${limit}`,
  }
}
