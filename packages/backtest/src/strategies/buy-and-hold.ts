import { lazyHold } from './common.ts'
import type { ParameterSpec, ParameterValues } from './parameters.ts'
import { numberOf } from './parameters.ts'
import type { StrategyBar, StrategyContext, StrategyDecision, StrategyInstance } from './port.ts'

export const BUY_AND_HOLD_PARAMETERS: readonly ParameterSpec[] = [
  {
    name: 'size',
    label: 'Size of the entry, fraction of the allocation',
    kind: 'number',
    default: 1,
    minimum: 0.01,
    maximum: 1,
  },
]

/** Buys on the first bar and keeps it. Asks again until it holds something, and never again after that. */
export class BuyAndHold implements StrategyInstance {
  readonly warmupBars = 0
  readonly #entry: StrategyDecision
  readonly #hold = lazyHold(() => 'bought and held')
  #held = false

  constructor(values: ParameterValues) {
    this.#entry = { signal: 'LONG', size: numberOf(values, 'size'), confidence: 1, reasoning: 'buy and hold' }
  }

  onBar(_bar: StrategyBar, context: StrategyContext): StrategyDecision {
    if (context.position !== 0) this.#held = true
    return this.#held ? this.#hold : this.#entry
  }
}
