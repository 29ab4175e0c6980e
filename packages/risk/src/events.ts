import type { OrderSide } from '@quantdeck/domain'

/** Facts that a risk state is folded from. `at` is epoch ms, money is USD as decimal strings with at most 18 decimals. */
export type RiskEvent =
  /** A new trading day: clears counters, streak and a running cooldown; the drawdown latch and throttle stay. */
  | { type: 'day_rolled'; at: number; dayKey: string; equity: string }
  /** Equity including unrealised P&L. */
  | { type: 'equity_marked'; at: number; equity: string }
  /** An entry order got a fill (its first counts, later ones change nothing). */
  | { type: 'entry_filled'; at: number; orderId: string }
  /** A round trip ended; net of fees. */
  | { type: 'trade_closed'; at: number; netPnlUsd: string }
  /** A stop-loss exit: the side of the position it closed. */
  | { type: 'stop_exit'; at: number; symbol: string; positionSide: OrderSide }
  /** An order breached the price collar (R07). */
  | { type: 'collar_breached'; at: number }
  /** An automated execution (R16). */
  | { type: 'executed'; at: number }
  /** A person re-armed the execution throttle. */
  | { type: 'rearmed'; at: number }
  /** A pass of the comparison with the broker (A06); `matches`: neither orders nor positions differ. */
  | { type: 'reconciled'; at: number; matches: boolean }
  /** A person released the latches of the scope; the peak is re-based to the equity, or the drawdown would fire again at once. */
  | { type: 'released'; at: number; equity: string }

export type RiskEventType = RiskEvent['type']
