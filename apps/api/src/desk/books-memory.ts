import { type Database, lockDesk, type Trx } from '@quantdeck/db'
import type { Clock, Instrument, ModelHealthStatus, Strategy, TradingMode } from '@quantdeck/domain'
import type { StoppedScopes } from '../latch/kill-latch.ts'
import { type Books, findByClientOrderId, type Mark, type SharedFacts } from './books.ts'
import { loadBooks, takeFacts } from './load-books.ts'
import type { UsedClientIds } from './work.ts'

export interface MemoryParts {
  db: Database
  clock: Clock
  latch?: StoppedScopes
}

/** The books of both accounts in memory, and whether they are still true: the version of the locked account tells. */
export class BooksMemory {
  readonly #parts: MemoryParts
  readonly #cache = new Map<TradingMode, Books>()
  readonly #shared: SharedFacts = {
    marks: new Map<string, Mark>(),
    modelHealth: new Map<string, ModelHealthStatus>(),
  }
  readonly #instruments = new Map<string, Instrument>()
  /** The books as they were read last, also after they were thrown away. */
  readonly #remembered = new Map<TradingMode, Books>()

  constructor(parts: MemoryParts) {
    this.#parts = parts
  }

  /** Locks a mode's account and returns its books as they are now. */
  async lock(
    trx: Trx,
    mode: TradingMode,
    clientOrderIds: readonly string[] = [],
  ): Promise<{ books: Books; used: UsedClientIds }> {
    const { db, clock, latch } = this.#parts
    const facts = await lockDesk(trx, mode, { isLocking: db.kind === 'postgres', clientOrderIds })
    const { version } = facts
    const cached = this.#cache.get(mode)
    const books =
      cached?.version === version
        ? cached
        : await loadBooks(trx, { mode, version, at: clock.now(), shared: this.#shared })
    takeFacts(books, facts)
    addLatched(books, latch)
    if (books !== cached) this.#remember(books)
    return { books, used: new Set(facts.usedClientIds) }
  }

  #remember(books: Books): void {
    for (const [symbol, one] of books.instruments) this.#instruments.set(symbol, one)
    this.#cache.set(books.mode, books)
    this.#remembered.set(books.mode, books)
  }

  /** Forgets what is in memory: the next use reads the database. */
  invalidate(): void {
    this.#cache.clear()
    this.#shared.marks.clear()
  }

  remembered(mode: TradingMode): Books | null {
    return this.#remembered.get(mode) ?? null
  }

  instrument(symbol: string): Instrument | undefined {
    return this.#instruments.get(symbol)
  }

  strategy(strategyId: string): Strategy | undefined {
    for (const books of this.#cache.values()) {
      const strategy = books.strategies.get(strategyId)?.strategy
      if (strategy) return strategy
    }
    return undefined
  }

  /** The modes of the orders that work in these books, by client order id. */
  modesOf(clientOrderIds: ReadonlySet<string>): Map<string, TradingMode> {
    const modes = new Map<string, TradingMode>()
    for (const id of clientOrderIds)
      for (const books of this.#cache.values()) if (findByClientOrderId(books, id)) modes.set(id, books.mode)
    return modes
  }

  /** A conclusive verdict on a model; null while there is none. */
  setModelHealth(strategyId: string, status: ModelHealthStatus | null): void {
    if (status === null) this.#shared.modelHealth.delete(strategyId)
    else this.#shared.modelHealth.set(strategyId, status)
  }
}

/** What the latch holds counts as well as what the database says: the worse of the two. */
function addLatched({ killLevels }: Books, latch: StoppedScopes | undefined): void {
  for (const [scope, level] of latch?.levels() ?? [])
    if (level === 'HALTED' || !killLevels.has(scope) || killLevels.get(scope) === 'ACTIVE')
      killLevels.set(scope, level)
}
