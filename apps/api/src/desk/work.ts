import type { Trx } from '@quantdeck/db'
import type { DeskContext } from './context.ts'

/** Client order ids that are taken, of those that were asked about. */
export type UsedClientIds = ReadonlySet<string>

/** What is done on the books of a mode within one transaction. */
export type Work<T> = (ctx: DeskContext, trx: Trx, used: UsedClientIds) => T | Promise<T>

export interface RunOptions {
  /** The instant of the facts; now unless told. */
  at?: Date
  /** False for the demo's history: written down, but nobody is told. */
  push?: boolean
  /** Asked about while the books are looked at: which of them are taken. */
  clientOrderIds?: readonly string[]
}
