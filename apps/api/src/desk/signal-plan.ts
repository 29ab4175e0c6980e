import {
  type Decimal,
  type Order,
  type OrderIntent,
  planSignal,
  type Position,
  type SignalType,
} from '@quantdeck/domain'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { cancelWorking } from './cancel-order.ts'
import { reducingOrders, sumOfRest } from './protective-orders.ts'

interface Asked {
  signal: SignalType
  symbol: string
  position: Position | null
  entryQuantity: Decimal
}

/** Orders to send, and the codes of the reasons for what is not sent. */
export interface WorkingPlan {
  intents: OrderIntent[]
  reasons: string[]
}

/**
 * What a signal asks for beside the orders that earlier signals left working: those it contradicts are cancelled, and
 * what is on its way already is not sent twice.
 */
export function planBesideWorking(ctx: DeskContext, book: StrategyBook, asked: Asked): WorkingPlan {
  const plan = planSignal(asked)
  if (asked.signal === 'HOLD') return plan
  const contradicted = signalOrders(book, asked.symbol).filter((order) => contradicts(asked, order))
  for (const order of contradicted) cancelWorking(ctx, book, order)
  const reasons: string[] = [...plan.reasons]
  if (contradicted.length > 0) reasons.push('REPLACED_EARLIER_ORDER')
  const intents = plan.intents.filter((intent) => {
    const isOnItsWay = intent.isEntry
      ? signalOrders(book, asked.symbol).some((order) => order.isEntry && order.side === intent.side)
      : isClosing(book, asked.symbol, intent)
    if (isOnItsWay) reasons.push(intent.isEntry ? 'ENTRY_ON_ITS_WAY' : 'CLOSE_ON_ITS_WAY')
    return !isOnItsWay
  })
  return { intents, reasons }
}

function signalOrders(book: StrategyBook, symbol: string): Order[] {
  return [...book.working.values()].filter((order) => order.symbol === symbol && order.origin === 'signal')
}

/** An entry to another side than the signal's, or a close of what the signal wants to hold. */
function contradicts({ signal, position }: Asked, order: Order): boolean {
  const wanted = signal === 'CLOSE' ? null : signal === 'LONG' ? 'BUY' : 'SELL'
  return order.isEntry ? order.side !== wanted : wanted !== null && position?.side === wanted
}

function isClosing(book: StrategyBook, symbol: string, { side, quantity }: OrderIntent): boolean {
  return sumOfRest(reducingOrders(book, symbol, side)).gte(quantity)
}
