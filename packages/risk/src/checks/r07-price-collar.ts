import { type Check, type CheckContext, compared, skipped, unknown } from '../check.ts'
import { type Exact, abs, compare, exact, format, minus, plus, quotient, sign, times } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/**
 * R07: |limit - reference| / reference over the collar, 5 % (FX 1 %), doubled for reducing orders. The caller feeds
 * `collar_breached` to the strategy's state for each breach; too many put it into REDUCING.
 */
export const r07PriceCollar: Check = {
  id: 'R07',
  exemptsReducing: false,
  run(context) {
    const { limitPrice, referencePrice, strategyScope } = context
    if (limitPrice === null) return [skipped('R07', 'PRICE_COLLAR', strategyScope, 'not_applicable')]
    if (referencePrice === null || sign(referencePrice) <= 0)
      return [unknown('R07', 'PRICE_COLLAR', strategyScope, 'fraction', WHAT)]
    return [judge(context, limitPrice, referencePrice)]
  },
}

const WHAT = 'distance from the reference price'

function judge(
  { request, limits, reducing, strategyScope }: CheckContext,
  price: Exact,
  reference: Exact,
): CheckResult {
  const isFx = request.instrument?.contractType === 'FX'
  const plain = exact(isFx ? limits.priceCollarFx : limits.priceCollar)
  const collar = reducing ? plus(plain, plain) : plain
  const distance = abs(minus(price, reference))
  return compared({
    id: 'R07',
    code: 'PRICE_COLLAR',
    passed: compare(distance, times(collar, reference)) <= 0,
    scope: strategyScope,
    limit: format(collar),
    observed: format(quotient(distance, reference, 6)),
    unit: 'fraction',
    message: WHAT,
  })
}
