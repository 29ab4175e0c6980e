import { type Check, type CheckContext, report, stated } from '../check.ts'
import type { RiskLimits } from '../limits.ts'
import type { CheckResult } from '../verdict.ts'

/** R03: the deny-lists of strategy and account are hard; an allow-list binds unless the order reduces. */
export const r03SymbolRestricted: Check = {
  id: 'R03',
  exemptsReducing: false,
  run(context) {
    const { limits, accountLimits, strategyScope, accountScope } = context
    report(context, judge(context, strategyScope, limits))
    report(context, judge(context, accountScope, accountLimits))
  },
}

function judge(
  { request, reducing }: CheckContext,
  scope: string,
  { denySymbols, allowSymbols }: RiskLimits,
): CheckResult {
  const { symbol } = request.order
  if (denySymbols.includes(symbol))
    return stated('R03', 'SYMBOL_RESTRICTED', scope, false, `${symbol} is on the deny-list`)
  const listed = reducing || allowSymbols === null || allowSymbols.includes(symbol)
  const message = listed ? `${symbol} may be traded` : `${symbol} is not in the universe`
  return stated('R03', 'SYMBOL_RESTRICTED', scope, listed, message)
}
