import { randomUUID } from 'node:crypto'
import { type Database, listOrdersByClientIds, lockAccount, type Trx, transaction } from '@quantdeck/db'
import {
  type Clock,
  type Instrument,
  type ModelHealthStatus,
  type Order,
  type Strategy,
  type TradingMode,
  TRADING_MODES,
} from '@quantdeck/domain'
import type { ModelHealth } from '@quantdeck/risk'
import type { Logger } from 'pino'
import type { Broker, BrokerEvent, Quote } from '../broker/port.ts'
import type { StoppedScopes } from '../latch/kill-latch.ts'
import { type Books, findByClientOrderId, findWorking, type Mark, type SharedFacts } from './books.ts'
import { unknownFill } from './broker-alerts.ts'
import { type BrokerCommand, ChangeSet } from './changes.ts'
import type { DeskContext, DeskSettings } from './context.ts'
import { handOver, ordersOf } from './dispatch.ts'
import { flush } from './flush.ts'
import { loadBooks, refreshFacts } from './load-books.ts'
import { ModelVerdicts } from './model-verdicts.ts'
import { resendGroup } from './protection.ts'
import { isProtective } from './protective-orders.ts'
import { putOrder } from './put-order.ts'
import { bookReports } from './reported-events.ts'
import { resubmit } from './resubmit.ts'
import { SendGate, SwitchesUnreadable } from './send-gate.ts'
import { resolveUnsettled } from './unsettled.ts'

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

/** Client order ids that are taken, of those that were asked about. */
export type UsedClientIds = ReadonlySet<string>
type Work<T> = (ctx: DeskContext, trx: Trx, used: UsedClientIds) => T | Promise<T>

interface Done {
  result: unknown
  /** Resolves once the broker has been told of what this work asked of it. */
  told: Promise<void>
}

/** Work that waits for the next common transaction. */
interface Waiting {
  work: Work<unknown>
  clientOrderId: string | undefined
  /** Null: it has to run alone. */
  resolve: (done: Done | null) => void
  reject: (error: unknown) => void
}

/** More would keep the account locked, and the first of them waiting, for too long. */
const MOST_TOGETHER = 64

export interface RunOptions {
  /** The instant of the facts; now unless told. */
  at?: Date
  /** False for the demo's history: written down, but nobody is told. */
  push?: boolean
  /** Asked about while the books are looked at: which of them are taken. */
  clientOrderIds?: readonly string[]
}

/** Orders of which it is remembered when they were handed over. */
const MOST_REMEMBERED = 10_000

/**
 * The books of both accounts and the only door to change them. Work is serialised: in this process by a queue, between
 * processes by the account's row lock, whose version tells whether the books in memory are still true. A transaction
 * that fails throws everything in memory away, because the work may have changed it before it failed.
 */
export class Desk {
  readonly #deps: DeskDeps
  readonly #cache = new Map<TradingMode, Books>()
  readonly #shared: SharedFacts = {
    marks: new Map<string, Mark>(),
    modelHealth: new Map<string, ModelHealthStatus>(),
  }
  readonly #instruments = new Map<string, Instrument>()
  /** The books as they were read last, also after they were thrown away. */
  readonly #remembered = new Map<TradingMode, Books>()
  readonly #verdicts = new ModelVerdicts()
  readonly #gate: SendGate
  /** When this process gave an order to the broker last; Infinity while it does. */
  readonly #handedOverMs = new Map<string, number>()
  readonly #waiting: Record<TradingMode, Waiting[]> = { PAPER: [], LIVE: [] }
  #queue: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(deps: DeskDeps) {
    this.#deps = deps
    this.#gate = new SendGate(deps.db, () => deps.clock.nowMs(), deps.latch)
    deps.broker.onEvents((events) => this.onBrokerEvents(events))
  }

  get settings(): DeskSettings {
    return this.#deps.settings
  }

  /** Runs work on the books of a mode in one transaction, writes what it changed, and then tells the broker. */
  async run<T>(mode: TradingMode, work: Work<T>, options: RunOptions = {}): Promise<T> {
    const changes = new ChangeSet()
    const result = await this.#enqueue(() => this.#transact(mode, work, changes, options))
    if (!changes.isEmpty) this.#deps.wakeSealer()
    await this.#dispatch(changes.commands)
    return result
  }

  /**
   * As `run`, in one transaction with whatever else waits for these books by then: one lock and one wait for the disk for
   * all of them. When one fails, all of it is undone and each runs alone: work may be done twice, so it changes nothing
   * but its context, and returns a refusal rather than throwing it.
   * @param clientOrderId one that work wants to know of whether it is taken: asked for all of them at once
   */
  async runTogether<T>(mode: TradingMode, work: Work<T>, clientOrderId?: string): Promise<T> {
    const done = await new Promise<Done | null>((resolve, reject) => {
      this.#waiting[mode].push({ work, clientOrderId, resolve, reject })
      if (this.#waiting[mode].length === 1) void this.#enqueue(() => this.#runWaiting(mode))
    })
    if (done === null) return this.run(mode, work, { clientOrderIds: idsOf([{ clientOrderId }]) })
    await done.told
    return done.result as T
  }

  async #runWaiting(mode: TradingMode): Promise<void> {
    const members = this.#waiting[mode].splice(0, MOST_TOGETHER)
    if (this.#waiting[mode].length > 0) void this.#enqueue(() => this.#runWaiting(mode))
    const changes = new ChangeSet()
    let isCommitting = false
    const onCommit = () => (isCommitting = true)
    try {
      const runAll: Work<{ result: unknown; commands: BrokerCommand[] }[]> = async (ctx, trx, used) => {
        const results = []
        for (const { work } of members) {
          const before = changes.commands.length
          results.push({ result: await work(ctx, trx, used), commands: changes.commands.slice(before) })
        }
        return results
      }
      const results = await this.#transact(mode, runAll, changes, {
        onCommit,
        clientOrderIds: idsOf(members),
      })
      if (!changes.isEmpty) this.#deps.wakeSealer()
      this.#markHandedOver(changes.commands)
      // Not waited for here: what the broker answers needs the books as well. What one work asked of it goes in its order.
      for (const [index, { result, commands }] of results.entries())
        members[index]?.resolve({ result, told: this.#send(commands) })
    } catch (error) {
      // A commit whose answer is lost may have happened: doing it again could send everything twice.
      const isUndone = !isCommitting && members.length > 1
      for (const { resolve, reject } of members) {
        if (isUndone) resolve(null)
        else reject(error)
      }
    }
  }

  /** A look at the books as they are, without changing anything. */
  async read<T>(mode: TradingMode, look: (books: Books, at: Date) => T): Promise<T> {
    return this.#enqueue(() =>
      transaction(this.#deps.db, async (trx) => {
        const { books } = await this.#fresh(trx, mode)
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

  /** Books what the broker reports, each event with the mode of its order. */
  async onBrokerEvents(events: readonly BrokerEvent[]): Promise<void> {
    if (this.#closed) return
    const modes = await this.#modesOf(new Set(events.map((event) => event.clientOrderId)))
    for (const mode of TRADING_MODES) {
      const own = events.filter((event) => modes.get(event.clientOrderId) === mode)
      if (own.length > 0) await this.runTogether(mode, (ctx, trx) => bookReports(ctx, trx, own))
    }
    const unknown = events.filter((event) => event.type === 'fill' && !modes.has(event.clientOrderId))
    if (unknown.length > 0) await this.#raiseUnknown(unknown)
  }

  /** An order never changes its mode: what is remembered of it stays true. */
  async #modesOf(clientOrderIds: ReadonlySet<string>): Promise<Map<string, TradingMode>> {
    const modes = new Map<string, TradingMode>()
    for (const id of clientOrderIds)
      for (const books of this.#cache.values()) if (findByClientOrderId(books, id)) modes.set(id, books.mode)
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
    for (const [strategyId, { conclusive, status }] of verdicts) {
      if (conclusive) this.#shared.modelHealth.set(strategyId, status)
      else this.#shared.modelHealth.delete(strategyId)
    }
    return verdicts
  }

  /**
   * An instrument as the books knew it last; for the simulated exchange, which cannot wait for a query. Kept when the books
   * are thrown away: an order that arrives just then is not of an unknown symbol.
   */
  instrument(symbol: string): Instrument | undefined {
    return this.#instruments.get(symbol)
  }

  /** A strategy as some books knew it last, to find the books that decide; undefined while none are loaded. */
  lastKnownStrategy(strategyId: string): Strategy | undefined {
    for (const books of this.#cache.values()) {
      const strategy = books.strategies.get(strategyId)?.strategy
      if (strategy) return strategy
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
    this.#shared.marks.clear()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#queue.catch(() => {})
  }

  async #transact<T>(
    mode: TradingMode,
    work: Work<T>,
    changes: ChangeSet,
    options: RunOptions & { onCommit?: () => void },
  ): Promise<T> {
    try {
      return await transaction(this.#deps.db, async (trx) => {
        const { books, used } = await this.#fresh(trx, mode, options.clientOrderIds)
        const ctx: DeskContext = {
          books,
          changes,
          at: options.at ?? this.#deps.clock.now(),
          settings: this.#deps.settings,
          newId: randomUUID,
        }
        const result = await work(ctx, trx, used)
        await flush(trx, books, changes, { push: options.push ?? true, now: ctx.at })
        options.onCommit?.()
        return result
      })
    } catch (error) {
      this.invalidate()
      this.#deps.onRollback?.([...changes.newOrders.values()].map((order) => order.clientOrderId))
      throw error
    }
  }

  async #fresh(trx: Trx, mode: TradingMode, clientOrderIds: readonly string[] = []) {
    const version = await lockAccount(trx, mode)
    const cached = this.#cache.get(mode)
    const books =
      cached?.version === version
        ? cached
        : await loadBooks(trx, { mode, version, at: this.#deps.clock.now(), shared: this.#shared })
    const used = await refreshFacts(trx, books, { kind: this.#deps.db.kind, clientOrderIds })
    if (books !== cached) for (const [symbol, one] of books.instruments) this.#instruments.set(symbol, one)
    addLatched(books, this.#deps.latch)
    this.#cache.set(mode, books)
    this.#remembered.set(mode, books)
    return { books, used }
  }

  #enqueue<T>(job: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(job, job)
    this.#queue = next.catch(() => {})
    return next
  }

  async #dispatch(commands: readonly BrokerCommand[]): Promise<void> {
    this.#markHandedOver(commands)
    await this.#send(commands)
  }

  /** All at once: while the first is being handed over, nobody may take the second for lost. */
  #markHandedOver(commands: readonly BrokerCommand[]): void {
    for (const command of commands)
      if (command.type !== 'cancel')
        for (const { orderId } of ordersOf(command)) this.#handedOverMs.set(orderId, Infinity)
  }

  /** One by one; what fails for one is no reason not to send the next. */
  async #send(commands: readonly BrokerCommand[]): Promise<void> {
    const failures: unknown[] = []
    for (const command of commands) {
      try {
        if (command.type === 'cancel') await this.#cancel(command.order)
        else await this.#submit(command)
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  /** A cancellation that did not arrive is asked for again with the next round of open outcomes. */
  async #cancel(order: Order): Promise<void> {
    try {
      await this.#deps.broker.cancel(order.clientOrderId)
    } catch (error) {
      this.#deps.log.error({ err: error, orderId: order.orderId }, 'a cancellation may not have arrived')
    }
  }

  async #submit(command: Exclude<BrokerCommand, { type: 'cancel' }>): Promise<void> {
    const orders = ordersOf(command)
    const [first] = orders
    if (!first) return
    try {
      const hasLeft = await this.#gate.pass(first, () => handOver(this.#deps.broker, command))
      if (!hasLeft) await this.run(first.mode, (ctx) => judgeAgain(ctx, orders))
    } catch (error) {
      this.#deps.log.error({ err: error, orderId: first.orderId }, 'the outcome of a broker call is unknown')
      if (!(error instanceof SwitchesUnreadable)) await this.#markInDoubt(orders)
    } finally {
      for (const { orderId } of orders) this.#handedOverMs.set(orderId, this.#deps.clock.nowMs())
      this.#forgetOldest()
    }
  }

  #forgetOldest(): void {
    for (const [orderId] of this.#handedOverMs) {
      if (this.#handedOverMs.size <= MOST_REMEMBERED) return
      this.#handedOverMs.delete(orderId)
    }
  }

  async #markInDoubt(orders: readonly Order[]): Promise<void> {
    for (const { mode, orderId } of orders) {
      await this.run(mode, (ctx) => {
        const found = findWorking(ctx.books, orderId)
        if (found?.order.status === 'PENDING') putOrder(ctx, found.book, { ...found.order, inDoubt: true })
      })
    }
  }

  /** Resolves when every order that was on its way when a kill switch was committed has left; later ones do not. */
  async drainSends(): Promise<void> {
    await this.#gate.drain()
  }

  /** Of this process alone: for a stop that is held without the database. */
  async drainOwnSends(): Promise<void> {
    await this.#gate.drainHere()
  }

  /**
   * The books as they were last, without asking anybody: for what must work while the database is away, and for nothing
   * else. Null before they were read for the first time.
   */
  remembered(mode: TradingMode): Books | null {
    return this.#remembered.get(mode) ?? null
  }

  /** Asks the broker to cancel orders that work there, without booking anything: its reports are booked as they come. */
  async cancelAtBroker(orders: readonly Order[]): Promise<void> {
    await Promise.all(orders.map((order) => this.#cancel(order)))
  }

  /** Asks the broker about orders whose outcome is open and older than an age. @returns how many there were */
  async resolveUnsettled(olderThanMs = 0): Promise<number> {
    const { broker, clock } = this.#deps
    const handedOverMs = (orderId: string) => this.#handedOverMs.get(orderId) ?? -Infinity
    return resolveUnsettled({ desk: this, broker, clock, handedOverMs }, olderThanMs)
  }
}

/** What the latch holds counts as well as what the database says: the worse of the two. */
function addLatched({ killLevels }: Books, latch: StoppedScopes | undefined): void {
  for (const [scope, level] of latch?.levels() ?? [])
    if (level === 'HALTED' || !killLevels.has(scope) || killLevels.get(scope) === 'ACTIVE')
      killLevels.set(scope, level)
}

function idsOf(members: readonly Pick<Waiting, 'clientOrderId'>[]): string[] {
  return members.flatMap(({ clientOrderId }) => (clientOrderId === undefined ? [] : [clientOrderId]))
}

/** Stored before a kill switch was activated, not sent after it. */
function judgeAgain(ctx: DeskContext, orders: readonly Order[]): void {
  for (const { orderId } of orders) {
    const found = findWorking(ctx.books, orderId)
    if (found?.order.status !== 'PENDING') continue
    if (isProtective(found.order)) resendGroup(ctx, found.book, found.order)
    else resubmit(ctx, found.book, [found.order])
  }
}
