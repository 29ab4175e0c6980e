import { SeededRandom } from './random.ts'

/** USD/COP in COP per USD; the tick of the demo instrument is 0.01. */
const USDCOP_START = 4_050
const ANCHOR = 4_050
const PULL_PER_STEP = 0.0006
/** Standard deviation of a 5-minute return. */
const BAR_VOLATILITY = 0.0006
const TICKS_PER_BAR = 150
/** Share of a bar's move that carries over into the next one: what the model stand-ins can learn. */
const PERSISTENCE = 0.32

export interface SimulatedBar {
  open: number
  high: number
  low: number
  close: number
  volume: number
}

export interface MarketSnapshot {
  random: number
  price: number
  lastShock: number
  ticks: number
  barStart: number
}

/**
 * A simulated market: log returns with some persistence, pulled back to an anchor. The same object makes the
 * history bar by bar and the live ticks, which are the same process on a 150 times finer grid.
 */
export class UsdCopMarket {
  readonly #random: SeededRandom
  #price: number
  #lastShock = 0
  #ticks = 0
  #barStart: number

  constructor(seed: number, price: number = USDCOP_START) {
    this.#random = new SeededRandom(seed)
    this.#price = price
    this.#barStart = price
  }

  get price(): number {
    return this.#price
  }

  /** Where it is, so that a restart goes on from there. */
  snapshot(): MarketSnapshot {
    return {
      random: this.#random.state,
      price: this.#price,
      lastShock: this.#lastShock,
      ticks: this.#ticks,
      barStart: this.#barStart,
    }
  }

  restore(snapshot: MarketSnapshot): void {
    this.#random.state = snapshot.random
    this.#price = snapshot.price
    this.#lastShock = snapshot.lastShock
    this.#ticks = snapshot.ticks
    this.#barStart = snapshot.barStart
  }

  nextBar(): SimulatedBar {
    const open = this.#price
    const shock = PERSISTENCE * this.#lastShock + BAR_VOLATILITY * this.#random.normal()
    this.#lastShock = shock
    const close = cents(open * Math.exp(shock + this.#pull(open)))
    const reach = BAR_VOLATILITY * 0.6
    const high = cents(Math.max(open, close) * (1 + reach * this.#random.uniform()))
    const low = cents(Math.min(open, close) * (1 - reach * this.#random.uniform()))
    this.#price = close
    this.#barStart = close
    return { open, high, low, close, volume: Math.round(200_000 + 800_000 * this.#random.uniform()) }
  }

  /** One tick, `1 / TICKS_PER_BAR` of a bar; what the last bar carries over is spread evenly over this one. */
  nextTick(): number {
    const carried = (PERSISTENCE * this.#lastShock) / TICKS_PER_BAR
    const shock = carried + (BAR_VOLATILITY / Math.sqrt(TICKS_PER_BAR)) * this.#random.normal()
    this.#price = cents(this.#price * Math.exp(shock + this.#pull(this.#price) / TICKS_PER_BAR))
    this.#ticks += 1
    if (this.#ticks === TICKS_PER_BAR) {
      this.#lastShock = Math.log(this.#price / this.#barStart)
      this.#barStart = this.#price
      this.#ticks = 0
    }
    return this.#price
  }

  #pull(price: number): number {
    return PULL_PER_STEP * Math.log(ANCHOR / price)
  }
}

function cents(price: number): number {
  return Math.round(price * 100) / 100
}
