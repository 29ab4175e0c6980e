/** @throws {RangeError} if size is not a positive whole number */
export function newRing(size: number): Float64Array {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`period must be a whole number of at least 1: ${size}`)
  return new Float64Array(size)
}

/** Sum in slot order. */
export function sumOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}

/** Ring buffer of the last `size` numbers; the base of the rolling indicators. */
export class Window {
  readonly size: number
  /** Numbers seen so far, also beyond `size`. */
  count = 0
  readonly #values: Float64Array
  #next = 0

  /** @throws {RangeError} if size is not a positive whole number */
  constructor(size: number) {
    this.#values = newRing(size)
    this.size = size
  }

  get full(): boolean {
    return this.count >= this.size
  }

  /** True when the next push overwrites the first slot again. */
  get wrapped(): boolean {
    return this.#next === 0
  }

  /** Adds a number and returns the one that fell out (0 before the window is full). */
  push(value: number): number {
    const dropped = this.#values[this.#next]!
    this.#values[this.#next] = value
    this.#next = this.#next + 1 === this.size ? 0 : this.#next + 1
    this.count += 1
    return dropped
  }

  /** Sum in slot order. */
  sum(): number {
    return sumOf(this.#values)
  }

  /** Sum of squared distances from `mean`. */
  squaredDeviations(mean: number): number {
    let sum = 0
    for (let i = 0; i < this.size; i++) sum += (this.#values[i]! - mean) ** 2
    return sum
  }

  max(): number {
    let max = this.#values[0]!
    for (let i = 1; i < this.size; i++) if (this.#values[i]! > max) max = this.#values[i]!
    return max
  }

  min(): number {
    let min = this.#values[0]!
    for (let i = 1; i < this.size; i++) if (this.#values[i]! < min) min = this.#values[i]!
    return min
  }

  /** The oldest number of a full window. */
  oldest(): number {
    return this.#values[this.#next]!
  }
}
