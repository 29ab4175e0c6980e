import { type Check, compared } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R12: positions of the strategy (`max_positions`) and of the account (20), this one included. */
export const r12OpenPositions: Check = {
  id: 'R12',
  exemptsReducing: true,
  run({ request, limits, accountLimits, strategyScope, accountScope }) {
    const { strategy, account } = request.books.otherOpenPositions
    return [
      judge(strategyScope, strategy + 1, limits.maxOpenPositions),
      judge(accountScope, account + 1, accountLimits.maxOpenPositions),
    ]
  },
}

function judge(scope: string, positions: number, limit: number): CheckResult {
  return compared({
    id: 'R12',
    code: 'MAX_OPEN_POSITIONS',
    scope,
    passed: positions <= limit,
    limit: String(limit),
    observed: String(positions),
    unit: 'positions',
    message: 'open positions with this one',
  })
}
