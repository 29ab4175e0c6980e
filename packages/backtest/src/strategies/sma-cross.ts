import { Sma } from '../indicators/sma.ts'
import { commonParameters, confidenceOf, Decisions, lazyHold, say } from './common.ts'
import type { ParameterSpec, ParameterValues } from './parameters.ts'
import { numberOf } from './parameters.ts'
import type { StrategyBar, StrategyContext, StrategyDecision, StrategyInstance } from './port.ts'

export const SMA_CROSS_PARAMETERS: readonly ParameterSpec[] = [
  {
    name: 'fast_period',
    label: 'Bars of the fast average',
    kind: 'integer',
    default: 10,
    minimum: 1,
    maximum: 5000,
  },
  {
    name: 'slow_period',
    label: 'Bars of the slow average',
    kind: 'integer',
    default: 30,
    minimum: 2,
    maximum: 5000,
  },
  { name: 'exit_on_cross', label: 'The opposite cross closes a position', kind: 'boolean', default: true },
  ...commonParameters({ size: 0.5, stopLossPct: 0, takeProfitPct: 0, direction: 'both' }),
]

/**
 * Crossing of two simple averages of the close: LONG when fast was strictly below slow on the bar before and is
 * strictly above now, SHORT (or CLOSE, when shorts are not allowed) on the reverse.
 */
export class SmaCross implements StrategyInstance {
  readonly warmupBars: number
  readonly #decisions: Decisions
  readonly #fast: Sma
  readonly #slow: Sma
  readonly #exitOnCross: boolean
  readonly #hold: StrategyDecision

  constructor(values: ParameterValues) {
    const fast = numberOf(values, 'fast_period')
    const slow = numberOf(values, 'slow_period')
    this.#fast = new Sma(fast)
    this.#slow = new Sma(slow)
    this.warmupBars = Math.max(fast, slow) + 1
    this.#decisions = new Decisions(values)
    this.#exitOnCross = values.exit_on_cross === true
    this.#hold = lazyHold(
      () => `no cross: SMA(${fast}) ${say(this.#fast.value)}, SMA(${slow}) ${say(this.#slow.value)}`,
    )
  }

  onBar(bar: StrategyBar, context: StrategyContext): StrategyDecision | null {
    const before = this.#fast.value - this.#slow.value
    const now = this.#fast.update(bar.close) - this.#slow.update(bar.close)
    if (Number.isNaN(before)) return null
    if (before < 0 && now > 0) return this.#crossed('LONG', bar, context)
    if (before > 0 && now < 0) return this.#crossed('SHORT', bar, context)
    return this.#hold
  }

  #crossed(side: 'LONG' | 'SHORT', bar: StrategyBar, context: StrategyContext): StrategyDecision {
    const allowed = side === 'LONG' ? this.#decisions.longs : this.#decisions.shorts
    const against = side === 'LONG' ? context.position < 0 : context.position > 0
    if (against && !this.#exitOnCross) return this.#hold
    const gap = Math.abs(this.#fast.value / this.#slow.value - 1)
    const reason = (): string =>
      `fast average crossed ${side === 'LONG' ? 'above' : 'below'} the slow one at ${say(bar.close)}`
    if (allowed) return this.#decisions.enter(side, bar, confidenceOf(gap * 100), reason)
    return against ? this.#decisions.close(confidenceOf(gap * 100), reason) : this.#hold
  }
}
