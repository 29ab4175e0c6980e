import {
  Decimal,
  marketValueUsd,
  type Order,
  type Position,
  unitValueUsd,
  usdRateOf,
  ZERO,
} from '@quantdeck/domain'
import type { RiskBooks } from '@quantdeck/risk'
import { DEFAULT_COSTS, feeUsd } from '../broker/fill-model.ts'
import type { Books, StrategyBook } from './books.ts'
import type { OrderDraft } from './order-draft.ts'
import { restOf } from './order-machine.ts'
import { isProtective, reducingOrders, sumOfRest } from './protective-orders.ts'
import { accountEquity, strategyEquity } from './valuation.ts'
import type { WorkingTotals } from './working-orders.ts'

interface Judged {
  draft: OrderDraft
  /** The order's own price, else the mark. */
  price: Decimal | null
  at: Date
}

/** The money and quantities around an order, as the checks R06-R12 want them. */
export function riskBooks(books: Books, book: StrategyBook, { draft, price, at }: Judged): RiskBooks {
  const account = accountEquity(books, at)
  const own = exposureOf(books, book, draft)
  const all = addUp(books, book, own)
  return {
    strategyEquityUsd: riskAmount(strategyEquity(books, book, at).equity),
    accountEquityUsd: riskAmount(account.equity),
    allocationUsd: book.strategy.allocatedCapital.toFixed(),
    // Cash: what is neither deployed nor a gain on paper, the available capital of the summary.
    freeBalanceUsd: riskAmount(account.equity.minus(account.unrealizedPnl).minus(all.deployed)),
    estimatedFeesUsd: riskAmount(estimatedFees(books, draft, price)),
    workingBuysUsd: riskAmount(all.workingBuys),
    positionQuantity: (book.open.get(draft.symbol)?.quantity ?? ZERO).toFixed(),
    workingSameSideQuantity: workingSameSide(book, draft).toFixed(),
    strategyGrossUsd: riskAmount(own.gross),
    accountGrossUsd: riskAmount(all.gross),
    otherOpenPositions: otherPositions(books, book, draft.symbol),
    workingEntryOrders: workingEntries(books, book),
    activeOrders: workingTotals(books, book).active,
  }
}

/** An amount as the risk engine reads it: what a division left beyond 18 decimals is rounded. */
export function riskAmount(value: Decimal): string {
  return value.toDecimalPlaces(18).toFixed()
}

function estimatedFees(books: Books, draft: OrderDraft, price: Decimal | null): Decimal {
  const instrument = books.instruments.get(draft.symbol)
  if (!instrument || !price) return ZERO
  return feeUsd(draft.quantity, price, instrument, usdRateOf(instrument, price), DEFAULT_COSTS)
}

interface Exposure {
  /** Sum of absolute position values plus working entries, USD. */
  gross: Decimal
  /** USD cost of open positions. */
  deployed: Decimal
  workingBuys: Decimal
}

/** `draft`: the order to be judged, if it is this strategy's. */
function exposureOf(books: Books, book: StrategyBook, draft: OrderDraft | null): Exposure {
  const { entriesUsd, buyEntriesUsd, marketEntries } = workingTotals(books, book)
  const exposure: Exposure = { gross: entriesUsd, deployed: ZERO, workingBuys: buyEntriesUsd }
  for (const order of marketEntries) {
    const notional = marketNotionalUsd(books, order)
    exposure.gross = exposure.gross.plus(notional)
    if (order.side === 'BUY') exposure.workingBuys = exposure.workingBuys.plus(notional)
  }
  for (const position of book.open.values()) {
    const share = shareLeft(book, position, draft)
    exposure.gross = exposure.gross.plus(positionUsd(books, position).times(share))
    exposure.deployed = exposure.deployed.plus(position.costUsd.abs().times(share))
  }
  return exposure
}

/** The strategy's own exposure and that of all others. */
function addUp(books: Books, book: StrategyBook, own: Exposure): Exposure {
  const all = { ...own }
  for (const other of books.strategies.values()) {
    if (other === book || (other.open.size === 0 && other.working.size === 0)) continue
    const { gross, deployed, workingBuys } = exposureOf(books, other, null)
    // Most have nothing of most: sums of nothing for every strategy would be half the time of a decision.
    if (gross !== ZERO) all.gross = all.gross.plus(gross)
    if (deployed !== ZERO) all.deployed = all.deployed.plus(deployed)
    if (workingBuys !== ZERO) all.workingBuys = all.workingBuys.plus(workingBuys)
  }
  return all
}

function workingTotals(books: Books, book: StrategyBook): WorkingTotals {
  return book.working.totals((order) => ownNotionalUsd(books, order))
}

/**
 * The share of a position that is still there when an entry to the other side gets its turn: in a reversal the closing leg
 * was sent before it, so what that closes is not held beside what the entry opens.
 */
function shareLeft(book: StrategyBook, position: Position, draft: OrderDraft | null): Decimal {
  const isReversal =
    draft !== null && draft.isEntry && draft.symbol === position.symbol && draft.side !== position.side
  if (!isReversal) return new Decimal(1)
  const held = position.quantity.abs()
  const closing = Decimal.min(held, sumOfRest(reducingOrders(book, draft.symbol, draft.side)))
  return held.minus(closing).div(held)
}

function positionUsd(books: Books, position: Position): Decimal {
  const instrument = books.instruments.get(position.symbol)
  const price = books.marks.get(position.symbol)?.price ?? position.entryPrice
  if (!instrument) return ZERO
  return marketValueUsd(position, price, instrument, usdRateOf(instrument, price)).abs()
}

/** At the order's own price; null while it has none. The instruments of these books never change. */
function ownNotionalUsd(books: Books, order: Order): Decimal | null {
  const price = order.limitPrice ?? order.stopPrice
  return price === null ? null : notionalUsd(books, order, price)
}

function marketNotionalUsd(books: Books, order: Order): Decimal {
  const price = books.marks.get(order.symbol)?.price
  return price === undefined ? ZERO : notionalUsd(books, order, price)
}

function notionalUsd(books: Books, order: Order, price: Decimal): Decimal {
  const instrument = books.instruments.get(order.symbol)
  return instrument ? unitValueUsd(instrument, price).times(restOf(order)) : ZERO
}

/** An exit competes with other exits only: an entry to its own side never keeps a position from being closed. */
function workingSameSide(book: StrategyBook, draft: OrderDraft): Decimal {
  if (!draft.isEntry) return sumOfRest(reducingOrders(book, draft.symbol, draft.side))
  let sum = ZERO
  for (const order of book.working.values())
    if (order.symbol === draft.symbol && order.side === draft.side && !isProtective(order))
      sum = sum.plus(order.filledQuantity.isZero() ? order.quantity : restOf(order))
  return sum
}

/** True if an order of this side and size only shrinks the position, together with what already works to shrink it. */
export function reducesPosition(
  book: StrategyBook,
  { symbol, side, quantity }: Pick<Order, 'symbol' | 'side' | 'quantity'>,
): boolean {
  const position = book.open.get(symbol)
  if (!position || position.side === side) return false
  return sumOfRest(reducingOrders(book, symbol, side))
    .plus(quantity)
    .lte(position.quantity.abs())
}

interface Counts {
  strategy: number
  account: number
}

function otherPositions(books: Books, book: StrategyBook, symbol: string): Counts {
  const own = countOpenSymbols(books, book) - Number(isOpenOrEntered(books, book, symbol))
  let account = own
  for (const other of books.strategies.values()) if (other !== book) account += countOpenSymbols(books, other)
  return { strategy: own, account }
}

/** Symbols with a position or a working entry. */
function countOpenSymbols(books: Books, book: StrategyBook): number {
  let count = book.open.size
  for (const symbol of workingTotals(books, book).entrySymbols) if (!book.open.has(symbol)) count += 1
  return count
}

function isOpenOrEntered(books: Books, book: StrategyBook, symbol: string): boolean {
  return book.open.has(symbol) || workingTotals(books, book).entrySymbols.has(symbol)
}

function workingEntries(books: Books, book: StrategyBook): Counts {
  let account = 0
  for (const other of books.strategies.values()) account += workingTotals(books, other).unfilledEntries
  return { strategy: workingTotals(books, book).unfilledEntries, account }
}
