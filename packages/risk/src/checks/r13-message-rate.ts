import { type Check, compared } from '../check.ts'
import { fullBucket, hasToken, refillBucket } from '../token-bucket.ts'

/** R13: token bucket of submits and modifies per strategy. Cancels and queries never come here. */
export const r13MessageRate: Check = {
  id: 'R13',
  exemptsReducing: true,
  run({ request, limits, strategyScope }) {
    const perSecond = limits.messagesPerSecond
    const before = request.messageBucket ?? fullBucket(perSecond, request.now)
    const bucket = refillBucket(before, perSecond, request.now)
    const left = Math.floor(bucket.milliTokens / 1_000)
    return [
      compared({
        id: 'R13',
        code: 'MESSAGE_RATE',
        passed: hasToken(bucket),
        scope: strategyScope,
        limit: '1',
        observed: String(left),
        unit: 'orders',
        message: `messages left of ${perSecond} per second`,
      }),
    ]
  },
}
