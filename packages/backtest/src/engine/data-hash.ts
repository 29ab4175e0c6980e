import type { BarColumns } from './bars.ts'

/** Two 32-bit lanes of multiply and rotate over the doubles' bits, finished like MurmurHash3. Not cryptographic. */
class Hash64 {
  #low = 0x9e3779b9
  #high = 0x85ebca6b

  add(words: Uint32Array): void {
    let low = this.#low
    let high = this.#high
    for (let i = 0; i < words.length; i += 2) {
      low = Math.imul(low ^ words[i]!, 0x85ebca77)
      low = (low << 13) | (low >>> 19)
      high = Math.imul(high ^ words[i + 1]!, 0xc2b2ae3d)
      high = (high << 17) | (high >>> 15)
    }
    // The lanes meet once per column, so that neither half alone decides.
    this.#low = mix(low ^ Math.imul(high, 0x27d4eb2f))
    this.#high = mix(high ^ Math.imul(this.#low, 0x165667b1))
  }

  hex(): string {
    return [this.#low, this.#high].map((lane) => mix(lane).toString(16).padStart(8, '0')).join('')
  }
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** The bits of a column, without copying it. */
function wordsOf(column: Float64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2)
}

/** A name as pairs of words. */
function wordsOfName(name: string): Uint32Array {
  const words = new Uint32Array(name.length * 2)
  for (let i = 0; i < name.length; i++) words[2 * i] = name.charCodeAt(i)
  return words
}

/**
 * Fingerprint of the bars that a result was computed from, 16 hex digits: equal bars give equal hashes on every machine
 * (all supported ones are little-endian), any changed bit another. Symbols are hashed in the given order.
 */
export function dataHash(symbols: readonly { symbol: string; bars: BarColumns }[]): string {
  const hash = new Hash64()
  for (const { symbol, bars } of symbols) {
    hash.add(wordsOfName(symbol))
    for (const column of [bars.t, bars.open, bars.high, bars.low, bars.close, bars.volume])
      hash.add(wordsOf(column))
  }
  return hash.hex()
}
