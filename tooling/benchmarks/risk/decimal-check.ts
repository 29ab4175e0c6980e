import { Decimal } from '@quantdeck/domain'
import {
  type CheckResult,
  type RiskCode,
  type RiskLimits,
  type RiskRequest,
  type RiskStates,
  type RiskUnit,
  type RuleId,
  type ScopedLimits,
  type SkipReason,
} from '@quantdeck/risk'

/** An order to judge and what was computed about it once. */
export interface Judged {
  request: RiskRequest
  states: RiskStates
  limits: RiskLimits
  accountLimits: RiskLimits
  quantity: Decimal
  position: Decimal
  workingSameSide: Decimal
  notional: Decimal | null
  reducing: boolean
}

export type DecimalCheck = (judged: Judged) => CheckResult[]

export function judgedOf(request: RiskRequest, states: RiskStates, limits: ScopedLimits): Judged {
  const quantity = new Decimal(request.order.quantity)
  const position = new Decimal(request.books.positionQuantity)
  const workingSameSide = new Decimal(request.books.workingSameSideQuantity)
  const opposite = request.order.side === 'BUY' ? position.lt(0) : position.gt(0)
  const unitValue = decimalOrNull(request.market.unitValueUsd)
  return {
    request,
    states,
    limits: limits.strategy,
    accountLimits: limits.account,
    quantity,
    position,
    workingSameSide,
    notional: unitValue && quantity.times(unitValue),
    reducing: opposite && quantity.gt(0) && quantity.plus(workingSameSide).lte(position.abs()),
  }
}

export function decimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : new Decimal(text)
}

/** As it is shown: cut towards zero, without trailing zeros. */
export function shown(value: Decimal, places = 8): string {
  return value.toDecimalPlaces(places, Decimal.ROUND_DOWN).toFixed()
}

/** Set by the engine, from its table. */
const ID: RuleId = 'R01'

export function stated(code: RiskCode, scope: string, passed: boolean, message: string): CheckResult {
  return { id: ID, code, passed, scope, limit: null, observed: null, unit: null, message }
}

const SKIPPED: Record<SkipReason, string> = {
  reducing: 'not applied: the order reduces a position',
  off: 'not applied: switched off',
  not_applicable: 'not applied: does not concern this order',
}

export function skipped(code: RiskCode, scope: string, reason: SkipReason): CheckResult {
  return { ...stated(code, scope, true, SKIPPED[reason]), skipped: reason }
}

export function unknown(code: RiskCode, scope: string, unit: RiskUnit, what: string): CheckResult {
  return { ...stated(code, scope, false, `${what} is unknown`), unit }
}

interface Comparison {
  code: RiskCode
  scope: string
  passed: boolean
  limit: string
  observed: string
  unit: RiskUnit
  what: string
}

export function compared({ code, scope, passed, limit, observed, unit, what }: Comparison): CheckResult {
  const message = `${what} ${observed} ${unit}, limit ${limit}`
  return { id: ID, code, passed, scope, limit, observed, unit, message }
}

/** A size against a limit in USD: it breaches above. A limit that was given as text is shown as it was given. */
export function sizeCheck(
  { code, scope, what }: { code: RiskCode; scope: string; what: string },
  size: Decimal | null,
  given: Decimal | string | null,
): CheckResult {
  if (!size || given === null) return unknown(code, scope, 'USD', what)
  const limit = new Decimal(given)
  return compared({
    code,
    scope,
    passed: size.lte(limit),
    limit: typeof given === 'string' ? given : shown(limit),
    observed: shown(size),
    unit: 'USD',
    what,
  })
}

export type { RuleId }
