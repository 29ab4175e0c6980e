import type { BarColumns } from './bars.ts'

/** Four 32-bit lanes of multiply and rotate over the doubles' bits, finished like MurmurHash3. Not cryptographic. */
class Hash128 {
  #a = 0x9e3779b9
  #b = 0x85ebca6b
  #c = 0xc2b2ae35
  #d = 0x27d4eb2f

  add(words: Uint32Array): void {
    let a = this.#a
    let b = this.#b
    let c = this.#c
    let d = this.#d
    for (let i = 0; i < words.length; i += 2) {
      const low = words[i]!
      const high = words[i + 1]!
      a = Math.imul(a ^ low, 0x85ebca77)
      a = (a << 13) | (a >>> 19)
      b = Math.imul(b ^ high, 0xc2b2ae3d)
      b = (b << 17) | (b >>> 15)
      c = Math.imul(c + a, 0x27d4eb2f) ^ high
      d = Math.imul(d ^ b, 0x165667b1) + low
    }
    this.#a = a
    this.#b = b
    this.#c = c
    this.#d = d
  }

  hex(): string {
    const mix = (value: number): number => {
      let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
      return (mixed ^ (mixed >>> 16)) >>> 0
    }
    const lanes = [this.#a ^ this.#d, this.#b ^ this.#a, this.#c ^ this.#b, this.#d ^ this.#c]
    return lanes.map((lane) => mix(lane).toString(16).padStart(8, '0')).join('')
  }
}

/** The bits of a column without copying it, or of a copy where it is not aligned. */
function wordsOf(column: Float64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2)
}

/**
 * Fingerprint of the bars that a result was computed from, 32 hex digits: equal bars give equal hashes on every machine
 * (all supported ones are little-endian), any changed bit another. Symbols are hashed in the given order.
 */
export function dataHash(symbols: readonly { symbol: string; bars: BarColumns }[]): string {
  const hash = new Hash128()
  for (const { symbol, bars } of symbols) {
    hash.add(
      Uint32Array.from([...symbol, ' ', symbol.length % 2 ? '' : ' '], (char) => char.codePointAt(0) ?? 0),
    )
    for (const column of [bars.t, bars.open, bars.high, bars.low, bars.close, bars.volume])
      hash.add(wordsOf(column))
  }
  return hash.hex()
}
