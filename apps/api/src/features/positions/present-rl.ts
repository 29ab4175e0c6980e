import type { RlPosition, RlPositionsResponse } from '@quantdeck/contracts'
import {
  averageEntryPrice,
  Decimal,
  formatInstant,
  MINUTE_MS,
  percentNumber,
  roundNumber,
} from '@quantdeck/domain'
import type { ValuedPosition } from './operations.ts'

export function presentRlPositions(positions: readonly ValuedPosition[], now: Date): RlPositionsResponse {
  const total = positions.reduce((sum, { value }) => sum.plus(value.unrealizedUsd), new Decimal(0))
  return {
    timestamp: formatInstant(now),
    total_positions: positions.length,
    total_unrealized_pnl: roundNumber(total.toNumber(), 2),
    positions: positions.map((position) => presentRlPosition(position, now)),
  }
}

function presentRlPosition({ position, strategy, instrument, value }: ValuedPosition, now: Date): RlPosition {
  return {
    position_id: position.seq,
    strategy_code: position.strategyId,
    strategy_name: strategy.name,
    side: position.quantity.isNegative() ? 'sell' : 'buy',
    quantity: position.quantity.abs().toNumber(),
    entry_price: roundNumber(averageEntryPrice(position, instrument).toNumber(), instrument.priceDecimals),
    current_price: value.currentPrice.toNumber(),
    unrealized_pnl: roundNumber(value.unrealizedUsd.toNumber(), 2),
    unrealized_pnl_pct: percentNumber(value.unrealizedFraction, 2),
    entry_time: formatInstant(position.openedAt),
    holding_time_minutes: Math.max(0, Math.floor((now.getTime() - position.openedAt.getTime()) / MINUTE_MS)),
    symbol: position.symbol,
  }
}
