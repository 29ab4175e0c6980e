import { randomUUID } from 'node:crypto'
import { type Database, isRefusedStatement, listOrdersByClientIds, transaction } from '@quantdeck/db'
import {
  type Clock,
  type Instrument,
  type Order,
  type Strategy,
  type TradingMode,
  TRADING_MODES,
} from '@quantdeck/domain'
import type { ModelHealth } from '@quantdeck/risk'
import type { Logger } from 'pino'
import type { Broker, BrokerEvent, Quote } from '../broker/port.ts'
import type { StoppedScopes } from '../latch/kill-latch.ts'
import type { Books } from './books.ts'
import { BooksMemory } from './books-memory.ts'
import { unknownFill } from './broker-alerts.ts'
import { ChangeSet } from './changes.ts'
import { CommonTransactions, type TogetherOptions } from './common-transactions.ts'
import type { DeskContext, DeskSettings } from './context.ts'
import { flush } from './flush.ts'
import { HandOver } from './hand-over.ts'
import { ModelVerdicts } from './model-verdicts.ts'
import { bookReports } from './reported-events.ts'
import { SendGate } from './send-gate.ts'
import { resolveUnsettled } from './unsettled.ts'
import type { RunOptions, Work } from './work.ts'

export interface DeskDeps {
  db: Database
  clock: Clock
  log: Logger
  broker: Broker
  settings: DeskSettings
  /** Called after each commit that wrote to the outbox or the audit log. */
  wakeSealer: () => void
  /** Called when a transaction failed: these orders were never stored. */
  onRollback?: (clientOrderIds: string[]) => void
  /** Stops that hold without the database. */
  latch?: StoppedScopes
}

/**
 * The books of both accounts and the only door to change them. Work is serialised: in this process by a queue, between
 * processes by the account's row lock, whose version tells whether the books in memory are still true (`BooksMemory`). A
 * transaction that fails throws everything in memory away, because the work may have changed it before it failed.
 */
export class Desk {
  readonly #deps: DeskDeps
  readonly #memory: BooksMemory
  readonly #verdicts = new ModelVerdicts()
  readonly #gate: SendGate
  readonly #broker: HandOver
  readonly #together: Record<TradingMode, CommonTransactions>
  #queue: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(deps: DeskDeps) {
    const { db, clock, log, broker, latch } = deps
    this.#deps = deps
    this.#memory = new BooksMemory({ db, clock, latch })
    this.#gate = new SendGate(db, () => clock.nowMs(), latch)
    this.#broker = new HandOver({
      ...{ broker, clock, log, gate: this.#gate },
      run: (mode, work) => this.run(mode, work),
    })
    this.#together = { PAPER: this.#commonTransactions('PAPER'), LIVE: this.#commonTransactions('LIVE') }
    broker.onEvents((events) => this.onBrokerEvents(events))
  }

  #commonTransactions(mode: TradingMode): CommonTransactions {
    return new CommonTransactions({
      enqueue: (job) => this.#enqueue(job),
      transact: (work, changes, options) => this.#transact(mode, work, changes, options),
      onCommitted: (changes) => this.#onCommitted(changes),
      send: (commands) => this.#broker.send(commands),
    })
  }

  get settings(): DeskSettings {
    return this.#deps.settings
  }

  /** Runs work on the books of a mode in one transaction, writes what it changed, and then tells the broker. */
  async run<T>(mode: TradingMode, work: Work<T>, options: RunOptions = {}): Promise<T> {
    const changes = new ChangeSet()
    const result = await this.#enqueue(() => this.#transact(mode, work, changes, options))
    this.#onCommitted(changes)
    await this.#broker.send(changes.commands)
    return result
  }

  /**
   * As `run`, in one transaction with whatever else waits for these books by then: one lock and one wait for the disk for
   * all of them. When one fails, all of it is undone and each runs alone: work may be done twice, so it changes nothing
   * but its context, and returns a refusal rather than throwing it.
   */
  async runTogether<T>(mode: TradingMode, work: Work<T>, options: TogetherOptions = {}): Promise<T> {
    const { clientOrderId } = options
    const done = await this.#together[mode].run(work, options)
    if (done === null)
      return this.run(mode, work, { clientOrderIds: clientOrderId === undefined ? [] : [clientOrderId] })
    await done.told
    return done.result as T
  }

  /** A look at the books as they are, without changing anything. */
  async read<T>(mode: TradingMode, look: (books: Books, at: Date) => T): Promise<T> {
    return this.#enqueue(() =>
      transaction(this.#deps.db, async (trx) => {
        const { books } = await this.#memory.lock(trx, mode)
        return look(books, this.#deps.clock.now())
      }),
    )
  }

  /** As `run`, but nothing is written and nobody is told: what would happen. */
  async preview<T>(mode: TradingMode, look: (ctx: DeskContext) => T): Promise<T> {
    return this.read(mode, (books, at) => look(this.#context(books, new ChangeSet(), at)))
  }

  #context(books: Books, changes: ChangeSet, at: Date): DeskContext {
    return { books, changes, at, settings: this.#deps.settings, newId: randomUUID }
  }

  async #transact<T>(
    mode: TradingMode,
    work: Work<T>,
    changes: ChangeSet,
    { at, push = true, clientOrderIds, onCommit = () => {} }: RunOptions & { onCommit?: () => void },
  ): Promise<T> {
    try {
      return await transaction(this.#deps.db, async (trx) => {
        const { books, used } = await this.#memory.lock(trx, mode, clientOrderIds)
        const ctx = this.#context(books, changes, at ?? this.#deps.clock.now())
        const result = await work(ctx, trx, used)
        try {
          await flush(trx, books, changes, { push, now: ctx.at })
        } catch (error) {
          // The commit may be on its way with the last statement.
          if (!isRefusedStatement(error)) onCommit()
          throw error
        }
        onCommit()
        return result
      })
    } catch (error) {
      this.invalidate()
      this.#deps.onRollback?.([...changes.newOrders.values()].map((order) => order.clientOrderId))
      throw error
    }
  }

  #onCommitted(changes: ChangeSet): void {
    if (!changes.isEmpty) this.#deps.wakeSealer()
    this.#broker.begin(changes.commands)
  }

  #enqueue<T>(job: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(job, job)
    this.#queue = next.catch(() => {})
    return next
  }

  /** Books what the broker reports, each event with the mode of its order. */
  async onBrokerEvents(events: readonly BrokerEvent[]): Promise<void> {
    if (this.#closed) return
    const modes = await this.#modesOf(new Set(events.map((event) => event.clientOrderId)))
    for (const mode of TRADING_MODES) {
      const own = events.filter((event) => modes.get(event.clientOrderId) === mode)
      // Nothing follows from an order that rests at the broker as was expected.
      const isPatient = own.every(({ type }) => type === 'accepted')
      if (own.length > 0)
        await this.runTogether(mode, (ctx, trx) => bookReports(ctx, trx, own), { isPatient })
    }
    const unknown = events.filter((event) => event.type === 'fill' && !modes.has(event.clientOrderId))
    if (unknown.length > 0) await this.#raiseUnknown(unknown)
  }

  /** An order never changes its mode: what is remembered of it stays true. */
  async #modesOf(clientOrderIds: ReadonlySet<string>): Promise<Map<string, TradingMode>> {
    const modes = this.#memory.modesOf(clientOrderIds)
    const others = [...clientOrderIds].filter((id) => !modes.has(id))
    if (others.length === 0) return modes
    for (const order of await listOrdersByClientIds(this.#deps.db.kysely, others))
      modes.set(order.clientOrderId, order.mode)
    return modes
  }

  async #raiseUnknown(events: readonly BrokerEvent[]): Promise<void> {
    await this.run('PAPER', (ctx) => {
      for (const event of events) if (event.type === 'fill') ctx.changes.alerts.push(unknownFill(event))
    })
  }

  /** Verdicts on models from what they did last; the conclusive ones are what R25 judges by. */
  async judgeModels(strategies: readonly Strategy[]): Promise<Map<string, ModelHealth>> {
    const verdicts = await this.#verdicts.of(this.#deps.db.kysely, strategies, this.#deps.clock.now())
    for (const [strategyId, { conclusive, status }] of verdicts)
      this.#memory.setModelHealth(strategyId, conclusive ? status : null)
    return verdicts
  }

  /**
   * An instrument as the books knew it last; for the simulated exchange, which cannot wait for a query. Kept when the books
   * are thrown away: an order that arrives just then is not of an unknown symbol.
   */
  instrument(symbol: string): Instrument | undefined {
    return this.#memory.instrument(symbol)
  }

  /** A strategy as some books knew it last, to find the books that decide; undefined while none are loaded. */
  lastKnownStrategy(strategyId: string): Strategy | undefined {
    return this.#memory.strategy(strategyId)
  }

  /**
   * The books as they were last, without asking anybody: for what must work while the database is away, and for nothing
   * else. Null before they were read for the first time.
   */
  remembered(mode: TradingMode): Books | null {
    return this.#memory.remembered(mode)
  }

  /** Forgets what is in memory: the next use reads the database. */
  invalidate(): void {
    this.#memory.invalidate()
  }

  /** Hands a price to a simulated broker; real ones have their own. */
  quoteBroker(quote: Quote): void {
    this.#deps.broker.onQuote(quote)
  }

  /** Asks the broker to cancel orders that work there, without booking anything: its reports are booked as they come. */
  async cancelAtBroker(orders: readonly Order[]): Promise<void> {
    await Promise.all(orders.map((order) => this.#broker.cancel(order)))
  }

  /** Resolves when every order that was on its way when a kill switch was committed has left; later ones do not. */
  async drainSends(): Promise<void> {
    await this.#gate.drain()
  }

  /** Of this process alone: for a stop that is held without the database. */
  async drainOwnSends(): Promise<void> {
    await this.#gate.drainHere()
  }

  /** Asks the broker about orders whose outcome is open and older than an age. @returns how many there were */
  async resolveUnsettled(olderThanMs = 0): Promise<number> {
    const { broker, clock } = this.#deps
    const handedOverMs = (orderId: string) => this.#broker.leftMs(orderId)
    return resolveUnsettled({ desk: this, broker, clock, handedOverMs }, olderThanMs)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const mode of TRADING_MODES) this.#together[mode].start()
    await this.#queue.catch(() => {})
  }
}
