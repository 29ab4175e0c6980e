import type { DeckTrade } from '@quantdeck/contracts'
import {
  ensureDefined,
  formatFixed,
  formatInstant,
  formatPercent,
  HOUR_MS,
  type Position,
  tradeNetPnlUsd,
  Decimal,
} from '@quantdeck/domain'
import { formatPrice, formatQuantity } from '../format.ts'
import type { InstrumentMap } from '../orders/operations.ts'
import { tradeReturn } from '../../desk/valuation.ts'

export function presentTrade(trade: Position, instruments: InstrumentMap): DeckTrade {
  const instrument = ensureDefined(instruments.get(trade.symbol), trade.symbol)
  const closedAt = ensureDefined(trade.closedAt, 'the close of a trade')
  return {
    trade_id: trade.positionId,
    strategy_id: trade.strategyId,
    mode: trade.mode,
    symbol: trade.symbol,
    side: trade.side,
    quantity: formatQuantity(trade.peakQuantity, instrument),
    entry_price: formatPrice(trade.entryPrice, instrument),
    exit_price: formatPrice(trade.exitPrice ?? trade.entryPrice, instrument),
    opened_at: formatInstant(trade.openedAt),
    closed_at: formatInstant(closedAt),
    pnl: formatFixed(tradeNetPnlUsd(trade), 2),
    pnl_pct: formatPercent(tradeReturn(trade, instruments)),
    fees: formatFixed(trade.feesUsd, 2),
    duration_hours: formatFixed(new Decimal(closedAt.getTime() - trade.openedAt.getTime()).div(HOUR_MS), 2),
  }
}

export function totalPnl(trades: readonly Position[]): string {
  return formatFixed(
    trades.reduce((sum, trade) => sum.plus(tradeNetPnlUsd(trade)), new Decimal(0)),
    2,
  )
}
