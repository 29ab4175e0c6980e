import type { TokenBucket } from './request.ts'

const TOKEN = 1_000

/** A full bucket; its size (the burst) equals the tokens per second. */
export function fullBucket(perSecond: number, at: number): TokenBucket {
  return { milliTokens: perSecond * TOKEN, at }
}

/** The bucket as of `now`: integers only, never above the burst, and a clock that steps back takes nothing away. */
export function refillBucket(bucket: TokenBucket, perSecond: number, now: number): TokenBucket {
  const elapsedMs = Math.max(0, now - bucket.at)
  const milliTokens = Math.min(perSecond * TOKEN, bucket.milliTokens + elapsedMs * perSecond)
  return { milliTokens, at: Math.max(now, bucket.at) }
}

/** True if one message may be sent. */
export function hasToken(bucket: TokenBucket): boolean {
  return bucket.milliTokens >= TOKEN
}

/** The bucket after one message, or null when it is empty. */
export function spendToken(bucket: TokenBucket, perSecond: number, now: number): TokenBucket | null {
  const refilled = refillBucket(bucket, perSecond, now)
  return hasToken(refilled) ? { ...refilled, milliTokens: refilled.milliTokens - TOKEN } : null
}
