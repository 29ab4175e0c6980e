import { type Check, type CheckContext, report, skipped, stated, unknown } from '../check.ts'
import { format } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/** R23: the signal is older than its time to live (5 bars), or was used before. A CLOSE never expires. */
export const r23SignalExpired: Check = {
  id: 'R23',
  exemptsReducing: false,
  run: (context) => report(context, judge(context)),
}

function judge({ request, limits, reducing, strategyScope }: CheckContext): CheckResult {
  const { signal, instrument, now } = request
  const code = 'SIGNAL_EXPIRED'
  if (signal === null) return skipped('R23', code, strategyScope, 'not_applicable')
  if (signal.signal === 'CLOSE' && reducing) return skipped('R23', code, strategyScope, 'reducing')
  if (signal.alreadyUsed) return stated('R23', code, strategyScope, false, 'the signal was used before')
  if (instrument === null) return unknown('R23', code, strategyScope, 'seconds', 'time to live of the signal')
  const ttlMs = limits.signalTtlBars * instrument.barIntervalSeconds * 1_000
  const limit = String(ttlMs / 1_000)
  const observed = format({ units: now - signal.signalAt, places: 3, big: null })
  return {
    id: 'R23',
    code,
    passed: now - signal.signalAt <= ttlMs,
    scope: strategyScope,
    limit,
    observed,
    unit: 'seconds',
    message: `age of the signal ${observed} seconds, limit ${limit}`,
  }
}
