import { type Check, type CheckContext, report, skipped, unknown } from '../check.ts'
import { type Exact, abs, compare, exact, format, minus, plus, quotient, sign, times } from '../exact.ts'
import type { CheckResult } from '../verdict.ts'

/**
 * R07: |limit - reference| / reference over the collar, 5 % (FX 1 %), doubled for reducing orders. The caller feeds
 * `collar_breached` to the strategy's state for each breach; too many put it into REDUCING.
 */
export const r07PriceCollar: Check = {
  id: 'R07',
  exemptsReducing: false,
  run: (context) => report(context, judge(context)),
}

const WHAT = 'distance from the reference price'

function judge(context: CheckContext): CheckResult {
  const { limitPrice, referencePrice, strategyScope } = context
  if (limitPrice === null) return skipped('R07', 'PRICE_COLLAR', strategyScope, 'not_applicable')
  if (referencePrice === null || sign(referencePrice) <= 0)
    return unknown('R07', 'PRICE_COLLAR', strategyScope, 'fraction', WHAT)
  return collared(context, limitPrice, referencePrice)
}

function collared(
  { request, limits, reducing, strategyScope }: CheckContext,
  price: Exact,
  reference: Exact,
): CheckResult {
  const isFx = request.instrument?.contractType === 'FX'
  const plain = exact(isFx ? limits.priceCollarFx : limits.priceCollar)
  const collar = reducing ? plus(plain, plain) : plain
  const distance = abs(minus(price, reference))
  const limit = format(collar)
  const observed = format(quotient(distance, reference, 6))
  return {
    id: 'R07',
    code: 'PRICE_COLLAR',
    passed: compare(distance, times(collar, reference)) <= 0,
    scope: strategyScope,
    limit,
    observed,
    unit: 'fraction',
    message: `${WHAT} ${observed} fraction, limit ${limit}`,
  }
}
