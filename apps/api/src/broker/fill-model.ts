import { Decimal, type Instrument, type OrderSide, roundUsd, ZERO } from '@quantdeck/domain'

/**
 * What the simulated broker charges. Not zero by default, and printed with every result.
 * `slippageBps` moves a market or stop fill against the order; `feeBps` is of the notional in USD.
 */
export interface CostModel {
  slippageBps: number
  feeBps: number
  minimumFeeUsd: number
}

export const DEFAULT_COSTS: CostModel = { slippageBps: 0.5, feeBps: 0.5, minimumFeeUsd: 0 }

const BPS = new Decimal('0.0001')

/** A market price moved against the order, on the instrument's tick grid. */
export function slippedPrice(
  price: Decimal,
  side: OrderSide,
  instrument: Instrument,
  costs: CostModel,
): Decimal {
  const factor = BPS.times(costs.slippageBps)
    .times(side === 'BUY' ? 1 : -1)
    .plus(1)
  const raw = price.times(factor).div(instrument.tickSize)
  const ticks = side === 'BUY' ? raw.ceil() : raw.floor()
  return Decimal.max(ticks, 1).times(instrument.tickSize)
}

/** Fee in USD for a fill of `quantity` at `price`; `usdRate` is USD per unit of quote currency. */
export function feeUsd(
  quantity: Decimal,
  price: Decimal,
  instrument: Instrument,
  usdRate: Decimal,
  costs: CostModel,
): Decimal {
  const notionalUsd = quantity.times(price).times(instrument.multiplier).times(usdRate)
  const fee = roundUsd(notionalUsd.times(BPS).times(costs.feeBps))
  return fee.gt(ZERO) ? Decimal.max(fee, costs.minimumFeeUsd) : ZERO
}
