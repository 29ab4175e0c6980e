import { type Check, type CheckContext, compared, skipped, unknown } from '../check.ts'
import { ONE_SCALED, absScaled, formatScaled, toScaled } from '../scaled.ts'
import type { CheckResult } from '../verdict.ts'

/**
 * R07: |limit - reference| / reference over the collar, 5 % (FX 1 %), doubled for reducing orders. The caller feeds
 * `collar_breached` to the strategy's state for each breach; too many put it into REDUCING.
 */
export const r07PriceCollar: Check = {
  id: 'R07',
  exemptsReducing: false,
  run(context) {
    const { limitPrice, strategyScope } = context
    if (limitPrice === null) return [skipped('PRICE_COLLAR', strategyScope, 'not_applicable')]
    return [judge(context, limitPrice, context.referencePrice ?? 0n)]
  },
}

function judge(
  { request, limits, reducing, strategyScope }: CheckContext,
  price: bigint,
  reference: bigint,
): CheckResult {
  if (reference <= 0n)
    return unknown('PRICE_COLLAR', strategyScope, 'fraction', 'distance from the reference price')
  const plain = toScaled(
    request.instrument?.contractType === 'FX' ? limits.priceCollarFx : limits.priceCollar,
  )
  const collar = reducing ? plain * 2n : plain
  const distance = absScaled(price - reference)
  return compared({
    code: 'PRICE_COLLAR',
    scope: strategyScope,
    passed: distance * ONE_SCALED <= collar * reference,
    limit: formatScaled(collar),
    observed: formatScaled((distance * ONE_SCALED) / reference, 1, 6),
    unit: 'fraction',
    what: 'distance from the reference price',
  })
}
