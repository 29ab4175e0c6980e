import type { RiskCode } from './codes.ts'
import { type Exact, exact, exactOrNull, format } from './exact.ts'
import type { RiskLimits } from './limits.ts'
import type { RiskBooks, RiskRequest, RiskStates } from './request.ts'
import type { CheckResult, RiskUnit, RuleId, SkipReason } from './verdict.ts'

/** What the checks share, computed once per decision. */
export interface CheckContext {
  request: RiskRequest
  states: RiskStates
  limits: RiskLimits
  accountLimits: RiskLimits
  strategyScope: string
  accountScope: string
  symbolScope: string
  quantity: Exact
  position: Exact
  workingSameSide: Exact
  /** USD. */
  unitValue: Exact | null
  /** quantity x unit value; null when the unit value is unknown. */
  notional: Exact | null
  limitPrice: Exact | null
  referencePrice: Exact | null
  reducing: boolean
  /** Read by `moneyOf`: a reducing order is judged without it. */
  money: Money | null
  /** The verdict's rows so far, and of those the failed ones: see `report`. */
  checks: CheckResult[]
  violations: CheckResult[]
}

/** The books' money, exact. */
export interface Money {
  strategyEquity: Exact | null
  accountEquity: Exact | null
  allocation: Exact | null
  strategyGross: Exact
  accountGross: Exact
}

/** The money that several checks compare with, read once. */
export function moneyOf(context: CheckContext): Money {
  context.money ??= readMoney(context.request.books)
  return context.money
}

function readMoney(books: RiskBooks): Money {
  return {
    strategyEquity: exactOrNull(books.strategyEquityUsd),
    accountEquity: exactOrNull(books.accountEquityUsd),
    allocation: exactOrNull(books.allocationUsd),
    strategyGross: exact(books.strategyGrossUsd),
    accountGross: exact(books.accountGrossUsd),
  }
}

/**
 * One rule: who is exempt, and what it finds and reports. Its codes are listed in codes.ts.
 *
 * A decision is a few microseconds, and there are forty rows in it. So rows go into one list; all of them name their
 * fields in the same order, which makes them alike for the JavaScript engine; and a sentence is joined where it is known,
 * from as few pieces as possible.
 */
export interface Check {
  id: RuleId
  /** Reducing orders skip the whole rule. Rules with a finer exemption decide inside `run`. */
  exemptsReducing: boolean
  run(context: CheckContext): void
}

/** Puts a row into the verdict, and to its violations where the rule is broken. */
export function report(context: CheckContext, row: CheckResult): void {
  context.checks.push(row)
  if (!row.passed) context.violations.push(row)
}

/** A finding without numbers. */
export function stated(
  id: RuleId,
  code: RiskCode,
  scope: string,
  passed: boolean,
  message: string,
): CheckResult {
  return { id, code, passed, scope, limit: null, observed: null, unit: null, message }
}

/** The rule was not applied. */
export function skipped(id: RuleId, code: RiskCode, scope: string, reason: SkipReason): CheckResult {
  const message = SKIPPED[reason]
  return { id, code, passed: true, skipped: reason, scope, limit: null, observed: null, unit: null, message }
}

const SKIPPED: Record<SkipReason, string> = {
  reducing: 'not applied: the order reduces a position',
  off: 'not applied: switched off',
  not_applicable: 'not applied: does not concern this order',
}

/** A missing amount fails closed. */
export function unknown(
  id: RuleId,
  code: RiskCode,
  scope: string,
  unit: RiskUnit,
  what: string,
): CheckResult {
  return { id, code, passed: false, scope, limit: null, observed: null, unit, message: `${what} is unknown` }
}

/** An amount of USD as text, cut at 8 decimals. */
export function formatUsd(amount: Exact): string {
  return format(amount, 8)
}
