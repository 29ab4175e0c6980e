import { type Check, type CheckContext, report, stated } from '../check.ts'
import type { RiskCode } from '../codes.ts'
import { compare, exact, isMultiple, sign } from '../exact.ts'
import type { RiskInstrument } from '../request.ts'

/** R04: the symbol is known, prices are positive multiples of the tick, the quantity is a multiple of the lot in range. */
export const r04Instrument: Check = {
  id: 'R04',
  exemptsReducing: false,
  run(context) {
    const { instrument, order } = context.request
    const message =
      instrument === null
        ? `${order.symbol} is not known, or its currency has no USD rate`
        : `${order.symbol} is known`
    report(context, stated('R04', 'INSTRUMENT_NOT_FOUND', context.symbolScope, instrument !== null, message))
    if (instrument === null) return
    judgePrices(context, instrument)
    judgeQuantity(context, instrument)
  },
}

function judgePrices(context: CheckContext, { tickSize }: RiskInstrument): void {
  const tick = exact(tickSize)
  const { limitPrice, stopPrice, stopLoss, takeProfit = null } = context.request.order
  for (const observed of [limitPrice, stopPrice, stopLoss, takeProfit]) {
    if (observed === null) continue
    const price = exact(observed)
    const row: Measured = { observed, unit: 'price', sentence: `price ${observed} price, limit ` }
    add(context, row, 'PRICE_PRECISION', isMultiple(price, tick), tickSize)
    add(context, row, 'PRICE_NOT_POSITIVE', sign(price) > 0, '0')
  }
}

function judgeQuantity(context: CheckContext, { lotSize, minQuantity, maxQuantity }: RiskInstrument): void {
  const { quantity } = context
  const observed = context.request.order.quantity
  const row: Measured = { observed, unit: 'units', sentence: `quantity ${observed} units, limit ` }
  const isEnough = sign(quantity) > 0 && compare(quantity, exact(minQuantity)) >= 0
  add(context, row, 'QTY_PRECISION', isMultiple(quantity, exact(lotSize)), lotSize)
  add(context, row, 'QTY_BELOW_MIN', isEnough, minQuantity)
  if (maxQuantity !== null)
    add(context, row, 'QTY_ABOVE_MAX', compare(quantity, exact(maxQuantity)) <= 0, maxQuantity)
}

interface Measured {
  observed: string
  unit: 'price' | 'units'
  /** All but the limit. */
  sentence: string
}

function add(
  context: CheckContext,
  { observed, unit, sentence }: Measured,
  code: RiskCode,
  passed: boolean,
  limit: string,
): void {
  const { symbolScope: scope } = context
  const message = sentence + limit
  report(context, { id: 'R04', code, passed, scope, limit, observed, unit, message })
}
