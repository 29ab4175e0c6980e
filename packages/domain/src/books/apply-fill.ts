import { type Decimal, ZERO, roundUsd } from '../money.ts'
import type { Fill, Instrument, Position } from '../trading.ts'
import { shareOf, weightedPrice } from './quote-cost.ts'

/** What a newly opened position is given: its identity and, if known, its bracket. */
export interface NewPosition {
  positionId: string
  seq: number
  stopLoss?: Decimal | null
  takeProfit?: Decimal | null
}

/** The part of a fill that the books need. A stored `Fill` fits. */
export type BookFill = Pick<
  Fill,
  'mode' | 'strategyId' | 'symbol' | 'side' | 'quantity' | 'price' | 'fee' | 'usdRate' | 'filledAt'
>

/** What one fill did to the books of one strategy, symbol and mode. */
export interface FillEffect {
  /** The open position after the fill; null when flat. */
  position: Position | null
  /** The round trip this fill ended: a trade. Set on a close and on a flip. */
  closed: Position | null
  /** The position this fill opened (then identical to `position`). Set on an open and on a flip. */
  opened: Position | null
  /** Quote currency, realised by this fill, before fees; exact. */
  realizedQuote: Decimal
  /** USD, `realizedQuote` at the fill's rate, half-up at 1e-8. */
  realizedUsd: Decimal
  /** USD. */
  feeUsd: Decimal
  /** USD, realised minus the fee: what the fill did to realised equity. */
  netUsd: Decimal
}

/**
 * Books one fill: open, scale in, scale out, close, or flip (closes one position and opens one, the fee pro rata by
 * quantity). Average-cost method; P&L exact in the quote currency, USD converted once per fill (spec: books).
 * Pure: the given position is not changed.
 * @param ids identity of the position, if the fill opens one
 * @throws {RangeError} on a quantity or price that is not positive, a USD rate that is not positive,
 *   or a position of another strategy, symbol or mode
 */
export function applyFill(
  position: Position | null,
  fill: BookFill,
  instrument: Pick<Instrument, 'multiplier'>,
  ids: NewPosition,
): FillEffect {
  assertBookable(position, fill)
  if (position === null) return openEffect(fill, instrument.multiplier, ids)
  if (position.side === fill.side) return scaleInEffect(position, fill, instrument.multiplier)
  const size = position.quantity.abs()
  if (fill.quantity.lte(size)) return reduceEffect(position, fill, instrument.multiplier)
  return flipEffect(position, fill, size, instrument.multiplier, ids)
}

function assertBookable(position: Position | null, fill: BookFill): void {
  if (!fill.quantity.gt(0) || !fill.price.gt(0) || !fill.usdRate.gt(0)) {
    throw new RangeError(`a fill needs a positive quantity, price and USD rate (${fill.symbol})`)
  }
  if (position === null) return
  const same =
    position.strategyId === fill.strategyId &&
    position.symbol === fill.symbol &&
    position.mode === fill.mode &&
    position.closedAt === null
  if (!same) throw new RangeError(`the fill of ${fill.symbol} does not belong to this open position`)
}

const signed = (fill: BookFill): Decimal => (fill.side === 'BUY' ? fill.quantity : fill.quantity.neg())

function openEffect(fill: BookFill, multiplier: Decimal, ids: NewPosition): FillEffect {
  const quantity = signed(fill)
  const cost = quantity.times(fill.price).times(multiplier)
  const position: Position = {
    positionId: ids.positionId,
    seq: ids.seq,
    mode: fill.mode,
    strategyId: fill.strategyId,
    symbol: fill.symbol,
    quantity,
    costBasis: cost,
    realizedQuote: ZERO,
    realizedUsd: ZERO,
    feesUsd: fill.fee,
    costUsd: roundUsd(cost.times(fill.usdRate)),
    peakQuantity: fill.quantity,
    closedQuantity: ZERO,
    side: fill.side,
    entryPrice: fill.price,
    exitPrice: null,
    stopLoss: ids.stopLoss ?? null,
    takeProfit: ids.takeProfit ?? null,
    openedAt: fill.filledAt,
    closedAt: null,
  }
  return effect(position, { opened: position, feeUsd: fill.fee })
}

function scaleInEffect(before: Position, fill: BookFill, multiplier: Decimal): FillEffect {
  const quantity = before.quantity.plus(signed(fill))
  const cost = signed(fill).times(fill.price).times(multiplier)
  const entered = before.quantity.abs().plus(before.closedQuantity)
  const size = quantity.abs()
  const position: Position = {
    ...before,
    quantity,
    costBasis: before.costBasis.plus(cost),
    costUsd: before.costUsd.plus(roundUsd(cost.times(fill.usdRate))),
    feesUsd: before.feesUsd.plus(fill.fee),
    peakQuantity: size.gt(before.peakQuantity) ? size : before.peakQuantity,
    entryPrice: weightedPrice(before.entryPrice, entered, fill.price, fill.quantity),
  }
  return effect(position, { feeUsd: fill.fee })
}

function reduceEffect(before: Position, fill: BookFill, multiplier: Decimal): FillEffect {
  const size = before.quantity.abs()
  const costClosed = shareOf(before.costBasis, fill.quantity, size)
  // A long's proceeds are positive, a short's (a purchase) negative, like its cost: one formula serves both.
  const proceeds = signed(fill).neg().times(fill.price).times(multiplier)
  const realizedQuote = proceeds.minus(costClosed)
  const realizedUsd = roundUsd(realizedQuote.times(fill.usdRate))
  const flat = fill.quantity.eq(size)
  const after: Position = {
    ...before,
    quantity: before.quantity.plus(signed(fill)),
    costBasis: before.costBasis.minus(costClosed),
    costUsd: before.costUsd.minus(roundUsd(shareOf(before.costUsd, fill.quantity, size))),
    realizedQuote: before.realizedQuote.plus(realizedQuote),
    realizedUsd: before.realizedUsd.plus(realizedUsd),
    feesUsd: before.feesUsd.plus(fill.fee),
    closedQuantity: before.closedQuantity.plus(fill.quantity),
    exitPrice: weightedPrice(
      before.exitPrice ?? fill.price,
      before.closedQuantity,
      fill.price,
      fill.quantity,
    ),
    closedAt: flat ? fill.filledAt : null,
  }
  return effect(flat ? null : after, {
    closed: flat ? after : null,
    realizedQuote,
    realizedUsd,
    feeUsd: fill.fee,
  })
}

function flipEffect(
  before: Position,
  fill: BookFill,
  size: Decimal,
  multiplier: Decimal,
  ids: NewPosition,
): FillEffect {
  const closingFee = roundUsd(shareOf(fill.fee, size, fill.quantity))
  const closing = reduceEffect(before, { ...fill, quantity: size, fee: closingFee }, multiplier)
  const rest = { ...fill, quantity: fill.quantity.minus(size), fee: fill.fee.minus(closingFee) }
  const opening = openEffect(rest, multiplier, ids)
  return {
    ...opening,
    closed: closing.closed,
    realizedQuote: closing.realizedQuote,
    realizedUsd: closing.realizedUsd,
    feeUsd: fill.fee,
    netUsd: closing.realizedUsd.minus(fill.fee),
  }
}

function effect(position: Position | null, parts: Partial<FillEffect> & { feeUsd: Decimal }): FillEffect {
  const realizedUsd = parts.realizedUsd ?? ZERO
  return {
    position,
    closed: parts.closed ?? null,
    opened: parts.opened ?? null,
    realizedQuote: parts.realizedQuote ?? ZERO,
    realizedUsd,
    feeUsd: parts.feeUsd,
    netUsd: realizedUsd.minus(parts.feeUsd),
  }
}
