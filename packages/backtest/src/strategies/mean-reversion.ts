import { ZScore } from '../indicators/z-score.ts'
import { commonParameters, confidenceOf, Decisions, lazyHold, say } from './common.ts'
import type { ParameterSpec, ParameterValues } from './parameters.ts'
import { numberOf } from './parameters.ts'
import type { StrategyBar, StrategyContext, StrategyDecision, StrategyInstance } from './port.ts'

export const MEAN_REVERSION_PARAMETERS: readonly ParameterSpec[] = [
  {
    name: 'period',
    label: 'Bars of the rolling mean',
    kind: 'integer',
    default: 10,
    minimum: 2,
    maximum: 5000,
  },
  {
    name: 'entry_z',
    label: 'Distance from the mean that opens, standard deviations',
    kind: 'number',
    default: 1.5,
    minimum: 0.1,
    maximum: 10,
  },
  {
    name: 'exit_z',
    label: 'Distance at which it is closed, standard deviations',
    kind: 'number',
    default: 0,
    minimum: -10,
    maximum: 10,
  },
  ...commonParameters({ size: 0.5, stopLossPct: 3, takeProfitPct: 0, direction: 'long' }),
]

/**
 * Reversion to a rolling mean: LONG on the bar on which the close falls through `entry_z` standard deviations below
 * the mean, closed when it is back within `exit_z` of it; shorts mirror that. After a stop it waits for a fresh crossing.
 */
export class MeanReversion implements StrategyInstance {
  readonly warmupBars: number
  readonly #decisions: Decisions
  readonly #score: ZScore
  readonly #entry: number
  readonly #exit: number
  readonly #hold: StrategyDecision

  constructor(values: ParameterValues) {
    const period = numberOf(values, 'period')
    this.#score = new ZScore(period)
    this.warmupBars = period + 1
    this.#entry = numberOf(values, 'entry_z')
    this.#exit = numberOf(values, 'exit_z')
    this.#decisions = new Decisions(values)
    this.#hold = lazyHold(
      () => `z-score ${say(this.#score.value)}, entry at ${say(this.#entry)}, exit at ${say(this.#exit)}`,
    )
  }

  onBar(bar: StrategyBar, context: StrategyContext): StrategyDecision | null {
    const before = this.#score.value
    const score = this.#score.update(bar.close)
    if (Number.isNaN(before) || Number.isNaN(score)) return null
    if (context.position !== 0) return this.#manage(score, Math.sign(context.position))
    const excess = Math.abs(score) - this.#entry
    if (excess < 0 || Math.abs(before) >= this.#entry) return this.#hold
    if (score < 0 ? !this.#decisions.longs : !this.#decisions.shorts) return this.#hold
    const reason = (): string =>
      `close ${say(Math.abs(score))} standard deviations ${score < 0 ? 'below' : 'above'} its mean of ${say(this.#score.mean)}`
    return this.#decisions.enter(score < 0 ? 'LONG' : 'SHORT', bar, confidenceOf(excess), reason)
  }

  #manage(score: number, sign: number): StrategyDecision {
    if (sign * score < -this.#exit) return this.#hold
    return this.#decisions.close(confidenceOf(0.5), () => `back at its mean of ${say(this.#score.mean)}`)
  }
}
