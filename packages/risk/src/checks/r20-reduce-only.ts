import { type Check, type CheckContext, report, skipped, stated } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R20: flagged reduce-only, but the projected position grows or flips. */
export const r20ReduceOnly: Check = {
  id: 'R20',
  exemptsReducing: false,
  run: (context) => report(context, judge(context)),
}

function judge({ request, reducing, strategyScope }: CheckContext): CheckResult {
  const code = 'REDUCE_ONLY_WOULD_INCREASE'
  if (!request.order.reduceOnly) return skipped('R20', code, strategyScope, 'not_applicable')
  const message = reducing
    ? 'the order only reduces'
    : 'a reduce-only order would open, grow or flip the position'
  return stated('R20', code, strategyScope, reducing, message)
}
