import { Decimal, type Instrument, type OrderSide, roundUsd, ZERO } from '@quantdeck/domain'
import type { BrokerOrder, Quote } from './port.ts'

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

type Priced = Pick<BrokerOrder, 'orderType' | 'side' | 'limitPrice' | 'stopPrice'>

/** The price at which a quote fills an order; null if it does not touch it. */
export function fillPrice(
  order: Priced,
  quote: Quote,
  instrument: Instrument,
  costs: CostModel,
): Decimal | null {
  const isBar = quote.low !== undefined
  const low = quote.low ?? quote.price
  const high = quote.high ?? quote.price
  switch (order.orderType) {
    case 'MARKET':
      return slippedPrice(quote.price, order.side, instrument, costs)
    case 'LIMIT': {
      const limit = order.limitPrice
      if (!limit) return null
      const touched = order.side === 'BUY' ? low.lte(limit) : high.gte(limit)
      return touched ? (isBar ? limit : quote.price) : null
    }
    case 'STOP': {
      const stop = order.stopPrice
      if (!stop) return null
      const touched = order.side === 'BUY' ? high.gte(stop) : low.lte(stop)
      return touched ? slippedPrice(isBar ? stop : quote.price, order.side, instrument, costs) : null
    }
  }
}
