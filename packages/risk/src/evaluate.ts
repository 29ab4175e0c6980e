import type { OrderSide } from '@quantdeck/domain'
import { type Check, type CheckContext, type Finding, skipped } from './check.ts'
import { CHECKS } from './checks/index.ts'
import { RISK_CODES_BY_RULE } from './codes.ts'
import type { RiskRequest, RiskStates, ScopedLimits } from './request.ts'
import { type Scaled, absScaled, toScaled, toScaledOrNull } from './scaled.ts'
import type { CheckResult, RuleId, Verdict } from './verdict.ts'

/**
 * Judges one order against every rule R01-R26 and collects all violations; the first is the headline. Pure: the
 * states are not changed (an elapsed cooldown counts as ended at `request.now`).
 * Sources of the rules: SEC 15c3-5, MiFID II RTS 6 articles 12 and 15-17, FIA guide 2015 section 1.11.
 * @throws {RangeError} only when an amount is not a decimal string with at most 18 decimals, a defect of the caller
 */
export function evaluate(request: RiskRequest, states: RiskStates, limits: ScopedLimits): Verdict {
  const context = contextOf(request, states, limits)
  const checks: CheckResult[] = []
  const violations: CheckResult[] = []
  for (const check of CHECKS) {
    for (const result of resultsOf(check, context)) {
      checks.push(result)
      if (!result.passed) violations.push(result)
    }
  }
  return { allowed: violations.length === 0, reducing: context.reducing, checks, violations }
}

function resultsOf(check: Check, context: CheckContext): CheckResult[] {
  const findings =
    context.reducing && check.exemptsReducing
      ? [skipped(RISK_CODES_BY_RULE[check.id][0], 'order', 'reducing')]
      : check.run(context)
  return findings.map((finding) => resultOf(check.id, finding))
}

/** Field by field: a spread of forty small objects took a third of a decision's time. */
function resultOf(id: RuleId, finding: Finding): CheckResult {
  const { code, passed, scope, limit, observed, unit, message } = finding
  const result: CheckResult = { id, code, passed, scope, limit, observed, unit, message }
  if (finding.skipped !== undefined) result.skipped = finding.skipped
  if (finding.until !== undefined) result.until = finding.until
  return result
}

function contextOf(request: RiskRequest, states: RiskStates, limits: ScopedLimits): CheckContext {
  const { order, books, market } = request
  const quantity = toScaled(order.quantity)
  const position = toScaled(books.positionQuantity)
  const workingSameSide = toScaled(books.workingSameSideQuantity)
  const unitValue = toScaledOrNull(market.unitValueUsd)
  return {
    request,
    states,
    limits: limits.strategy,
    accountLimits: limits.account,
    strategyScope: states.strategy.scope,
    accountScope: states.account.scope,
    quantity,
    position,
    workingSameSide,
    unitValue,
    notionalWide: unitValue === null ? null : quantity * unitValue,
    reducing: isReducing(order.side, quantity, position, workingSameSide),
  }
}

/** Opposite to the position, and together with what already works to reduce it not larger than it. */
export function isReducing(
  side: OrderSide,
  quantity: Scaled,
  position: Scaled,
  workingSameSide: Scaled,
): boolean {
  const opposite = side === 'BUY' ? position < 0n : position > 0n
  return opposite && quantity > 0n && quantity + workingSameSide <= absScaled(position)
}
