import type { Generated } from 'kysely'

/** A stretch of a series' bars as packed doubles; see `bar-packing.ts`. */
export interface BarChunksTable {
  symbol: string
  intervalSeconds: number
  chunk: number
  /** Null: bars were written since. */
  packed: Buffer | null
  barCount: Generated<number>
  version: Generated<number>
}
