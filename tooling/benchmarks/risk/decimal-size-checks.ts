import { Decimal } from '@quantdeck/domain'
import type { CheckResult, RiskCode } from '@quantdeck/risk'
import {
  compared,
  type DecimalCheck,
  decimalOrNull,
  type Judged,
  shown,
  sizeCheck,
  skipped,
  stated,
  unknown,
} from './decimal-check.ts'

export const instrument: DecimalCheck = ({ request, quantity }) => {
  const { order, instrument: known } = request
  const scope = `symbol:${order.symbol}`
  if (!known) {
    const message = `${order.symbol} is not known, or its currency has no USD rate`
    return [stated('INSTRUMENT_NOT_FOUND', scope, false, message)]
  }
  const row = (code: RiskCode, passed: boolean, limit: string): CheckResult =>
    compared({ code, scope, passed, limit, observed: order.quantity, unit: 'units', what: 'quantity' })
  const prices = [order.limitPrice, order.stopPrice, order.stopLoss, order.takeProfit ?? null]
  return [
    stated('INSTRUMENT_NOT_FOUND', scope, true, `${order.symbol} is known`),
    ...prices.flatMap((price) => (price === null ? [] : priceRows(price, known.tickSize, scope))),
    row('QTY_PRECISION', quantity.mod(known.lotSize).isZero(), known.lotSize),
    row('QTY_BELOW_MIN', quantity.gt(0) && quantity.gte(known.minQuantity), known.minQuantity),
    ...(known.maxQuantity === null
      ? []
      : [row('QTY_ABOVE_MAX', quantity.lte(known.maxQuantity), known.maxQuantity)]),
  ]
}

function priceRows(price: string, tick: string, scope: string): CheckResult[] {
  const value = new Decimal(price)
  const row = { scope, observed: price, unit: 'price' as const, what: 'price' }
  return [
    compared({ ...row, code: 'PRICE_PRECISION', passed: value.mod(tick).isZero(), limit: tick }),
    compared({ ...row, code: 'PRICE_NOT_POSITIVE', passed: value.gt(0), limit: '0' }),
  ]
}

export const maxOrderQuantity: DecimalCheck = ({ request, states, limits, quantity }) => {
  const { scope } = states.strategy
  const { symbol, quantity: observed } = request.order
  const limit = limits.maxOrderQuantityBySymbol[symbol] ?? limits.maxOrderQuantity
  if (limit === null) return [skipped('MAX_ORDER_QTY', scope, 'off')]
  return [
    compared({
      code: 'MAX_ORDER_QTY',
      scope,
      passed: quantity.lte(limit),
      limit,
      observed,
      unit: 'units',
      what: 'order quantity',
    }),
  ]
}

export const maxOrderNotional: DecimalCheck = ({ request, states, limits, notional }) => {
  const { accountEquityUsd, allocationUsd } = request.books
  const row = (scope: string) => ({ code: 'MAX_ORDER_NOTIONAL' as const, scope, what: 'order notional' })
  const ofAccount = decimalOrNull(accountEquityUsd)?.times(limits.maxOrderNotionalOfAccountEquity) ?? null
  const ofAllocation = decimalOrNull(allocationUsd)?.times(limits.maxOrderNotionalOfAllocation) ?? null
  return [
    sizeCheck(row(states.account.scope), notional, ofAccount),
    sizeCheck(row(states.strategy.scope), notional, ofAllocation),
  ]
}

export const priceCollar: DecimalCheck = ({ request, states, limits, reducing }) => {
  const { scope } = states.strategy
  const { limitPrice } = request.order
  if (limitPrice === null) return [skipped('PRICE_COLLAR', scope, 'not_applicable')]
  const what = 'distance from the reference price'
  const reference = decimalOrNull(request.market.referencePrice)
  if (!reference?.gt(0)) return [unknown('PRICE_COLLAR', scope, 'fraction', what)]
  const isFx = request.instrument?.contractType === 'FX'
  const collar = new Decimal(isFx ? limits.priceCollarFx : limits.priceCollar).times(reducing ? 2 : 1)
  const distance = new Decimal(limitPrice).minus(reference).abs()
  return [
    compared({
      code: 'PRICE_COLLAR',
      scope,
      passed: distance.lte(collar.times(reference)),
      limit: collar.toFixed(),
      observed: shown(distance.div(reference), 6),
      unit: 'fraction',
      what,
    }),
  ]
}

export const freeBalance: DecimalCheck = ({ request, states, notional }) => {
  const { freeBalanceUsd, estimatedFeesUsd, workingBuysUsd } = request.books
  const row = {
    code: 'INSUFFICIENT_FREE_BALANCE' as const,
    scope: states.account.scope,
    what: 'needed balance',
  }
  const needed = notional?.plus(estimatedFeesUsd).plus(workingBuysUsd) ?? null
  return [sizeCheck(row, needed, freeBalanceUsd)]
}

export const maxPosition: DecimalCheck = ({ request, states, limits, ...judged }) => {
  const row = { code: 'MAX_POSITION' as const, scope: states.strategy.scope, what: 'projected position' }
  const limit = limits.maxPositionNotionalUsd ?? request.books.allocationUsd
  const unitValue = decimalOrNull(request.market.unitValueUsd)
  const added = judged.workingSameSide.plus(judged.quantity)
  const projected = request.order.side === 'BUY' ? judged.position.plus(added) : judged.position.minus(added)
  return [sizeCheck(row, unitValue && projected.abs().times(unitValue), limit)]
}

export const grossExposure: DecimalCheck = ({ request, states, limits, accountLimits, notional }) => {
  const { accountEquityUsd, accountGrossUsd } = request.books
  const row = { code: 'MAX_GROSS_EXPOSURE' as const, scope: states.account.scope, what: 'gross exposure' }
  const share = Decimal.min(limits.maxGrossExposure, accountLimits.maxGrossExposure)
  const limit = decimalOrNull(accountEquityUsd)?.times(share) ?? null
  return [sizeCheck(row, notional && notional.plus(accountGrossUsd), limit)]
}

export const strategyAllocation: DecimalCheck = (judged) => {
  const { request, states, notional } = judged
  const row = {
    code: 'STRATEGY_ALLOCATION' as const,
    scope: states.strategy.scope,
    what: 'strategy notional',
  }
  const total = notional && notional.plus(request.books.strategyGrossUsd)
  return [sizeCheck(row, total, request.books.allocationUsd), riskPerTrade(judged)]
}

function riskPerTrade({ request, states, limits, notional }: Judged): CheckResult {
  const { stopLoss, limitPrice, stopPrice } = request.order
  const row = { code: 'MAX_RISK_PER_TRADE' as const, scope: states.strategy.scope, what: 'risk of the trade' }
  const equity = decimalOrNull(request.books.strategyEquityUsd)
  const limit = equity?.times(limits.maxRiskPerTrade) ?? null
  if (stopLoss === null) {
    const assumed = notional && notional.times(limits.assumedRiskWithoutStop)
    return assumed && limit
      ? sizeCheck({ ...row, what: 'risk of the trade (no stop)' }, assumed, limit)
      : sizeCheck(row, assumed, limit)
  }
  const entry = decimalOrNull(limitPrice ?? stopPrice ?? request.market.referencePrice)
  const isKnown = entry !== null && entry.gt(0) && notional !== null
  return sizeCheck(row, isKnown ? notional.times(entry.minus(stopLoss).abs()).div(entry) : null, limit)
}

export const windowNotional: DecimalCheck = ({ request, states, limits, notional }) => {
  const { scope } = states.strategy
  const allocation = decimalOrNull(request.books.allocationUsd)
  if (!notional || !allocation) return [unknown('WINDOW_NOTIONAL', scope, 'USD', 'notional in the window')]
  const since = request.now - limits.windowSeconds * 1_000
  const total = request.recentOrders
    .filter((recent) => recent.at > since)
    .reduce((sum, recent) => sum.plus(recent.notionalUsd), notional)
  const limit = allocation.times(limits.windowNotionalOfAllocation)
  const what = `notional within ${limits.windowSeconds} s`
  return [sizeCheck({ code: 'WINDOW_NOTIONAL', scope, what }, total, limit)]
}

export const duplicateOrder: DecimalCheck = ({ request, states, limits, quantity }) => {
  const { scope } = states.strategy
  const { order, now } = request
  if (order.allowDuplicate === true) return [skipped('DUPLICATE_ORDER', scope, 'off')]
  const price = decimalOrNull(order.limitPrice ?? order.stopPrice)
  const twin = request.recentOrders.findLast(
    (recent) =>
      now - recent.at < limits.duplicateWindowSeconds * 1_000 &&
      recent.symbol === order.symbol &&
      recent.side === order.side &&
      recent.orderType === order.orderType &&
      quantity.eq(recent.quantity) &&
      (price === null || recent.price === null ? price === recent.price : price.eq(recent.price)),
  )
  if (!twin) return [stated('DUPLICATE_ORDER', scope, true, 'no identical order in the window')]
  return [
    compared({
      code: 'DUPLICATE_ORDER',
      scope,
      passed: false,
      limit: String(limits.duplicateWindowSeconds),
      observed: String((now - twin.at) / 1_000),
      unit: 'seconds',
      what: 'age of an identical order',
    }),
  ]
}

export const selfTrade: DecimalCheck = ({ request, states }) => {
  const { order, market } = request
  const reach = decimalOrNull(order.limitPrice ?? market.referencePrice)
  const crossed = request.restingOrders.find((resting) => {
    if (resting.symbol !== order.symbol || resting.side === order.side || order.orderType === 'STOP')
      return false
    if (!reach) return true
    return order.side === 'BUY' ? reach.gte(resting.limitPrice) : reach.lte(resting.limitPrice)
  })
  const message = crossed
    ? `would trade with own order ${crossed.orderId}`
    : 'crosses no order of the account'
  return [stated('SELF_TRADE', states.account.scope, !crossed, message)]
}
