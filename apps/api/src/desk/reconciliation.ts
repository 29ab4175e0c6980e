import { type Database, lastFillAt, listFillsByTradeIds } from '@quantdeck/db'
import { type Clock, type Decimal, HOUR_MS, type TradingMode, TRADING_MODES, ZERO } from '@quantdeck/domain'
import type { Logger } from 'pino'
import type { Broker, BrokerOpenOrder, BrokerPosition } from '../broker/port.ts'
import type { Books, StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import type { Desk } from './desk.ts'
import { foldStrategy } from './risk-fold.ts'
import { isWaiting } from './waiting.ts'

/** Fills are asked for from this long before the last one that is booked: reports may overtake each other. */
const LOOK_BACK_MS = HOUR_MS

interface Parts {
  desk: Desk
  db: Database
  broker: Broker
  clock: Clock
  log: Logger
}

/** What the books say about a symbol, in words that can be compared. */
interface SymbolView {
  position: Decimal
  /** Orders that the broker has accepted: client id -> units filled. */
  orders: Map<string, Decimal>
  /** Sent and not answered yet: whether they have arrived is being asked. */
  unanswered: Set<string>
}

/** Something that differs, in words for a person. */
export interface Difference {
  symbol: string
  what: string
}

export interface Comparison {
  differences: Difference[]
  /** Something was booked that a report should have told. */
  recovered: boolean
}

/**
 * A06: the books beside the broker's. What the broker can prove is booked first, by the ordinary way: fills whose reports
 * were lost, orders that ended meanwhile. What still differs stops entries of the strategies concerned until it agrees
 * again for two passes; nothing is corrected.
 */
export class Reconciliation {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** One pass over both accounts. @throws when the broker cannot be asked: that says nothing about the books */
  async pass(): Promise<Comparison> {
    const found: Comparison = { differences: [], recovered: false }
    if (!this.#parts.broker.hasOwnBooks) return found
    for (const mode of TRADING_MODES) {
      const fills = await this.#recoverFills(mode)
      const orders = await this.#askAboutOrders(mode)
      found.recovered ||= fills || orders
      found.differences.push(...(await this.#compareIn(mode)))
    }
    return found
  }

  async #compareIn(mode: TradingMode): Promise<Difference[]> {
    const { desk, broker } = this.#parts
    const before = await desk.read(mode, viewOf)
    const [open, positions] = [await broker.listOpenOrders(mode), await broker.listPositions(mode)]
    const after = await desk.read(mode, viewOf)
    const differences = compare(before, { open, positions }).filter(({ symbol }) =>
      // What moves while it is looked at is looked at again in the next pass.
      isSameView(before.get(symbol), after.get(symbol)),
    )
    await this.#judge(mode, differences)
    return differences
  }

  async #recoverFills(mode: TradingMode): Promise<boolean> {
    const { db, broker, desk, log, clock } = this.#parts
    const last = (await lastFillAt(db.kysely, mode)) ?? clock.now()
    const fills = await broker.listFills(mode, new Date(last.getTime() - LOOK_BACK_MS))
    const ids = fills.map(({ brokerTradeId }) => brokerTradeId)
    const booked = new Set((await listFillsByTradeIds(db.kysely, ids)).map((fill) => fill.brokerTradeId))
    const missing = fills.filter(({ brokerTradeId }) => !booked.has(brokerTradeId))
    if (missing.length === 0) return false
    log.warn({ fills: missing.length, mode }, 'fills whose reports were lost are booked now')
    await desk.onBrokerEvents(missing)
    return true
  }

  /** Orders that the broker does not list any more have ended: it is asked how. */
  async #askAboutOrders(mode: TradingMode): Promise<boolean> {
    const { desk, broker } = this.#parts
    let hasAsked = false
    const open = new Map((await broker.listOpenOrders(mode)).map((order) => [order.clientOrderId, order]))
    for (const { orders } of (await desk.read(mode, viewOf)).values()) {
      for (const [clientOrderId, filled] of orders) {
        if (open.get(clientOrderId)?.filledQuantity.eq(filled)) continue
        const state = await broker.query(clientOrderId)
        if (state.status === 'unknown') continue
        await desk.onBrokerEvents(state.events)
        hasAsked = true
      }
    }
    return hasAsked
  }

  async #judge(mode: TradingMode, differences: readonly Difference[]): Promise<void> {
    const { desk, log } = this.#parts
    if (differences.length > 0) log.error({ differences, mode }, 'the books differ from the broker')
    await desk.run(mode, (ctx) => {
      for (const book of ctx.books.strategies.values()) judgeStrategy(ctx, book, differences)
    })
  }
}

function judgeStrategy(ctx: DeskContext, book: StrategyBook, differences: readonly Difference[]): void {
  const own = differences.filter(({ symbol }) => isConcerned(book, symbol))
  const wasTripped = book.risk.reconciliationTrippedAt !== null
  foldStrategy(ctx, book, { type: 'reconciled', at: ctx.at.getTime(), matches: own.length === 0 })
  if (own.length === 0 || wasTripped) return
  const { strategyId } = book.strategy
  ctx.changes.alerts.push({
    severity: 'ERROR',
    code: 'BROKER_DIFFERENCE',
    message: `${strategyId} differs from the broker: ${own.map(({ what }) => what).join('; ')}`,
    context: { strategy_id: strategyId, differences: own.map(({ what }) => what) },
    strategyId,
    createdAt: ctx.at,
    dedupeKey: null,
  })
}

/** A broker holds a symbol for the account: whoever trades it, or may, is concerned. */
function isConcerned(book: StrategyBook, symbol: string): boolean {
  if (book.open.has(symbol) || book.strategy.universe.includes(symbol)) return true
  return [...book.working.values()].some((order) => order.symbol === symbol)
}

function viewOf(books: Books): Map<string, SymbolView> {
  const views = new Map<string, SymbolView>()
  const at = (symbol: string) => {
    const view = views.get(symbol) ?? {
      position: ZERO,
      orders: new Map<string, Decimal>(),
      unanswered: new Set<string>(),
    }
    views.set(symbol, view)
    return view
  }
  for (const book of books.strategies.values()) {
    for (const { symbol, quantity } of book.open.values())
      at(symbol).position = at(symbol).position.plus(quantity)
    for (const order of book.working.values()) {
      if (isWaiting(books, order)) continue
      if (order.status === 'SUBMITTED') at(order.symbol).orders.set(order.clientOrderId, order.filledQuantity)
      else at(order.symbol).unanswered.add(order.clientOrderId)
    }
  }
  return views
}

function isSameView(one: SymbolView | undefined, other: SymbolView | undefined): boolean {
  if (!one || !other) return one === other
  if (!one.position.eq(other.position) || one.orders.size !== other.orders.size) return false
  return [...one.orders].every(([id, filled]) => other.orders.get(id)?.eq(filled) === true)
}

interface BrokerView {
  open: readonly BrokerOpenOrder[]
  positions: readonly BrokerPosition[]
}

function compare(views: ReadonlyMap<string, SymbolView>, broker: BrokerView): Difference[] {
  return [...comparePositions(views, broker.positions), ...compareOrders(views, broker.open)]
}

function comparePositions(
  views: ReadonlyMap<string, SymbolView>,
  positions: readonly BrokerPosition[],
): Difference[] {
  const held = new Map(positions.map(({ symbol, quantity }) => [symbol, quantity]))
  return [...new Set([...views.keys(), ...held.keys()])].flatMap((symbol) => {
    const [ours, theirs] = [views.get(symbol)?.position ?? ZERO, held.get(symbol) ?? ZERO]
    if (ours.eq(theirs)) return []
    return [{ symbol, what: `${symbol}: ${ours.toFixed()} in the books, ${theirs.toFixed()} at the broker` }]
  })
}

function compareOrders(
  views: ReadonlyMap<string, SymbolView>,
  open: readonly BrokerOpenOrder[],
): Difference[] {
  const theirs = new Map(open.map((order) => [order.clientOrderId, order]))
  const missing = [...views].flatMap(([symbol, { orders }]) =>
    [...orders].flatMap(([id, filled]) => {
      const order = theirs.get(id)
      if (!order) return [{ symbol, what: `order ${id} works in the books and not at the broker` }]
      if (order.filledQuantity.eq(filled)) return []
      const what = `order ${id}: ${filled.toFixed()} filled in the books, ${order.filledQuantity.toFixed()} at the broker`
      return [{ symbol, what }]
    }),
  )
  const ours = new Set(
    [...views.values()].flatMap(({ orders, unanswered }) => [...orders.keys(), ...unanswered]),
  )
  const foreign = open
    .filter(({ clientOrderId }) => !ours.has(clientOrderId))
    .map(({ symbol, clientOrderId }) => ({
      symbol,
      what: `order ${clientOrderId} works at the broker and not in the books`,
    }))
  return [...missing, ...foreign]
}
