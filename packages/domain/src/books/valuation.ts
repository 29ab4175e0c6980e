import { Decimal, ONE, ZERO, roundUsd } from '../money.ts'
import type { Instrument, Position } from '../trading.ts'

/** Unrealised P&L of an open position at a mark. */
export interface Unrealized {
  /** Quote currency, exact. */
  quote: Decimal
  /** USD at the given rate, half-up at 1e-8. */
  usd: Decimal
  /** Fraction of the absolute cost basis; 0 for a flat position. */
  pct: Decimal
}

type Held = Pick<Position, 'quantity' | 'costBasis'>
type Multiplied = Pick<Instrument, 'multiplier'>

/** Average entry price of what is still open, quote currency per unit; always positive, 0 when flat. */
export function averageEntryPrice(position: Held, instrument: Multiplied): Decimal {
  if (position.quantity.isZero()) return ZERO
  return position.costBasis.div(position.quantity).div(instrument.multiplier)
}

/** Signed market value in the quote currency: quantity x mark x multiplier (short: negative). */
export function marketValue(
  position: Pick<Position, 'quantity'>,
  markPrice: Decimal,
  instrument: Multiplied,
): Decimal {
  return position.quantity.times(markPrice).times(instrument.multiplier)
}

/** Signed market value in USD, half-up at 1e-8. */
export function marketValueUsd(
  position: Pick<Position, 'quantity'>,
  markPrice: Decimal,
  instrument: Multiplied,
  usdRate: Decimal,
): Decimal {
  return roundUsd(marketValue(position, markPrice, instrument).times(usdRate))
}

/** Unrealised P&L: market value minus cost basis; the same formula for long and short since both are signed. */
export function unrealized(
  position: Held,
  markPrice: Decimal,
  instrument: Multiplied,
  usdRate: Decimal,
): Unrealized {
  const quote = marketValue(position, markPrice, instrument).minus(position.costBasis)
  const cost = position.costBasis.abs()
  return { quote, usd: roundUsd(quote.times(usdRate)), pct: cost.isZero() ? ZERO : quote.div(cost) }
}

/** Net P&L of a round trip in USD: realised minus all its fees. Of an open position: of the part closed so far. */
export function tradeNetPnlUsd(position: Pick<Position, 'realizedUsd' | 'feesUsd'>): Decimal {
  return position.realizedUsd.minus(position.feesUsd)
}

/** True when `usdRateOf` can tell the rate: quoted in USD, or a pair `USD/XXX` quoted in XXX. */
export function hasUsdRate({ symbol, currency }: Pick<Instrument, 'symbol' | 'currency'>): boolean {
  return currency === 'USD' || symbol === `USD/${currency}`
}

/**
 * USD per unit of the instrument's quote currency at a price: 1 for instruments quoted in USD, 1/price for a pair
 * `USD/XXX` quoted in XXX (60 digits). Any other quote currency needs a rate source, which the caller must bring.
 * @throws {RangeError} when the rate cannot be derived from the instrument's own price, or the price is not positive
 */
export function usdRateOf(instrument: Pick<Instrument, 'symbol' | 'currency'>, price: Decimal): Decimal {
  if (instrument.currency === 'USD') return ONE
  if (!hasUsdRate(instrument)) {
    throw new RangeError(
      `no USD rate for ${instrument.symbol} in ${instrument.currency}: give one explicitly`,
    )
  }
  if (!price.gt(0)) throw new RangeError(`no USD rate at a price of ${price.toFixed()}`)
  return ONE.div(price)
}

/**
 * USD value of one unit at a price: price x multiplier x rate, half-up at 1e-18. Exactly the multiplier for `USD/XXX`
 * pairs, where multiplying by 1/price would leave a rounding residue that tips limits met exactly.
 */
export function unitValueUsd(
  instrument: Pick<Instrument, 'symbol' | 'currency' | 'multiplier'>,
  price: Decimal,
  usdRate?: Decimal,
): Decimal {
  if (usdRate === undefined && instrument.symbol === `USD/${instrument.currency}`)
    return instrument.multiplier
  const rate = usdRate ?? usdRateOf(instrument, price)
  return price.times(instrument.multiplier).times(rate).toDecimalPlaces(18, Decimal.ROUND_HALF_UP)
}
