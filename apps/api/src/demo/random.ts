/** A small seeded generator (mulberry32): uniform in [0, 1). Enough for demo prices, not for secrets. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  /** Standard normal, Box-Muller. */
  normal(): number {
    const u = Math.max(this.uniform(), Number.MIN_VALUE)
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.uniform())
  }

  /** The generator's position, so that a restart goes on where it stopped. */
  get state(): number {
    return this.#state
  }

  set state(state: number) {
    this.#state = state >>> 0
  }
}
