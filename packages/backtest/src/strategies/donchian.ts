import { Donchian } from '../indicators/donchian.ts'
import { commonParameters, confidenceOf, Decisions, lazyHold, say } from './common.ts'
import type { ParameterSpec, ParameterValues } from './parameters.ts'
import { numberOf } from './parameters.ts'
import type { StrategyBar, StrategyContext, StrategyDecision, StrategyInstance } from './port.ts'

export const DONCHIAN_PARAMETERS: readonly ParameterSpec[] = [
  {
    name: 'entry_period',
    label: 'Bars of the channel that opens',
    kind: 'integer',
    default: 20,
    minimum: 1,
    maximum: 5000,
  },
  {
    name: 'exit_period',
    label: 'Bars of the channel that closes',
    kind: 'integer',
    default: 10,
    minimum: 1,
    maximum: 5000,
  },
  ...commonParameters({ size: 0.5, stopLossPct: 3, takeProfitPct: 0, direction: 'long' }),
]

/**
 * Channel breakout (the "turtle" rule): LONG on a close above the highest high of the `entry_period` bars before,
 * closed on a close below the lowest low of the `exit_period` bars before; shorts mirror that.
 */
export class DonchianBreakout implements StrategyInstance {
  readonly warmupBars: number
  readonly #decisions: Decisions
  readonly #entry: Donchian
  readonly #exit: Donchian
  readonly #hold: StrategyDecision
  #top: number = Number.NaN
  #bottom: number = Number.NaN

  constructor(values: ParameterValues) {
    const entry = numberOf(values, 'entry_period')
    const exit = numberOf(values, 'exit_period')
    this.#entry = new Donchian(entry)
    this.#exit = new Donchian(exit)
    this.warmupBars = Math.max(entry, exit) + 1
    this.#decisions = new Decisions(values)
    this.#hold = lazyHold(() => `inside the channel ${say(this.#bottom)} .. ${say(this.#top)}`)
  }

  onBar(bar: StrategyBar, context: StrategyContext): StrategyDecision | null {
    this.#top = this.#entry.value.upper
    this.#bottom = this.#entry.value.lower
    const floor = this.#exit.value.lower
    const ceiling = this.#exit.value.upper
    this.#entry.update(bar.high, bar.low)
    this.#exit.update(bar.high, bar.low)
    if (Number.isNaN(this.#top) || Number.isNaN(floor)) return null
    if (bar.close > this.#top && context.position <= 0 && this.#decisions.longs)
      return this.#breakout('LONG', bar, this.#top)
    if (bar.close < this.#bottom && context.position >= 0 && this.#decisions.shorts)
      return this.#breakout('SHORT', bar, this.#bottom)
    const left = context.position > 0 ? bar.close < floor : context.position < 0 && bar.close > ceiling
    return left
      ? this.#decisions.close(confidenceOf(0.5), () => `left the exit channel at ${say(bar.close)}`)
      : this.#hold
  }

  #breakout(side: 'LONG' | 'SHORT', bar: StrategyBar, level: number): StrategyDecision {
    const reason = (): string =>
      `close ${say(bar.close)} beyond the channel's ${side === 'LONG' ? 'top' : 'bottom'} ${say(level)}`
    return this.#decisions.enter(side, bar, confidenceOf(Math.abs(bar.close / level - 1) * 100), reason)
  }
}
