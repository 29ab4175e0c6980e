import { type Check, compared, skipped } from '../check.ts'
import { hasToken, refillBucket } from '../token-bucket.ts'

/** R13: token bucket of submits and modifies per strategy. Cancels and queries never come here. */
export const r13MessageRate: Check = {
  id: 'R13',
  exemptsReducing: true,
  run({ request, limits, strategyScope }) {
    if (request.messageBucket === null) return [skipped('MESSAGE_RATE', strategyScope, 'not_applicable')]
    const bucket = refillBucket(request.messageBucket, limits.messagesPerSecond, request.now)
    const left = Math.floor(bucket.milliTokens / 1_000)
    return [
      compared({
        code: 'MESSAGE_RATE',
        scope: strategyScope,
        passed: hasToken(bucket),
        limit: '1',
        observed: String(left),
        unit: 'orders',
        what: `messages left of ${limits.messagesPerSecond} per second`,
      }),
    ]
  },
}
