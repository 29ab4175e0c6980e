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

/** One rule: who is exempt, and what it finds. Its codes are listed in codes.ts. */
export interface Check {
  id: RuleId
  /** Reducing orders skip the whole rule. Rules with a finer exemption decide inside `run`. */
  exemptsReducing: boolean
  run(context: CheckContext): readonly CheckResult[]
}

/** A finding that compares something observed with a limit, all but its sentence. */
export interface Comparison {
  id: RuleId
  code: RiskCode
  passed: boolean
  scope: string
  limit: string
  observed: string
  unit: RiskUnit
  /** What is measured, as the start of the sentence: "order notional". Becomes the sentence. */
  message: string
}

/** The row itself, with its sentence made whole: one object per row, because there are forty in a decision. */
export function compared(row: Comparison): CheckResult {
  row.message = row.message + ' ' + row.observed + UNIT_AND_LIMIT[row.unit] + row.limit
  return row
}

/** Whole pieces of the sentence: each piece less is a tenth of a microsecond in a decision. */
const UNIT_AND_LIMIT: Record<RiskUnit, string> = {
  USD: ' USD, limit ',
  fraction: ' fraction, limit ',
  units: ' units, limit ',
  price: ' price, limit ',
  orders: ' orders, limit ',
  positions: ' positions, limit ',
  seconds: ' seconds, limit ',
  state: ' state, limit ',
  losses: ' losses, limit ',
  executions: ' executions, limit ',
  confidence: ' confidence, limit ',
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
  const message = `${what} is unknown`
  return { id, code, passed: false, scope, limit: null, observed: null, unit, message }
}

/** An amount of USD as text, cut at 8 decimals. */
export function formatUsd(amount: Exact): string {
  return format(amount, 8)
}
