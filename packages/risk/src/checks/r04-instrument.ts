import { type Check, type CheckContext, compared, stated } from '../check.ts'
import type { RiskCode } from '../codes.ts'
import type { RiskInstrument } from '../request.ts'
import { toScaled } from '../scaled.ts'
import type { CheckResult } from '../verdict.ts'

/** R04: the symbol is known, prices are positive multiples of the tick, the quantity is a multiple of the lot in range. */
export const r04Instrument: Check = {
  id: 'R04',
  exemptsReducing: false,
  run(context) {
    const { instrument, order } = context.request
    const scope = `symbol:${order.symbol}`
    if (instrument === null)
      return [
        stated(
          'INSTRUMENT_NOT_FOUND',
          scope,
          false,
          `${order.symbol} is not known, or its currency has no USD rate`,
        ),
      ]
    return [
      stated('INSTRUMENT_NOT_FOUND', scope, true, `${order.symbol} is known`),
      ...priceFindings(context, instrument, scope),
      ...quantityFindings(context, instrument, scope),
    ]
  },
}

function priceFindings({ request }: CheckContext, instrument: RiskInstrument, scope: string): CheckResult[] {
  const tick = toScaled(instrument.tickSize)
  const { limitPrice, stopPrice, stopLoss, takeProfit = null } = request.order
  return [limitPrice, stopPrice, stopLoss, takeProfit].flatMap((price) => {
    if (price === null) return []
    const value = toScaled(price)
    const row = { scope, observed: price, unit: 'price' as const, what: 'price' }
    return [
      compared({ ...row, code: 'PRICE_PRECISION', passed: value % tick === 0n, limit: instrument.tickSize }),
      compared({ ...row, code: 'PRICE_NOT_POSITIVE', passed: value > 0n, limit: '0' }),
    ]
  })
}

function quantityFindings(context: CheckContext, instrument: RiskInstrument, scope: string): CheckResult[] {
  const { quantity } = context
  const row = (code: RiskCode, passed: boolean, limit: string): CheckResult =>
    compared({
      code,
      scope,
      passed,
      limit,
      observed: context.request.order.quantity,
      unit: 'units',
      what: 'quantity',
    })
  const { lotSize, minQuantity, maxQuantity } = instrument
  const findings = [
    row('QTY_PRECISION', quantity % toScaled(lotSize) === 0n, lotSize),
    row('QTY_BELOW_MIN', quantity > 0n && quantity >= toScaled(minQuantity), minQuantity),
  ]
  if (maxQuantity !== null)
    findings.push(row('QTY_ABOVE_MAX', quantity <= toScaled(maxQuantity), maxQuantity))
  return findings
}
