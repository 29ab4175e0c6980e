import { type Decimal, ZERO } from '../money.ts'
import type { EquityPoint, Order, Position } from '../trading.ts'
import { type BookKey, bookKeyText, type DerivedBook, type FillLedger } from './fill-ledger.ts'

/** One value that is stored otherwise than the fills say. */
export interface BookDifference {
  what: 'position' | 'order' | 'equity' | 'sum' | 'fill'
  /** `PAPER momentum_v1 SPX` or an equity scope: which book. */
  where: string
  /** Id or instant of the stored row; null where the difference is of no single row. */
  row: string | null
  field: string
  /** Null: there is no such row. */
  stored: string | null
  /** Null: the fills know of none. */
  derived: string | null
}

/** What is derived of a position. Ids and brackets are not: no fill tells them. */
const POSITION_FIELDS = [
  'side',
  'quantity',
  'costBasis',
  'realizedQuote',
  'realizedUsd',
  'feesUsd',
  'costUsd',
  'peakQuantity',
  'closedQuantity',
  'entryPrice',
  'exitPrice',
  'openedAt',
  'closedAt',
] as const satisfies readonly (keyof Position)[]

/** A value as people read it; equal texts are equal values. */
function textOf(value: Decimal | Date | string | null): string | null {
  if (value === null || typeof value === 'string') return value
  return value instanceof Date ? value.toISOString() : value.plus(0).toFixed()
}

const whereOf = ({ mode, strategyId, symbol }: BookKey): string => `${mode} ${strategyId} ${symbol}`

/**
 * Every position, field by field: stored ones against derived ones of the same book, in the order of their opening.
 * @param stored all positions, open and closed, in any order
 */
export function comparePositions(ledger: FillLedger, stored: readonly Position[]): BookDifference[] {
  const byBook = Map.groupBy(stored, bookKeyText)
  const keys = new Set([...byBook.keys(), ...ledger.books.keys()])
  return [...keys].flatMap((key) => {
    const rows = (byBook.get(key) ?? []).toSorted(
      (a, b) => a.openedAt.getTime() - b.openedAt.getTime() || a.seq - b.seq,
    )
    return compareBook(rows, ledger.books.get(key))
  })
}

function compareBook(stored: readonly Position[], book: DerivedBook | undefined): BookDifference[] {
  const derived = book?.positions ?? []
  return Array.from({ length: Math.max(stored.length, derived.length) }, (_, index) =>
    comparePosition(stored[index], derived[index]),
  ).flat()
}

function comparePosition(stored: Position | undefined, derived: Position | undefined): BookDifference[] {
  const either = stored ?? derived
  if (either === undefined) return []
  const place = { what: 'position' as const, where: whereOf(either), row: stored?.positionId ?? null }
  if (stored === undefined || derived === undefined) {
    const text = (position: Position | undefined) =>
      position === undefined ? null : `${position.side} opened ${position.openedAt.toISOString()}`
    return [{ ...place, field: 'position', stored: text(stored), derived: text(derived) }]
  }
  return POSITION_FIELDS.map((field) => ({
    ...place,
    field,
    stored: textOf(stored[field]),
    derived: textOf(derived[field]),
  })).filter(differs)
}

const differs = ({ stored, derived }: BookDifference): boolean => stored !== derived

/** What is compared of an order. */
export type StoredOrder = BookKey &
  Pick<Order, 'orderId' | 'status' | 'quantity' | 'filledQuantity' | 'averageFillPrice' | 'fees'>

/** Orders against their fills: filled quantity, average price, fees, and FILLED iff all of it is filled. */
export function compareOrders(ledger: FillLedger, stored: readonly StoredOrder[]): BookDifference[] {
  return stored.flatMap((order) => {
    const fills = ledger.orders.get(order.orderId)
    const filled = fills?.filledQuantity ?? ZERO
    const place = { what: 'order' as const, where: whereOf(order), row: order.orderId }
    const isFilled = filled.gt(0) && filled.eq(order.quantity)
    const status = isFilled ? 'FILLED' : order.status === 'FILLED' ? 'not FILLED' : order.status
    const pairs: [string, Decimal | string | null, Decimal | string | null][] = [
      ['filledQuantity', order.filledQuantity, filled],
      ['averageFillPrice', order.averageFillPrice, fills?.averageFillPrice ?? null],
      ['fees', order.fees, fills?.fees ?? ZERO],
      ['status', order.status, status],
    ]
    return pairs
      .map(([field, a, b]) => ({ ...place, field, stored: textOf(a), derived: textOf(b) }))
      .filter(differs)
  })
}

/** Sums that the database made of its own rows, in SQL: a witness beside this code. */
export interface SumsOfBook extends BookKey {
  /** Of the fills: sales minus purchases, quote currency per unit of multiplier. */
  cash: Decimal
  fillQuantity: Decimal
  fillFeesUsd: Decimal
  /** Of the positions. */
  quantity: Decimal
  costBasis: Decimal
  realizedQuote: Decimal
  feesUsd: Decimal
}

/**
 * The identities of the books without any bookkeeping: positions hold what the fills bought and sold, all fees, and
 * realised = cash flow + cost of what is held, exactly in the quote currency (spec: books).
 */
export function compareSums(
  sums: readonly SumsOfBook[],
  multiplierOf: (symbol: string) => Decimal,
): BookDifference[] {
  return sums.flatMap((sum) => {
    const place = { what: 'sum' as const, where: whereOf(sum), row: null }
    const flow = sum.cash.times(multiplierOf(sum.symbol))
    return [
      { field: 'quantity', stored: sum.quantity, derived: sum.fillQuantity },
      { field: 'feesUsd', stored: sum.feesUsd, derived: sum.fillFeesUsd },
      { field: 'realizedQuote - costBasis', stored: sum.realizedQuote.minus(sum.costBasis), derived: flow },
    ]
      .map((pair) => ({ ...place, ...pair, stored: textOf(pair.stored), derived: textOf(pair.derived) }))
      .filter(differs)
  })
}

/**
 * Points of an equity curve. Each one's realised P&L must be what the scope had realised after some of its fills; a
 * point of a time is written after the fills it knows of, so which of them follows from no clock.
 */
export function compareEquity(
  ledger: FillLedger,
  points: readonly (EquityPoint & { scope: string })[],
): BookDifference[] {
  return points
    .filter(({ scope, realizedPnl }) => !ledger.everRealized(scope, realizedPnl))
    .map(({ scope, at, realizedPnl }) => ({
      what: 'equity' as const,
      where: scope,
      row: at.toISOString(),
      field: 'realizedPnl',
      stored: textOf(realizedPnl),
      derived: null,
    }))
}

/** The last point of a scope: equity = capital + realised + unrealised. */
export function compareEquityBase(
  point: EquityPoint & { scope: string },
  capital: Decimal,
): BookDifference[] {
  const derived = capital.plus(point.realizedPnl).plus(point.unrealizedPnl)
  if (derived.eq(point.equity)) return []
  const place = { what: 'equity' as const, where: point.scope, row: point.at.toISOString() }
  return [{ ...place, field: 'equity', stored: textOf(point.equity), derived: textOf(derived) }]
}
