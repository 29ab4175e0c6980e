import type { Queryable } from '@quantdeck/db'
import { type Bar, Decimal } from '@quantdeck/domain'
import type { BrokerEvent, Quote } from '../broker/port.ts'
import type { SimulatedExchange } from '../broker/simulated-exchange.ts'
import { onBrokerEvents } from './broker-events.ts'
import type { BrokerCommand } from './changes.ts'
import type { DeskContext } from './context.ts'
import { toOco } from './dispatch.ts'
import { onQuote, touchedExit, uncoveredQuantity } from './quote-flow.ts'
import type { ReferenceRunner } from './reference-runner.ts'
import { recordEquity } from './risk-fold.ts'
import { releaseWaitingOrders } from './submit.ts'

/** What a bar is played with. Without an exchange (a real broker) orders only leave after the commit. */
export interface BarTools {
  exchange: SimulatedExchange | null
  runner: ReferenceRunner
  db: Queryable
}

/** The open of a bar: the first price of its interval, at which orders that waited for the open are sent and filled. */
export function playOpen(ctx: DeskContext, bar: Bar, tools: BarTools): void {
  const at = { ...ctx, at: bar.openedAt }
  price(at, tools, { symbol: bar.symbol, price: bar.open, at: bar.openedAt })
  releaseWaitingOrders(at, bar.symbol)
  settle(at, tools)
}

/**
 * The rest of a bar, at its close: stops and targets that its range touched fill at their own price (the stop first), then
 * the close is marked, equity is written down, and the strategies that run inside decide.
 */
export async function playClose(ctx: DeskContext, bar: Bar, tools: BarTools): Promise<void> {
  const at = { ...ctx, at: bar.closedAt }
  for (const exit of touchedPrices(at, bar))
    price(at, tools, { symbol: bar.symbol, price: exit, at: bar.closedAt })
  const { symbol, low, high, close, openedAt: since, closedAt } = bar
  match(at, tools, { symbol, price: close, low, high, since, at: closedAt })
  price(at, tools, { symbol, price: close, at: closedAt })
  await tools.runner.onBar(at, tools.db, bar)
  settle(at, tools)
  recordEquity(at, new Set([bar.symbol]))
}

/** One price of a simulated path: seen by the exchange, then by the books, then the orders that it caused are filled. */
function price(ctx: DeskContext, tools: BarTools, quote: Quote): void {
  match(ctx, tools, quote)
  onQuote(ctx, quote)
  settle(ctx, tools)
}

/** Only orders of these books: the exchange has those of the other mode too. */
function match(ctx: DeskContext, tools: BarTools, quote: Quote): void {
  if (tools.exchange) onBrokerEvents(ctx, tools.exchange.onQuote(quote, ctx.books.mode))
  settle(ctx, tools)
}

/** Hands over to the simulated exchange at once what would otherwise leave after the commit. */
export function settle(ctx: DeskContext, tools: Pick<BarTools, 'exchange'>): void {
  const { exchange } = tools
  if (!exchange) return
  for (;;) {
    const command = ctx.changes.commands.shift()
    if (!command) return
    onBrokerEvents(ctx, carryOut(exchange, command, ctx.at))
  }
}

function carryOut(exchange: SimulatedExchange, command: BrokerCommand, at: Date): BrokerEvent[] {
  switch (command.type) {
    case 'submit':
      return exchange.submit(command.order, at)
    case 'submit_oco':
      return exchange.submitOco(toOco(command), at)
    case 'cancel':
      return exchange.cancel(command.order.clientOrderId, at)
  }
}

function touchedPrices(ctx: DeskContext, bar: Bar): Decimal[] {
  const touched: { stop: boolean; price: Decimal }[] = []
  for (const book of ctx.books.strategies.values()) {
    const position = book.open.get(bar.symbol)
    // A position opened in the middle of the interval has not seen its extremes.
    const sawAll = position !== undefined && position.openedAt <= bar.openedAt
    const exit =
      sawAll && uncoveredQuantity(book, position).gt(0) ? touchedExit(position, bar.low, bar.high) : null
    if (exit) touched.push({ stop: exit.origin === 'stop_loss', price: exit.price })
  }
  return touched
    .sort((a, b) => Number(b.stop) - Number(a.stop))
    .map(({ price: level }) => Decimal.min(Decimal.max(level, bar.low), bar.high))
}
