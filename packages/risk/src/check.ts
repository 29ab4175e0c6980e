import type { RiskCode } from './codes.ts'
import type { RiskLimits } from './limits.ts'
import type { RiskRequest, RiskStates } from './request.ts'
import { type Scaled, formatScaled } from './scaled.ts'
import type { CheckResult, RiskUnit, RuleId } from './verdict.ts'

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
  reducing: boolean
}

/** What one check says about one scope; the id is added by the engine. */
export type Finding = Omit<CheckResult, 'id'>

/** One rule: who is exempt, and what it finds. Its codes are listed in codes.ts. */
export interface Check {
  id: RuleId
  /** Reducing orders skip the whole rule. Rules with a finer exemption decide inside `run`. */
  exemptsReducing: boolean
  run(context: CheckContext): Finding[]
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
  until?: string
}

export function compared(comparison: Comparison): Finding {
  const { code, scope, passed, limit, observed, unit, what, until } = comparison
  const message = `${what} ${observed} ${unit}, limit ${limit}`
  const finding: Finding = { code, passed, scope, limit, observed, unit, message }
  return until === undefined ? finding : { ...finding, until, message: `${message}, until ${until}` }
}

/** A finding without numbers. */
export function stated(code: RiskCode, scope: string, passed: boolean, message: string): Finding {
  return { code, passed, scope, limit: null, observed: null, unit: null, message }
}

/** The rule was not applied. */
export function skipped(code: RiskCode, scope: string, reason: NonNullable<CheckResult['skipped']>): Finding {
  return {
    code,
    passed: true,
    skipped: reason,
    scope,
    limit: null,
    observed: null,
    unit: null,
    message: SKIPPED[reason],
  }
}

const SKIPPED = {
  reducing: 'not applied: the order reduces a position',
  off: 'not applied: switched off',
  not_applicable: 'not applied: does not concern this order',
} as const

/** A missing amount fails closed. */
export function unknown(code: RiskCode, scope: string, unit: RiskUnit, what: string): Finding {
  return { code, passed: false, scope, limit: null, observed: null, unit, message: `${what} is unknown` }
}

/** USD at product scale as text, cut at 8 decimals. */
export function formatUsdWide(wide: bigint): string {
  return formatScaled(wide, 2, 8)
}
