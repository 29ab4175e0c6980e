import type { OrderSide } from '@quantdeck/domain'
import { type Check, type CheckContext, report, skipped } from './check.ts'
import { CHECKS } from './checks/index.ts'
import { RISK_CODES_BY_RULE } from './codes.ts'
import { type Exact, abs, compare, exact, exactOrNull, plus, sign, times } from './exact.ts'
import type { RiskRequest, RiskStates, ScopedLimits } from './request.ts'
import type { CheckResult, RuleId, Verdict } from './verdict.ts'

/**
 * Judges one order against every rule R01-R26 and collects all violations; the first is the headline. Pure: the
 * states are not changed (an elapsed cooldown counts as ended at `request.now`).
 * Sources of the rules: SEC 15c3-5, MiFID II RTS 6 articles 12 and 15-17, FIA guide 2015 section 1.11.
 * @throws {RangeError} only when an amount is not a decimal string with at most 18 decimals, a defect of the caller
 */
export function evaluate(request: RiskRequest, states: RiskStates, limits: ScopedLimits): Verdict {
  return judge(CHECKS, request, states, limits)
}

/**
 * What an accepted order that waited for the open is checked for again when it leaves (R19): what the books and the
 * trading states may have become meanwhile. R20, because a position that is gone would make a reduce-only order open one.
 */
export const RULES_AT_OPEN: readonly RuleId[] = ['R01', 'R08', 'R09', 'R10', 'R11', 'R12', 'R20', 'R26']

const CHECKS_AT_OPEN = CHECKS.filter(({ id }) => RULES_AT_OPEN.includes(id))

/** As `evaluate`, by the rules of `RULES_AT_OPEN`: the rest was decided when the order was accepted. */
export function evaluateAtOpen(request: RiskRequest, states: RiskStates, limits: ScopedLimits): Verdict {
  return judge(CHECKS_AT_OPEN, request, states, limits)
}

function judge(
  rules: readonly Check[],
  request: RiskRequest,
  states: RiskStates,
  limits: ScopedLimits,
): Verdict {
  const context = contextOf(request, states, limits)
  const { reducing, checks, violations } = context
  for (const check of rules) {
    if (reducing && check.exemptsReducing) report(context, excused(check.id))
    else check.run(context)
  }
  return { allowed: violations.length === 0, reducing, checks, violations }
}

function excused(id: RuleId): CheckResult {
  return skipped(id, RISK_CODES_BY_RULE[id][0], 'order', 'reducing')
}

function contextOf(request: RiskRequest, states: RiskStates, limits: ScopedLimits): CheckContext {
  const { order, books, market } = request
  const quantity = exact(order.quantity)
  const position = exact(books.positionQuantity)
  const workingSameSide = exact(books.workingSameSideQuantity)
  const unitValue = exactOrNull(market.unitValueUsd)
  return {
    request,
    states,
    limits: limits.strategy,
    accountLimits: limits.account,
    strategyScope: states.strategy.scope,
    accountScope: states.account.scope,
    symbolScope: `symbol:${order.symbol}`,
    quantity,
    position,
    workingSameSide,
    unitValue,
    notional: unitValue && times(quantity, unitValue),
    limitPrice: exactOrNull(order.limitPrice),
    referencePrice: exactOrNull(market.referencePrice),
    reducing: isReducing(order.side, quantity, position, workingSameSide),
    money: null,
    checks: [],
    violations: [],
  }
}

/** Opposite to the position, and together with what already works to reduce it not larger than it. */
function isReducing(side: OrderSide, quantity: Exact, position: Exact, workingSameSide: Exact): boolean {
  const opposite = side === 'BUY' ? sign(position) < 0 : sign(position) > 0
  return opposite && sign(quantity) > 0 && compare(plus(quantity, workingSameSide), abs(position)) <= 0
}
