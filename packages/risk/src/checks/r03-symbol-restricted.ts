import { type Check, type CheckContext, stated } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R03: the deny-lists of strategy and account are hard; an allow-list binds unless the order reduces. */
export const r03SymbolRestricted: Check = {
  id: 'R03',
  exemptsReducing: false,
  run: (context) => [
    judge(context, context.strategyScope, context.limits.denySymbols, context.limits.allowSymbols),
    judge(
      context,
      context.accountScope,
      context.accountLimits.denySymbols,
      context.accountLimits.allowSymbols,
    ),
  ],
}

function judge(
  { request, reducing }: CheckContext,
  scope: string,
  deny: readonly string[],
  allow: readonly string[] | null,
): CheckResult {
  const { symbol } = request.order
  if (deny.includes(symbol))
    return stated('R03', 'SYMBOL_RESTRICTED', scope, false, `${symbol} is on the deny-list`)
  const listed = reducing || allow === null || allow.includes(symbol)
  const message = listed ? `${symbol} may be traded` : `${symbol} is not in the universe`
  return stated('R03', 'SYMBOL_RESTRICTED', scope, listed, message)
}
