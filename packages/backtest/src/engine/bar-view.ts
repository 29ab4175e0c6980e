import type { StrategyBar } from '../strategies/port.ts'
import type { BarColumns } from './bars.ts'

/** One bar of the columns after the other, through one object: what a strategy does not look at is not read. */
export class BarView implements StrategyBar {
  index = 0
  readonly #columns: BarColumns

  constructor(columns: BarColumns) {
    this.#columns = columns
  }

  get t(): number {
    return this.#columns.t[this.index]!
  }

  get open(): number {
    return this.#columns.open[this.index]!
  }

  get high(): number {
    return this.#columns.high[this.index]!
  }

  get low(): number {
    return this.#columns.low[this.index]!
  }

  get close(): number {
    return this.#columns.close[this.index]!
  }

  get volume(): number {
    return this.#columns.volume[this.index]!
  }

  get closeT(): number {
    const { closeT, t } = this.#columns
    return (closeT ?? t)[this.index]!
  }
}
