import { Ema } from '../indicators/ema.ts'
import { Window } from '../indicators/window.ts'
import { commonParameters, confidenceOf, Decisions, lazyHold, say } from './common.ts'
import type { ParameterSpec, ParameterValues } from './parameters.ts'
import { numberOf } from './parameters.ts'
import type { StrategyBar, StrategyContext, StrategyDecision, StrategyInstance } from './port.ts'

export const MOMENTUM_PARAMETERS: readonly ParameterSpec[] = [
  {
    name: 'lookback',
    label: 'Bars over which the change is measured',
    kind: 'integer',
    default: 5,
    minimum: 1,
    maximum: 5000,
  },
  {
    name: 'trend_period',
    label: 'Bars of the trend average',
    kind: 'integer',
    default: 20,
    minimum: 2,
    maximum: 5000,
  },
  {
    name: 'entry_pct',
    label: 'Change that opens a position, percent',
    kind: 'number',
    default: 1,
    minimum: 0,
    maximum: 100,
  },
  {
    name: 'exit_pct',
    label: 'Change below which it is closed, percent',
    kind: 'number',
    default: 0,
    minimum: -100,
    maximum: 100,
  },
  ...commonParameters({ size: 0.5, stopLossPct: 3, takeProfitPct: 0, direction: 'long' }),
]

/**
 * Time-series momentum: enters on the bar on which the change over `lookback` bars rises through `entry_pct` on the
 * trend's side of its exponential average, leaves when the change falls through `exit_pct`. Shorts mirror that.
 * After a stop it waits for a fresh crossing.
 */
export class Momentum implements StrategyInstance {
  readonly warmupBars: number
  readonly #decisions: Decisions
  readonly #closes: Window
  readonly #trend: Ema
  readonly #entry: number
  readonly #exit: number
  readonly #hold: StrategyDecision
  #change: number = Number.NaN
  #direction = 0

  constructor(values: ParameterValues) {
    const lookback = numberOf(values, 'lookback')
    const trend = numberOf(values, 'trend_period')
    this.#closes = new Window(lookback)
    this.#trend = new Ema(trend)
    this.#entry = numberOf(values, 'entry_pct') / 100
    this.#exit = numberOf(values, 'exit_pct') / 100
    // An exponential average forgets its seed to 2 % within twice its period.
    this.warmupBars = Math.max(lookback, 2 * trend) + 1
    this.#decisions = new Decisions(values)
    this.#hold = lazyHold(
      () =>
        `change over ${lookback} bars ${say(this.#change * 100)} %, entry at ${say(this.#entry * 100)} %, exit at ${say(this.#exit * 100)} %`,
    )
  }

  onBar(bar: StrategyBar, context: StrategyContext): StrategyDecision | null {
    const ready = this.#closes.full
    this.#change = bar.close / this.#closes.push(bar.close) - 1
    const trend = this.#trend.update(bar.close)
    if (!ready || Number.isNaN(trend)) return null
    const before = this.#direction
    this.#direction = this.#directionAt(bar.close, trend)
    if (context.position !== 0) return this.#manage(bar, context.position)
    if (this.#direction === before || this.#direction === 0) return this.#hold
    return this.#enter(bar)
  }

  #directionAt(close: number, trend: number): number {
    if (this.#change >= this.#entry && close > trend) return 1
    if (this.#change <= -this.#entry && close < trend) return -1
    return 0
  }

  #enter(bar: StrategyBar): StrategyDecision {
    const long = this.#direction > 0
    if (long ? !this.#decisions.longs : !this.#decisions.shorts) return this.#hold
    const excess = Math.abs(this.#change) / Math.max(this.#entry, 0.001) - 1
    const reason = (): string =>
      `change of ${say(this.#change * 100)} % ${long ? 'above' : 'below'} the trend at ${say(this.#trend.value)}`
    return this.#decisions.enter(long ? 'LONG' : 'SHORT', bar, confidenceOf(excess), reason)
  }

  #manage(bar: StrategyBar, position: number): StrategyDecision {
    const sign = Math.sign(position)
    if (this.#direction === -sign && (sign > 0 ? this.#decisions.shorts : this.#decisions.longs))
      return this.#enter(bar)
    if (sign * this.#change >= this.#exit) return this.#hold
    return this.#decisions.close(
      confidenceOf(0.5),
      () => `momentum faded: change of ${say(this.#change * 100)} %`,
    )
  }
}
