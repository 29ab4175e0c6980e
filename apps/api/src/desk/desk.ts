import { randomUUID } from 'node:crypto'
import { type Database, lockAccount, type Trx, transaction } from '@quantdeck/db'
import { type Clock, type Instrument, type Order, type TradingMode, TRADING_MODES } from '@quantdeck/domain'
import type { Logger } from 'pino'
import type { Broker, BrokerEvent, Quote } from '../broker/port.ts'
import { type Books, findByClientOrderId, type Mark } from './books.ts'
import { onBrokerEvent, putOrder } from './broker-events.ts'
import { type BrokerCommand, ChangeSet } from './changes.ts'
import type { DeskContext, DeskSettings } from './context.ts'
import { flush } from './flush.ts'
import { loadBooks, refreshFacts } from './load-books.ts'

export interface DeskDeps {
  db: Database
  clock: Clock
  log: Logger
  broker: Broker
  settings: DeskSettings
  /** Called after each commit that wrote to the outbox or the audit log. */
  wakeSealer: () => void
}

export interface RunOptions {
  /** The instant of the facts; now unless told. */
  at?: Date
  /** False for the demo's history: written down, but nobody is told. */
  push?: boolean
}

/**
 * The books of both accounts and the only door to change them. Work is serialised: in this process by a queue, between
 * processes by the account's row lock, whose version tells whether the books in memory are still true. A transaction
 * that fails throws the cached books away, because they may have been changed in memory.
 */
export class Desk {
  readonly #deps: DeskDeps
  readonly #cache = new Map<TradingMode, Books>()
  readonly #marks = new Map<string, Mark>()
  #queue: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(deps: DeskDeps) {
    this.#deps = deps
    deps.broker.onEvents((events) => this.onBrokerEvents(events))
  }

  get settings(): DeskSettings {
    return this.#deps.settings
  }

  /** Runs work on the books of a mode in one transaction, writes what it changed, and then tells the broker. */
  async run<T>(
    mode: TradingMode,
    work: (ctx: DeskContext, trx: Trx) => T | Promise<T>,
    options: RunOptions = {},
  ): Promise<T> {
    const changes = new ChangeSet()
    const result = await this.#enqueue(() => this.#transact(mode, work, changes, options))
    if (!changes.isEmpty) this.#deps.wakeSealer()
    await this.#dispatch(changes.commands)
    return result
  }

  /** A look at the books as they are, without changing anything. */
  async read<T>(mode: TradingMode, look: (books: Books, at: Date) => T): Promise<T> {
    return this.#enqueue(() =>
      transaction(this.#deps.db, async (trx) => {
        const books = await this.#fresh(trx, mode)
        return look(books, this.#deps.clock.now())
      }),
    )
  }

  /** As `run`, but nothing is written and nobody is told: what would happen. */
  async preview<T>(mode: TradingMode, look: (ctx: DeskContext) => T): Promise<T> {
    return this.read(mode, (books, at) =>
      look({ books, changes: new ChangeSet(), at, settings: this.#deps.settings, newId: randomUUID }),
    )
  }

  /** Books what the broker reports. Public because the demo's history reports without a broker's timers. */
  async onBrokerEvents(events: BrokerEvent[], options: RunOptions = {}): Promise<void> {
    if (this.#closed) return
    for (const mode of TRADING_MODES) {
      await this.run(
        mode,
        (ctx) => {
          for (const event of events) {
            if (findByClientOrderId(ctx.books, event.clientOrderId))
              onBrokerEvent({ ...ctx, at: event.at }, event)
          }
        },
        options,
      )
    }
  }

  /** An instrument as the books know it; for the simulated exchange, which cannot wait for a query. */
  instrument(symbol: string): Instrument | undefined {
    for (const books of this.#cache.values()) {
      const found = books.instruments.get(symbol)
      if (found) return found
    }
    return undefined
  }

  /** Hands a price to a simulated broker; real ones have their own. */
  quoteBroker(quote: Quote): void {
    this.#deps.broker.onQuote(quote)
  }

  /** Forgets what is in memory: the next use reads the database. */
  invalidate(): void {
    this.#cache.clear()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#queue.catch(() => {})
  }

  async #transact<T>(
    mode: TradingMode,
    work: (ctx: DeskContext, trx: Trx) => T | Promise<T>,
    changes: ChangeSet,
    options: RunOptions,
  ): Promise<T> {
    try {
      return await transaction(this.#deps.db, async (trx) => {
        const books = await this.#fresh(trx, mode)
        const ctx: DeskContext = {
          books,
          changes,
          at: options.at ?? this.#deps.clock.now(),
          settings: this.#deps.settings,
          newId: randomUUID,
        }
        const result = await work(ctx, trx)
        await flush(trx, books, changes, { push: options.push ?? true, now: ctx.at })
        return result
      })
    } catch (error) {
      this.#cache.delete(mode)
      throw error
    }
  }

  async #fresh(trx: Trx, mode: TradingMode): Promise<Books> {
    const version = await lockAccount(trx, mode)
    const cached = this.#cache.get(mode)
    if (cached?.version === version) {
      await refreshFacts(trx, cached, this.#deps.db.kind)
      return cached
    }
    const books = await loadBooks(trx, { mode, version, at: this.#deps.clock.now(), marks: this.#marks })
    this.#cache.set(mode, books)
    return books
  }

  #enqueue<T>(job: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(job, job)
    this.#queue = next.catch(() => {})
    return next
  }

  async #dispatch(commands: readonly BrokerCommand[]): Promise<void> {
    for (const { type, order } of commands) {
      try {
        if (type === 'submit') await this.#deps.broker.submit(order)
        else await this.#deps.broker.cancel(order.clientOrderId)
      } catch (error) {
        this.#deps.log.error(
          { err: error, orderId: order.orderId },
          'the outcome of a broker call is unknown',
        )
        if (type === 'submit') await this.#markInDoubt(order)
      }
    }
  }

  async #markInDoubt(order: Order): Promise<void> {
    await this.run(order.mode, (ctx) => {
      const found = findByClientOrderId(ctx.books, order.clientOrderId)
      if (found) putOrder(ctx, found.book, { ...found.order, inDoubt: true })
    })
  }

  /**
   * After a restart: orders that were stored but perhaps never sent are resolved by asking the broker, and sent only
   * when it says it has never heard of them.
   */
  async resolveUnsent(): Promise<number> {
    let resolved = 0
    for (const mode of TRADING_MODES) {
      const pending = await this.read(mode, (books) =>
        [...books.strategies.values()].flatMap((book) =>
          [...book.working.values()].filter(
            (order) => order.status === 'PENDING' && order.timeInForce !== 'OPG',
          ),
        ),
      )
      for (const order of pending) {
        const state = await this.#deps.broker.query(order.clientOrderId)
        if (state.status === 'unknown') await this.#dispatch([{ type: 'submit', order }])
        else await this.onBrokerEvents(state.events)
        resolved += 1
      }
    }
    return resolved
  }
}
