import {
  type CheckResult,
  RISK_CODES_BY_RULE,
  type RiskRequest,
  type RiskStates,
  type ScopedLimits,
  type Verdict,
} from '@quantdeck/risk'
import { type DecimalCheck, judgedOf, type RuleId, skipped } from './decimal-check.ts'
import * as sizes from './decimal-size-checks.ts'
import * as states from './decimal-state-checks.ts'

const CHECKS: readonly [RuleId, DecimalCheck, 'reducing exempt'?][] = [
  ['R01', states.tradingState],
  ['R02', states.permission],
  ['R03', states.symbolRestricted],
  ['R04', sizes.instrument],
  ['R05', sizes.maxOrderQuantity],
  ['R06', sizes.maxOrderNotional, 'reducing exempt'],
  ['R07', sizes.priceCollar],
  ['R08', sizes.freeBalance, 'reducing exempt'],
  ['R09', sizes.maxPosition, 'reducing exempt'],
  ['R10', sizes.grossExposure, 'reducing exempt'],
  ['R11', sizes.strategyAllocation, 'reducing exempt'],
  ['R12', states.openPositions, 'reducing exempt'],
  ['R13', states.messageRate, 'reducing exempt'],
  ['R14', sizes.windowNotional, 'reducing exempt'],
  ['R15', sizes.duplicateOrder],
  ['R16', states.executionThrottle, 'reducing exempt'],
  ['R17', states.activeOrders, 'reducing exempt'],
  ['R18', states.staleMarketData, 'reducing exempt'],
  ['R19', states.marketClosed],
  ['R20', states.reduceOnly],
  ['R21', states.shape],
  ['R22', sizes.selfTrade],
  ['R23', states.signalExpired],
  ['R24', states.confidence, 'reducing exempt'],
  ['R25', states.modelUnhealthy, 'reducing exempt'],
  ['R26', states.dailyBlocks, 'reducing exempt'],
]

/**
 * The checks R01-R26 once more, written on decimal.js as one would without packages/risk: what the exact integers of the
 * engine are measured against, and what says whether they decide the same.
 */
export function evaluateWithDecimals(
  request: RiskRequest,
  riskStates: RiskStates,
  limits: ScopedLimits,
): Verdict {
  const judged = judgedOf(request, riskStates, limits)
  const checks: CheckResult[] = []
  for (const [id, check, exempt] of CHECKS) {
    const isExempt = judged.reducing && exempt !== undefined
    const rows = isExempt ? [skipped(RISK_CODES_BY_RULE[id][0], 'order', 'reducing')] : check(judged)
    for (const row of rows) {
      row.id = id
      checks.push(row)
    }
  }
  const violations = checks.filter(({ passed }) => !passed)
  return { allowed: violations.length === 0, reducing: judged.reducing, checks, violations }
}
