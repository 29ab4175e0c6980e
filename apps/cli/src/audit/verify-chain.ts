import { createHash } from 'node:crypto'

/** An entry of the chain that somebody kept outside of the server: everything up to it is proven by it. */
export interface TrustedHead {
  hash: string
  sequence: number
}

export interface ChainReport {
  /** Entries whose hashes are right and follow on each other. */
  sealedCount: number
  /** Entries at the end that the chain does not hold yet: nothing proves them. */
  unsealedCount: number
  /** Of the last sealed entry; null when there is none. */
  head: TrustedHead | null
  /** Entries after the trusted head: consistent, but not proven by it. */
  unprovenCount: number
}

/** What is wrong, and where. */
export class ChainError extends Error {
  readonly line: number

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}

const GENESIS_HASH = '0'.repeat(64)
const LINE = /^\{"entry":(\{.*\}),"hash":(null|"[0-9a-f]{64}"),"prev_hash":(null|"[0-9a-f]{64}")\}$/s

/**
 * Checks an export line by line, from its bytes alone: H = SHA-256(P || text of the entry), each P the H before it, the
 * first P sixty-four zeros, the sequences 1, 2, 3 without a gap. Whoever can write the file could do all of that again
 * with other facts; what they cannot do is to arrive at a hash that was kept elsewhere before, the trusted head.
 */
export class ChainVerifier {
  readonly #trusted: TrustedHead | null
  #hash = GENESIS_HASH
  #sequence = 0
  #line = 0
  #unsealed = 0
  #isProven = false

  constructor(trusted: TrustedHead | null) {
    this.#trusted = trusted
    this.#isProven = trusted !== null && trusted.sequence === 0
  }

  /** @throws ChainError */
  read(text: string): void {
    this.#line += 1
    const match = LINE.exec(text)
    if (match === null) throw this.#error('is no entry of an export, or was changed')
    const [, entry = '', hash = '', prevHash = ''] = match
    const sequence = this.#sequenceOf(entry)
    if (hash === 'null' || prevHash === 'null' || sequence === null) {
      if (hash !== prevHash || sequence !== null)
        throw this.#error('is neither sealed nor unsealed: it was changed')
      this.#unsealed += 1
      return
    }
    this.#readSealed({ entry, sequence, hash: hash.slice(1, -1), prevHash: prevHash.slice(1, -1) })
  }

  #readSealed(sealed: { entry: string; sequence: number; hash: string; prevHash: string }): void {
    const { entry, sequence, hash, prevHash } = sealed
    if (this.#unsealed > 0) throw this.#error('is sealed, and stands behind an unsealed entry')
    if (sequence !== this.#sequence + 1) {
      throw this.#error(
        `is entry ${sequence}, where ${this.#sequence + 1} belongs: entries are missing, doubled or moved`,
      )
    }
    if (prevHash !== this.#hash) throw this.#error(`entry ${sequence} does not follow on the one before it`)
    if (createHash('sha256').update(prevHash).update(entry).digest('hex') !== hash) {
      throw this.#error(`entry ${sequence} was changed`)
    }
    if (sequence === this.#trusted?.sequence) {
      if (hash !== this.#trusted.hash)
        throw this.#error(`entry ${sequence} is not the trusted head: history was rewritten`)
      this.#isProven = true
    }
    this.#hash = hash
    this.#sequence = sequence
  }

  /** @throws ChainError when the file ends before the trusted head */
  finish(): ChainReport {
    if (this.#trusted !== null && !this.#isProven) {
      const end = this.#sequence === 0 ? 'holds no sealed entry' : `ends at entry ${this.#sequence}`
      throw new ChainError(
        this.#line + 1,
        `the file ${end}, before the trusted head ${this.#trusted.sequence}`,
      )
    }
    return {
      sealedCount: this.#sequence,
      unsealedCount: this.#unsealed,
      head: this.#sequence === 0 ? null : { hash: this.#hash, sequence: this.#sequence },
      unprovenCount: this.#sequence - (this.#trusted?.sequence ?? 0),
    }
  }

  /** The text is hashed as it stands; only its place is read out of it. */
  #sequenceOf(entry: string): number | null {
    let parsed: unknown
    try {
      parsed = JSON.parse(entry)
    } catch {
      throw this.#error('is no JSON: it was changed')
    }
    const { sequence } = parsed as { sequence?: unknown }
    if (sequence === null) return null
    if (typeof sequence === 'number' && Number.isSafeInteger(sequence) && sequence > 0) return sequence
    throw this.#error('names no place in the chain')
  }

  #error(message: string): ChainError {
    return new ChainError(this.#line, message)
  }
}

/** `HASH:SEQUENCE` as `quantdeck audit head` prints it. @returns null if it is not that */
export function parseHead(text: string): TrustedHead | null {
  const match = /^([0-9a-f]{64}):(\d{1,15})$/.exec(text.trim())
  return match === null ? null : { hash: match[1] ?? '', sequence: Number(match[2]) }
}
