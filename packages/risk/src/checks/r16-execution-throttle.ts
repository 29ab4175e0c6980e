import { type Check, type CheckContext, report, skipped } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R16: automated executions since a person armed the strategy; off by default, survives the day roll. */
export const r16ExecutionThrottle: Check = {
  id: 'R16',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge({ states, limits, strategyScope }: CheckContext): CheckResult {
  const { executionThrottle } = limits
  if (executionThrottle === null) return skipped('R16', 'EXECUTION_THROTTLE', strategyScope, 'off')
  const { executions } = states.strategy
  const limit = String(executionThrottle)
  const observed = String(executions)
  return {
    id: 'R16',
    code: 'EXECUTION_THROTTLE',
    passed: executions < executionThrottle,
    scope: strategyScope,
    limit,
    observed,
    unit: 'executions',
    message: `automated executions since armed ${observed} executions, limit ${limit}`,
  }
}
