import { type RiskCode, RULE_OF_CODE } from './codes.ts'
import type { RiskLimits } from './limits.ts'
import type { RiskBooks, RiskRequest, RiskStates } from './request.ts'
import { type Scaled, formatScaled, toScaled, toScaledOrNull } from './scaled.ts'
import type { CheckResult, RiskUnit, RuleId, SkipReason } from './verdict.ts'

/** What the checks share, computed once per decision. Money at product scale (1e-36) is named `...Wide`. */
export interface CheckContext {
  request: RiskRequest
  states: RiskStates
  limits: RiskLimits
  accountLimits: RiskLimits
  strategyScope: string
  accountScope: string
  quantity: Scaled
  position: Scaled
  workingSameSide: Scaled
  unitValue: Scaled | null
  /** quantity x unit value; null when the unit value is unknown. */
  notionalWide: bigint | null
  limitPrice: Scaled | null
  referencePrice: Scaled | null
  reducing: boolean
  /** Read by `moneyOf`: a reducing order is judged without it. */
  money: Money | null
}

/** The books' money, exact. */
export interface Money {
  strategyEquity: Scaled | null
  accountEquity: Scaled | null
  allocation: Scaled | null
  strategyGross: Scaled
  accountGross: Scaled
}

/** The money that several checks compare with, read once. */
export function moneyOf(context: CheckContext): Money {
  context.money ??= readMoney(context.request.books)
  return context.money
}

function readMoney(books: RiskBooks): Money {
  return {
    strategyEquity: toScaledOrNull(books.strategyEquityUsd),
    accountEquity: toScaledOrNull(books.accountEquityUsd),
    allocation: toScaledOrNull(books.allocationUsd),
    strategyGross: toScaled(books.strategyGrossUsd),
    accountGross: toScaled(books.accountGrossUsd),
  }
}

/** One rule: who is exempt, and what it finds. Its codes are listed in codes.ts. */
export interface Check {
  id: RuleId
  /** Reducing orders skip the whole rule. Rules with a finer exemption decide inside `run`. */
  exemptsReducing: boolean
  run(context: CheckContext): CheckResult[]
}

/** A finding that compares something observed with a limit. */
export interface Comparison {
  code: RiskCode
  scope: string
  passed: boolean
  limit: string
  observed: string
  unit: RiskUnit
  /** What is measured, as the start of a sentence: "order notional". */
  what: string
}

export function compared({ code, scope, passed, limit, observed, unit, what }: Comparison): CheckResult {
  const message = `${what} ${observed} ${unit}, limit ${limit}`
  return { id: RULE_OF_CODE[code], code, passed, scope, limit, observed, unit, message }
}

/** A finding without numbers. */
export function stated(code: RiskCode, scope: string, passed: boolean, message: string): CheckResult {
  return { id: RULE_OF_CODE[code], code, passed, scope, limit: null, observed: null, unit: null, message }
}

/** The rule was not applied. */
export function skipped(code: RiskCode, scope: string, reason: SkipReason): CheckResult {
  return { ...stated(code, scope, true, SKIPPED[reason]), skipped: reason }
}

const SKIPPED: Record<SkipReason, string> = {
  reducing: 'not applied: the order reduces a position',
  off: 'not applied: switched off',
  not_applicable: 'not applied: does not concern this order',
}

/** A missing amount fails closed. */
export function unknown(code: RiskCode, scope: string, unit: RiskUnit, what: string): CheckResult {
  return { ...stated(code, scope, false, `${what} is unknown`), unit }
}

/** USD at product scale as text, cut at 8 decimals. */
export function formatUsdWide(wide: bigint): string {
  return formatScaled(wide, 2, 8)
}
