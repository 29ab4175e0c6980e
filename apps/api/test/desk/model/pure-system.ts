import {
  type Alert,
  Decimal,
  type Fill,
  type Order,
  type Position,
  type TradingState,
  ZERO,
} from '@quantdeck/domain'
import { initialRiskState, type LimitOverrides, resolveLimits } from '@quantdeck/risk'
import type { BrokerEvent } from '../../../src/broker/port.ts'
import { type Books, findByClientOrderId, type StrategyBook } from '../../../src/desk/books.ts'
import { cancelWorking } from '../../../src/desk/cancel-order.ts'
import { ChangeSet } from '../../../src/desk/changes.ts'
import type { DeskContext } from '../../../src/desk/context.ts'
import { toOco } from '../../../src/desk/dispatch.ts'
import { onQuote } from '../../../src/desk/quote-flow.ts'
import { bookOnce } from '../../../src/desk/reported-events.ts'
import { reducesPosition } from '../../../src/desk/risk-books.ts'
import { submitOrder } from '../../../src/desk/submit.ts'
import { WorkingOrders } from '../../../src/desk/working-orders.ts'
import { draftOf } from '../acts.ts'
import { ACME, NOON, strategy } from '../house.ts'
import { BrokerScript } from './broker-script.ts'
import type { Ask, System } from './commands.ts'
import type { SystemView } from './reference.ts'

/** Enough of everything that only the order machine is tested. */
export const WIDE_LIMITS: LimitOverrides = {
  maxTradesPerDay: 100_000,
  messagesPerSecond: 100_000,
  lossStreak: 100_000,
  maxActiveOrders: 100_000,
  windowNotionalOfAllocation: '100000',
}

/** A mistake that the model has to find: what a product would do that forgot something. */
export type SeededBug = 'none' | 'forgets booked trades' | 'forgets finished orders' | 'loses cancellations'

/** The desk's pure pipeline on books in memory: no database, no clock, no broker but the script. */
export class PureSystem implements System {
  readonly script = new BrokerScript(() => new Date(this.#now))
  readonly told: BrokerEvent[] = []
  onTheWay: BrokerEvent[] = []
  readonly #bug: SeededBug
  readonly #orders = new Map<string, Order>()
  readonly #positions = new Map<string, Position>()
  readonly #fills: Fill[] = []
  readonly #alerts: Pick<Alert, 'code'>[] = []
  #now = NOON.getTime()
  #ids = 0
  #books: Books

  constructor(bug: SeededBug = 'none') {
    this.#bug = bug
    this.#books = emptyBooks()
  }

  async submit(ask: Ask): Promise<void> {
    this.#run((ctx, book) => submitOrder(ctx, book, toDraft(book, ask)))
  }

  async cancel(clientOrderId: string): Promise<void> {
    this.#run((ctx) => {
      const found = findByClientOrderId(ctx.books, clientOrderId)
      if (found) cancelWorking(ctx, found.book, found.order)
    })
  }

  async deliver(events: BrokerEvent[]): Promise<void> {
    const heard =
      this.#bug === 'loses cancellations' ? events.filter(({ type }) => type !== 'cancelled') : events
    const booked = this.#bug === 'forgets booked trades' ? [] : this.#fills
    const finished = this.#bug === 'forgets finished orders' ? [] : [...this.#orders.values()]
    this.#run((ctx) => bookOnce(ctx, heard, { booked, finished }))
  }

  async price(cents: number): Promise<void> {
    const quote = { symbol: 'ACME', price: new Decimal(cents).div(100), at: new Date(this.#now) }
    this.#run((ctx) => onQuote(ctx, quote))
  }

  /** Books as they would be loaded: from what was stored. */
  async restart(): Promise<void> {
    const before = this.#books
    this.#books = emptyBooks()
    this.#books.marks.set('ACME', before.marks.get('ACME') ?? { price: new Decimal(100), at: NOON })
    const book = bookOf(this.#books)
    const old = bookOf(before)
    book.risk = old.risk
    book.realizedUsd = old.realizedUsd
    for (const position of this.#positions.values())
      if (position.closedAt === null) book.open.set(position.symbol, position)
    for (const order of this.#orders.values())
      if (order.status === 'PENDING' || order.status === 'SUBMITTED') book.working.set(order.orderId, order)
  }

  async view(): Promise<SystemView> {
    const positions = [...this.#positions.values()]
    const [open] = positions.filter(({ closedAt }) => closedAt === null)
    const cash = positions.reduce((sum, { realizedQuote, costBasis, closedAt }) => {
      const held = closedAt === null ? costBasis : ZERO
      return sum.plus(realizedQuote).minus(held)
    }, ZERO)
    return {
      orders: [...this.#orders.values()].map((order) => ({
        clientOrderId: order.clientOrderId,
        side: order.side,
        status: order.status,
        quantity: order.quantity.toNumber(),
        filled: order.filledQuantity.toNumber(),
        average: order.averageFillPrice?.toNumber() ?? null,
        groupId: order.ocoGroupId,
        isHeld: order.isHeld,
      })),
      tradeIds: this.#fills.map(({ brokerTradeId }) => brokerTradeId),
      position: open?.quantity.toNumber() ?? 0,
      cash: cash.toFixed(),
      hasBracket: open !== undefined && (open.stopLoss !== null || open.takeProfit !== null),
      alerts: this.#alerts.map(({ code }) => code),
    }
  }

  /** One transaction: what it wrote is stored, then its commands go to the broker. */
  #run(work: (ctx: DeskContext, book: StrategyBook) => unknown): void {
    this.#now += 100
    const changes = new ChangeSet()
    const ctx: DeskContext = {
      ...{ books: this.#books, changes, at: new Date(this.#now) },
      settings: { riskDayZone: 'America/Bogota', primarySymbol: 'ACME' },
      newId: () => `id-${(this.#ids += 1)}`,
    }
    work(ctx, bookOf(this.#books))
    for (const orders of [changes.newOrders, changes.changedOrders])
      for (const [id, order] of orders) this.#orders.set(id, order)
    for (const [id, position] of changes.positions) this.#positions.set(id, position)
    this.#fills.push(...changes.fills)
    this.#alerts.push(...changes.alerts)
    for (const command of changes.commands) {
      if (command.type === 'submit') this.script.submit(command.order)
      else if (command.type === 'submit_oco') this.script.submitOco(toOco(command))
      else this.script.askCancel(command.order.clientOrderId)
    }
  }
}

function bookOf(books: Books): StrategyBook {
  const book = books.strategies.get('ana_v1')
  if (!book) throw new Error('no book')
  return book
}

/** As the API makes a draft of a request. */
export function toDraft(book: StrategyBook, { side, units, orderType, bracket }: Ask) {
  const quantity = new Decimal(units)
  const long = side === 'BUY'
  return draftOf(side, units, {
    orderType,
    limitPrice: orderType === 'LIMIT' ? new Decimal(100) : null,
    stopPrice: orderType === 'STOP' ? new Decimal(100) : null,
    timeInForce: 'GTC',
    allowDuplicate: true,
    isEntry: !reducesPosition(book, { symbol: 'ACME', side, quantity }),
    // Far enough that no price of the test touches them.
    stopLoss: bracket === 'none' ? null : new Decimal(long ? 80 : 120),
    takeProfit: bracket === 'both' ? new Decimal(long ? 120 : 80) : null,
  })
}

function emptyBooks(): Books {
  const one = strategy({ allocatedCapital: new Decimal(10_000_000) })
  const limits = resolveLimits(WIDE_LIMITS)
  const risk = (scope: string) => initialRiskState(scope, { equity: '10000000', dayKey: '2026-01-07' })
  const book: StrategyBook = {
    ...{ strategy: one, limits, risk: risk('strategy:ana_v1:PAPER') },
    ...{ open: new Map(), working: new WorkingOrders(), cancelling: new Set(), unprotected: new Set() },
    ...{ realizedUsd: ZERO, recent: [], messageBucket: null, refusedExits: new Map() },
  }
  return {
    ...{ mode: 'PAPER', version: 1, initialCapital: new Decimal(100_000_000), limits },
    risk: risk('account:PAPER'),
    strategies: new Map([['ana_v1', book]]),
    instruments: new Map([['ACME', ACME]]),
    killLevels: new Map<string, TradingState>(),
    marks: new Map([['ACME', { price: new Decimal(100), at: NOON }]]),
    modelHealth: new Map(),
  }
}
