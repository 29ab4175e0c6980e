import { type Check, type CheckContext, compared, stated } from '../check.ts'
import type { RiskCode } from '../codes.ts'
import { compare, exact, isMultiple, sign } from '../exact.ts'
import type { RiskInstrument } from '../request.ts'
import type { CheckResult } from '../verdict.ts'

/** R04: the symbol is known, prices are positive multiples of the tick, the quantity is a multiple of the lot in range. */
export const r04Instrument: Check = {
  id: 'R04',
  exemptsReducing: false,
  run(context) {
    const { symbolScope: scope } = context
    const { instrument, order } = context.request
    if (instrument === null) {
      const message = `${order.symbol} is not known, or its currency has no USD rate`
      return [stated('R04', 'INSTRUMENT_NOT_FOUND', scope, false, message)]
    }
    return [
      stated('R04', 'INSTRUMENT_NOT_FOUND', scope, true, `${order.symbol} is known`),
      ...priceFindings(context, instrument),
      ...quantityFindings(context, instrument),
    ]
  },
}

function priceFindings({ request, symbolScope: scope }: CheckContext, { tickSize }: RiskInstrument) {
  const tick = exact(tickSize)
  const { limitPrice, stopPrice, stopLoss, takeProfit = null } = request.order
  const findings: CheckResult[] = []
  for (const price of [limitPrice, stopPrice, stopLoss, takeProfit]) {
    if (price === null) continue
    const value = exact(price)
    const row = { scope, observed: price, unit: 'price', what: 'price' } as const
    findings.push(
      compared({
        ...row,
        id: 'R04',
        code: 'PRICE_PRECISION',
        passed: isMultiple(value, tick),
        limit: tickSize,
      }),
      compared({ ...row, id: 'R04', code: 'PRICE_NOT_POSITIVE', passed: sign(value) > 0, limit: '0' }),
    )
  }
  return findings
}

function quantityFindings(
  { request, quantity, symbolScope: scope }: CheckContext,
  instrument: RiskInstrument,
) {
  const { lotSize, minQuantity, maxQuantity } = instrument
  const observed = request.order.quantity
  const row = (code: RiskCode, passed: boolean, limit: string): CheckResult =>
    compared({ id: 'R04', code, scope, passed, limit, observed, unit: 'units', what: 'quantity' })
  const isEnough = sign(quantity) > 0 && compare(quantity, exact(minQuantity)) >= 0
  const findings = [
    row('QTY_PRECISION', isMultiple(quantity, exact(lotSize)), lotSize),
    row('QTY_BELOW_MIN', isEnough, minQuantity),
  ]
  if (maxQuantity !== null)
    findings.push(row('QTY_ABOVE_MAX', compare(quantity, exact(maxQuantity)) <= 0, maxQuantity))
  return findings
}
