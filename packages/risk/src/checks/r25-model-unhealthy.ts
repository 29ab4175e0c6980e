import { type Check, type CheckContext, report, skipped, stated } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R25: a critical model opens nothing. A warning changes nothing here: a check never resizes. */
export const r25ModelUnhealthy: Check = {
  id: 'R25',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge({ request, strategyScope }: CheckContext): CheckResult {
  const { modelHealth } = request
  if (modelHealth === null) return skipped('R25', 'MODEL_UNHEALTHY', strategyScope, 'not_applicable')
  const isFit = modelHealth !== 'critical'
  return stated('R25', 'MODEL_UNHEALTHY', strategyScope, isFit, `the model is ${modelHealth}`)
}
