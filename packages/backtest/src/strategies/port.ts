import type { SignalType } from '@quantdeck/domain'

/**
 * One finished bar. `t` is its opening instant in milliseconds since the epoch; `closeT` its exclusive close, where
 * it is known (signals are replayed by it). Prices in quote currency. The engine reuses the object and its fields may be
 * getters: keep the numbers, not the object, and name them (a spread copies nothing).
 */
export interface StrategyBar {
  t: number
  open: number
  high: number
  low: number
  close: number
  volume: number
  closeT?: number
}

/** What a strategy may know beside the bars. */
export interface StrategyContext {
  /** Signed quantity held in this symbol: negative is short, 0 is flat. */
  position: number
}

/**
 * What a strategy wants after a bar. The object may be reused by the strategy: it is valid until the next `onBar`.
 * `size` is the fraction of the allocation (0..1) and matters for entries only; stops are absolute prices.
 */
export interface StrategyDecision {
  readonly signal: SignalType
  /** 0..1 */
  readonly size: number
  /** 0..1 */
  readonly confidence: number
  readonly stopLoss?: number
  readonly takeProfit?: number
  /** An entry that waits for a price, at most `validBars` bars (default 1). Absent: at the market. */
  readonly order?: { readonly type: 'LIMIT' | 'STOP'; readonly price: number; readonly validBars?: number }
  readonly reasoning: string
}

/**
 * A strategy at work on one symbol: stateful, incremental and deterministic. The same object trades live, bar by bar,
 * and in backtests; it knows no clock and draws no random numbers.
 */
export interface StrategyInstance {
  /** Bars it needs to see before its decisions mean anything. Feed at least so many after a restart. */
  readonly warmupBars: number
  /** Takes in a finished bar and answers a decision; null while it is warming up or has nothing to say. */
  onBar(bar: StrategyBar, context: StrategyContext): StrategyDecision | null
}
