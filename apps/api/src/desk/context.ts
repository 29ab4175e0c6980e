import type { Books } from './books.ts'
import type { ChangeSet } from './changes.ts'

export interface DeskSettings {
  /** Zone in which the account's day starts. */
  riskDayZone: string
  /** The symbol whose market the rl family reports. */
  primarySymbol: string
}

/** What the pure pipeline works with: the books it may change in memory, and where it writes down what it changed. */
export interface DeskContext {
  readonly books: Books
  readonly changes: ChangeSet
  /** The instant of the fact being processed. */
  readonly at: Date
  readonly settings: DeskSettings
  readonly newId: () => string
}
