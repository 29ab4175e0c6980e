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
    const findings = [stated('R04', 'INSTRUMENT_NOT_FOUND', scope, true, `${order.symbol} is known`)]
    addPrices(findings, context, instrument)
    addQuantity(findings, context, instrument)
    return findings
  },
}

function addPrices(
  findings: CheckResult[],
  { request, symbolScope }: CheckContext,
  { tickSize }: RiskInstrument,
): void {
  const tick = exact(tickSize)
  const { limitPrice, stopPrice, stopLoss, takeProfit = null } = request.order
  for (const price of [limitPrice, stopPrice, stopLoss, takeProfit]) {
    if (price === null) continue
    const value = exact(price)
    const row = { scope: symbolScope, observed: price, unit: 'price', what: 'price' } as const
    findings.push(
      finding('PRICE_PRECISION', isMultiple(value, tick), tickSize, row),
      finding('PRICE_NOT_POSITIVE', sign(value) > 0, '0', row),
    )
  }
}

function addQuantity(
  findings: CheckResult[],
  { request, quantity, symbolScope }: CheckContext,
  { lotSize, minQuantity, maxQuantity }: RiskInstrument,
): void {
  const row = {
    scope: symbolScope,
    observed: request.order.quantity,
    unit: 'units',
    what: 'quantity',
  } as const
  const isEnough = sign(quantity) > 0 && compare(quantity, exact(minQuantity)) >= 0
  findings.push(
    finding('QTY_PRECISION', isMultiple(quantity, exact(lotSize)), lotSize, row),
    finding('QTY_BELOW_MIN', isEnough, minQuantity, row),
  )
  if (maxQuantity !== null)
    findings.push(finding('QTY_ABOVE_MAX', compare(quantity, exact(maxQuantity)) <= 0, maxQuantity, row))
}

interface Measured {
  scope: string
  observed: string
  unit: 'price' | 'units'
  what: string
}

function finding(
  code: RiskCode,
  passed: boolean,
  limit: string,
  { scope, observed, unit, what }: Measured,
): CheckResult {
  return compared({ id: 'R04', code, passed, scope, limit, observed, unit, message: what })
}
