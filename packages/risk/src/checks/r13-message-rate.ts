import { type Check, type CheckContext, report } from '../check.ts'
import { fullBucket, hasToken, refillBucket } from '../token-bucket.ts'
import type { CheckResult } from '../verdict.ts'

/** R13: token bucket of submits and modifies per strategy. Cancels and queries never come here. */
export const r13MessageRate: Check = {
  id: 'R13',
  exemptsReducing: true,
  run: (context) => report(context, judge(context)),
}

function judge({ request, limits, strategyScope }: CheckContext): CheckResult {
  const perSecond = limits.messagesPerSecond
  const before = request.messageBucket ?? fullBucket(perSecond, request.now)
  const bucket = refillBucket(before, perSecond, request.now)
  const observed = String(Math.floor(bucket.milliTokens / 1_000))
  return {
    id: 'R13',
    code: 'MESSAGE_RATE',
    passed: hasToken(bucket),
    scope: strategyScope,
    limit: '1',
    observed,
    unit: 'orders',
    message: `messages left of ${perSecond} per second ${observed} orders, limit 1`,
  }
}
