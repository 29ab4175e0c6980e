import { type Check, type CheckContext, report, skipped } from '../check.ts'
import type { CheckResult } from '../verdict.ts'

/** R24: the signal's confidence is below the strategy's `signal_threshold`. */
export const r24Confidence: Check = {
  id: 'R24',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge({ request, limits, strategyScope }: CheckContext): CheckResult {
  const code = 'CONFIDENCE_BELOW_THRESHOLD'
  if (request.signal === null) return skipped('R24', code, strategyScope, 'not_applicable')
  if (limits.signalThreshold === null) return skipped('R24', code, strategyScope, 'off')
  const { confidence } = request.signal
  const limit = String(limits.signalThreshold)
  const observed = String(confidence)
  return {
    id: 'R24',
    code,
    passed: confidence >= limits.signalThreshold,
    scope: strategyScope,
    limit,
    observed,
    unit: 'confidence',
    message: `confidence of the signal ${observed} confidence, limit ${limit}`,
  }
}
