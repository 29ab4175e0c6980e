import { Decimal } from '../money.ts'

/**
 * Decimals kept when a cost basis is divided pro rata. The share is cut here and the remainder stays with the
 * position, so with sums of at most 60 digits nothing is ever lost: at flat, realised P&L equals the cash flows exactly.
 */
const COST_DECIMALS = 18

/** The share of `amount` that belongs to `part` of `whole`, half-up at 18 decimals (1e-18). Exact if `part` is `whole`. */
export function shareOf(amount: Decimal, part: Decimal, whole: Decimal): Decimal {
  if (part.eq(whole)) return amount
  return amount.times(part).div(whole).toDecimalPlaces(COST_DECIMALS, Decimal.ROUND_HALF_UP)
}

/** The quantity-weighted mean of two prices, half-up at 18 decimals. For display; no P&L is computed from it. */
export function weightedPrice(a: Decimal, quantityA: Decimal, b: Decimal, quantityB: Decimal): Decimal {
  if (quantityA.isZero() || a.eq(b)) return b
  const total = quantityA.plus(quantityB)
  return a
    .times(quantityA)
    .plus(b.times(quantityB))
    .div(total)
    .toDecimalPlaces(COST_DECIMALS, Decimal.ROUND_HALF_UP)
}
