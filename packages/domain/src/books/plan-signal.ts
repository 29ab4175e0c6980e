import type { Decimal } from '../money.ts'
import type { OrderSide, Position, SignalType, TradeSide } from '../trading.ts'

/** Why a signal leads to no order, or to fewer than it asked for. */
export const PLAN_REASONS = [
  'HOLD',
  'ALREADY_LONG',
  'ALREADY_SHORT',
  'NO_POSITION',
  'QUANTITY_BELOW_LOT',
] as const
export type PlanReason = (typeof PLAN_REASONS)[number]

/** An order that a signal asks for. A close is reduce-only; an entry opens from flat. */
export interface OrderIntent {
  kind: 'close' | 'open'
  side: OrderSide
  /** Positive units. */
  quantity: Decimal
  isEntry: boolean
  reduceOnly: boolean
}

/** Orders in the order in which they must be sent, and the reasons for what is missing. Never both empty. */
export interface SignalPlan {
  intents: OrderIntent[]
  reasons: PlanReason[]
}

export interface SignalToPlan {
  signal: SignalType
  /** The strategy's open position in the symbol and mode. */
  position: Pick<Position, 'quantity'> | null
  /** Units of a new entry, from `entryQuantity`. */
  entryQuantity: Decimal
}

/**
 * From a signal to orders (spec: books): LONG while long or SHORT while short does nothing, the reverse closes and
 * then opens, HOLD does nothing, CLOSE closes. An entry below one lot is left out with a reason, a close never is.
 */
export function planSignal({ signal, position, entryQuantity }: SignalToPlan): SignalPlan {
  if (signal === 'HOLD') return { intents: [], reasons: ['HOLD'] }
  const held = position === null || position.quantity.isZero() ? null : position.quantity
  if (signal === 'CLOSE') {
    return held === null
      ? { intents: [], reasons: ['NO_POSITION'] }
      : { intents: [closeOf(held)], reasons: [] }
  }
  const side: OrderSide = signal === 'LONG' ? 'BUY' : 'SELL'
  if (held !== null && held.gt(0) === (side === 'BUY')) {
    return { intents: [], reasons: [side === 'BUY' ? 'ALREADY_LONG' : 'ALREADY_SHORT'] }
  }
  const intents = held === null ? [] : [closeOf(held)]
  if (!entryQuantity.gt(0)) return { intents, reasons: ['QUANTITY_BELOW_LOT'] }
  intents.push({ kind: 'open', side, quantity: entryQuantity, isEntry: true, reduceOnly: false })
  return { intents, reasons: [] }
}

function closeOf(held: Decimal): OrderIntent {
  const side = held.gt(0) ? 'SELL' : 'BUY'
  return { kind: 'close', side, quantity: held.abs(), isEntry: false, reduceOnly: true }
}

/** The `side` of a signal in the rl family: CLOSE shows the side that reduces, without a position `hold`. */
export function sideOfSignal(signal: SignalType, position: Pick<Position, 'quantity'> | null): TradeSide {
  if (signal === 'LONG') return 'buy'
  if (signal === 'SHORT') return 'sell'
  if (signal === 'HOLD' || position === null || position.quantity.isZero()) return 'hold'
  return position.quantity.gt(0) ? 'sell' : 'buy'
}
