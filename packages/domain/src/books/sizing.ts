import { Decimal, ZERO, floorToStep, roundUsd } from '../money.ts'

/** The share of the notional that is assumed to be at risk when there is no stop. */
export const ASSUMED_RISK_WITHOUT_STOP: Decimal = new Decimal('0.1')

/** What sizes an entry. Prices in the quote currency, money in USD. */
export interface EntrySizing {
  /** USD. */
  allocation: Decimal
  /** Fraction of the allocation, 0..1. */
  size: number | Decimal
  /** Percent of the allocation that one trade may lose at its stop, as configured: 1.5 means 1.5 %. Null: no limit. */
  riskPerTradePct: Decimal | null
  entryPrice: Decimal
  stopPrice: Decimal | null
  /** Quantity step. */
  lot: Decimal
  /** USD per unit of quote currency. */
  usdRate: Decimal
  multiplier: Decimal
}

/**
 * Units to buy or sell for an entry: floor to lot of
 * min(size x allocation, riskPerTrade x allocation / |entry - stop| x entry) / (entry x multiplier x usdRate);
 * without a stop the first term alone (spec: books, "From signal to order"). USD/COP: quantity 1 = 1 USD.
 * @returns 0 when nothing fits one lot, or a price, rate or the allocation is not positive
 */
export function entryQuantity(sizing: EntrySizing): Decimal {
  const { allocation, entryPrice, lot } = sizing
  if (!allocation.gt(0) || !entryPrice.gt(0) || !sizing.usdRate.gt(0)) return ZERO
  const bySize = allocation.times(sizing.size)
  const byRisk = notionalAtRiskLimit(sizing)
  const notional = byRisk !== null && byRisk.lt(bySize) ? byRisk : bySize
  if (!notional.gt(0)) return ZERO
  // 1/price is rounded at 60 digits; cutting the quotient at 40 decimals keeps 15000 USD from becoming 14999.99...9.
  const units = notional
    .div(entryPrice.times(sizing.multiplier).times(sizing.usdRate))
    .toDecimalPlaces(40, Decimal.ROUND_HALF_UP)
  return floorToStep(units, lot)
}

function notionalAtRiskLimit({
  allocation,
  riskPerTradePct,
  entryPrice,
  stopPrice,
}: EntrySizing): Decimal | null {
  if (riskPerTradePct === null || stopPrice === null) return null
  const distance = entryPrice.minus(stopPrice).abs()
  if (distance.isZero()) return null
  return riskPerTradePct.div(100).times(allocation).div(distance).times(entryPrice)
}

/** What `riskUsd` needs. */
export interface RiskedEntry {
  quantity: Decimal
  entryPrice: Decimal
  stopPrice: Decimal | null
  usdRate: Decimal
  multiplier: Decimal
}

/** USD at risk: quantity x |entry - stop| in USD, or 10 % of the notional without a stop. Half-up at 1e-8. */
export function riskUsd(entry: RiskedEntry): Decimal {
  const perPoint = entry.quantity.abs().times(entry.multiplier).times(entry.usdRate)
  if (entry.stopPrice === null) {
    return roundUsd(perPoint.times(entry.entryPrice).times(ASSUMED_RISK_WITHOUT_STOP))
  }
  return roundUsd(perPoint.times(entry.entryPrice.minus(entry.stopPrice).abs()))
}
