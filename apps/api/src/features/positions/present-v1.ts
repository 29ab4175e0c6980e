import type { V1Position, V1PositionDetail } from '@quantdeck/contracts'
import {
  averageEntryPrice,
  Decimal,
  DAY_MS,
  formatFixed,
  formatInstant,
  formatPercent,
  isDecimalString,
  marketValueUsd,
  parseDecimal,
  type Fill,
  type StrategyConfig,
} from '@quantdeck/domain'
import { formatPrice, formatQuantity } from '../format.ts'
import type { PositionDetail, ValuedPosition } from './operations.ts'

type RiskMetrics = V1PositionDetail['risk_metrics']

export function presentPosition({ position, instrument, value }: ValuedPosition, now: Date): V1Position {
  const marketValue = marketValueUsd(position, value.currentPrice, instrument, value.usdRate)
  return {
    position_id: position.positionId,
    strategy_id: position.strategyId,
    symbol: position.symbol,
    contract_type: instrument.contractType,
    quantity: formatQuantity(position.quantity, instrument),
    average_entry_price: formatPrice(averageEntryPrice(position, instrument), instrument),
    current_price: formatPrice(value.currentPrice, instrument),
    unrealized_pnl: formatFixed(value.unrealizedUsd, 2),
    unrealized_pnl_pct: formatPercent(value.unrealizedFraction),
    market_value: formatFixed(marketValue, 2),
    opened_at: formatInstant(position.openedAt),
    days_held: Math.max(0, Math.floor((now.getTime() - position.openedAt.getTime()) / DAY_MS)),
    mode: position.mode,
  }
}

export function presentPositionDetail(detail: PositionDetail, now: Date): V1PositionDetail {
  return {
    ...presentPosition(detail, now),
    entry_orders: detail.entries.map((fill) => presentEntry(fill, detail)),
    risk_metrics: presentRiskMetrics(detail),
  }
}

function presentEntry(fill: Fill, { instrument }: PositionDetail): V1PositionDetail['entry_orders'][number] {
  return {
    order_id: fill.orderId,
    filled_at: formatInstant(fill.filledAt),
    quantity: formatQuantity(fill.quantity, instrument),
    price: formatPrice(fill.price, instrument),
  }
}

/** From the bracket, else from the strategy's configuration; without either the fields are absent. */
function presentRiskMetrics({ position, instrument, strategy, value }: PositionDetail): RiskMetrics {
  const entry = averageEntryPrice(position, instrument)
  const direction = position.quantity.isNegative() ? -1 : 1
  const stop = position.stopLoss ?? configuredExit(strategy.config, 'stop_loss_pct', entry, -direction)
  const target = position.takeProfit ?? configuredExit(strategy.config, 'take_profit_pct', entry, direction)
  // The published amounts follow from the published prices: (147.25 - 150.25) x 100 = -300.00.
  const pnlAt = (exit: Decimal) =>
    formatFixed(
      exit.minus(entry).times(position.quantity).times(instrument.multiplier).times(value.usdRate),
      2,
    )
  const onGrid = (price: Decimal) => price.toDecimalPlaces(instrument.priceDecimals, Decimal.ROUND_HALF_UP)
  return {
    ...(stop
      ? { stop_loss_price: formatPrice(onGrid(stop), instrument), max_loss: pnlAt(onGrid(stop)) }
      : {}),
    ...(target
      ? { take_profit_price: formatPrice(onGrid(target), instrument), max_profit: pnlAt(onGrid(target)) }
      : {}),
  }
}

function configuredExit(config: StrategyConfig, key: string, entry: Decimal, sign: number): Decimal | null {
  const value = config[key]
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !isDecimalString(text)) return null
  const percent = parseDecimal(text)
  return percent.gt(0) ? entry.times(percent.div(100).times(sign).plus(1)) : null
}

export function presentTotal(positions: readonly ValuedPosition[]): string {
  return formatFixed(
    positions.reduce((sum, { value }) => sum.plus(value.unrealizedUsd), new Decimal(0)),
    2,
  )
}
