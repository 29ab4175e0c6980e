import type { RiskCode } from './codes.ts'

type Digit = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

/** R01 to R26. */
export type RuleId = `R0${Digit}` | `R1${0 | Digit}` | `R2${0 | 1 | 2 | 3 | 4 | 5 | 6}`

/** Why a check was not made. */
export type SkipReason = 'reducing' | 'off' | 'not_applicable'

export type RiskUnit =
  | 'USD'
  | 'fraction'
  | 'units'
  | 'price'
  | 'orders'
  | 'positions'
  | 'seconds'
  | 'state'
  | 'losses'
  | 'executions'
  | 'confidence'

/** One rule applied to one scope: the row of the inspector. */
export interface CheckResult {
  id: RuleId
  code: RiskCode
  passed: boolean
  /** Set when the rule was not applied; then `passed` is true. */
  skipped?: SkipReason
  /** `global`, `account:PAPER`, `strategy:x:PAPER`, `symbol:SPX` or `order`. */
  scope: string
  limit: string | null
  observed: string | null
  unit: RiskUnit | null
  /** A sentence for people; of a check that passed as well. */
  message: string
  /** ISO 8601, when the block ends by itself. */
  until?: string
}

/** A denial is data, never an exception. */
export interface Verdict {
  allowed: boolean
  /** The order only shrinks its position, so the rules with that exemption did not apply. */
  reducing: boolean
  /** Every check in the documented order. */
  checks: CheckResult[]
  /** The failed ones in the same order; the first is the headline. */
  violations: CheckResult[]
}
