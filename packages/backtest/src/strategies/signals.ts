import type { SignalType } from '@quantdeck/domain'
import { lazyHold } from './common.ts'
import type { StrategyBar, StrategyContext, StrategyDecision, StrategyInstance } from './port.ts'

/** A stored signal, ready to be replayed. Prices in quote currency, `at` in milliseconds since the epoch. */
export interface ReplaySignal {
  at: number
  signal: SignalType
  /** 0..1 */
  size: number
  /** 0..1 */
  confidence: number
  stopLoss: number | null
  takeProfit: number | null
  reasoning: string
}

function toDecision(signal: ReplaySignal): StrategyDecision {
  return {
    signal: signal.signal,
    size: signal.size,
    confidence: signal.confidence,
    ...(signal.stopLoss !== null && { stopLoss: signal.stopLoss }),
    ...(signal.takeProfit !== null && { takeProfit: signal.takeProfit }),
    reasoning: signal.reasoning,
  }
}

/**
 * Replays one symbol's stored signals: how a model that lives outside (in Python, say) is backtested. A signal counts
 * on the first bar that closes at or after it, so that it never acts on a price from before it was made; of several
 * signals within one bar the last one counts.
 */
export class SignalReplay implements StrategyInstance {
  readonly warmupBars = 0
  readonly #signals: readonly ReplaySignal[]
  readonly #hold = lazyHold(() => 'no stored signal within this bar')
  #next = 0

  /** Signals in any order; they are sorted by time, ties keep their order. */
  constructor(signals: readonly ReplaySignal[]) {
    this.#signals = signals.toSorted((a, b) => a.at - b.at)
  }

  onBar(bar: StrategyBar, _context: StrategyContext): StrategyDecision {
    const closeT = bar.closeT ?? bar.t
    let latest: ReplaySignal | null = null
    for (
      let signal = this.#signals[this.#next];
      signal && signal.at <= closeT;
      signal = this.#signals[++this.#next]
    ) {
      latest = signal
    }
    return latest === null ? this.#hold : toDecision(latest)
  }
}
