import { type Order, unitValueUsd, ZERO } from '@quantdeck/domain'
import { fullBucket, spendToken } from '@quantdeck/risk'
import type { Books, StrategyBook } from './books.ts'

/** How far back the rate, window and duplicate checks look. */
export const RECENT_MS = 60_000

type Submitted = Pick<
  Order,
  'orderId' | 'symbol' | 'side' | 'orderType' | 'quantity' | 'limitPrice' | 'stopPrice' | 'isEntry'
>

/**
 * Counts a submission for the message rate, the rolling notional and the duplicate check. Refused orders were never
 * submitted. The same function rebuilds the memory from stored orders, so a reload forgets nothing.
 */
export function remember(books: Books, book: StrategyBook, order: Submitted, at: Date): void {
  const now = at.getTime()
  const perSecond = book.limits.messagesPerSecond
  const bucket = book.messageBucket ?? fullBucket(perSecond, now)
  book.messageBucket = spendToken(bucket, perSecond, now) ?? bucket
  const instrument = books.instruments.get(order.symbol)
  const ownPrice = order.limitPrice ?? order.stopPrice
  const price = ownPrice ?? books.marks.get(order.symbol)?.price
  const notional = instrument && price ? unitValueUsd(instrument, price).times(order.quantity) : ZERO
  book.recent = book.recent.filter((recent) => recent.at > now - RECENT_MS)
  book.recent.push({
    orderId: order.orderId,
    at: now,
    symbol: order.symbol,
    side: order.side,
    orderType: order.orderType,
    quantity: order.quantity.toFixed(),
    price: ownPrice?.toFixed() ?? null,
    notionalUsd: notional.toDecimalPlaces(8).toFixed(),
    isEntry: order.isEntry,
  })
}
