import { applyFill, Decimal, type FillEffect, type Position, ZERO } from '../../src/index.ts'
import type { Apply } from './ledger.ts'
import type { PropertyName } from './properties.ts'

/** `applyFill` with a bug that somebody could make, and a property that has to notice it. */
export interface Mutant {
  name: string
  foundBy: PropertyName
  apply: Apply
}

/** Changes what the product's function gives back; `before` is the position it was given. */
function distort(
  change: (effect: FillEffect, before: Position | null, fill: Parameters<Apply>[1]) => FillEffect,
): Apply {
  return (position, fill, instrument, ids) =>
    change(applyFill(position, fill, instrument, ids), position, fill)
}

/** The same change to a closed and to an open position. */
const both = (effect: FillEffect, change: (position: Position) => Position): FillEffect => ({
  ...effect,
  position: effect.position && change(effect.position),
  closed: effect.closed && change(effect.closed),
  opened: effect.opened && change(effect.opened),
})

/** Realised amounts replaced, in the effect and in the position it was booked to. */
function realize(effect: FillEffect, quote: Decimal, usd: Decimal): FillEffect {
  const [quoteBy, usdBy] = [quote.minus(effect.realizedQuote), usd.minus(effect.realizedUsd)]
  const add = (position: Position): Position => ({
    ...position,
    realizedQuote: position.realizedQuote.plus(quoteBy),
    realizedUsd: position.realizedUsd.plus(usdBy),
  })
  return {
    ...effect,
    position: effect.closed ? effect.position : effect.position && add(effect.position),
    closed: effect.closed && add(effect.closed),
    realizedQuote: quote,
    realizedUsd: usd,
    netUsd: effect.netUsd.plus(usdBy),
  }
}

function unchanged(position: Position, feeUsd: Decimal): FillEffect {
  const nothing = { closed: null, opened: null, realizedQuote: ZERO, realizedUsd: ZERO }
  return { position, ...nothing, feeUsd, netUsd: feeUsd.neg() }
}

function chargesTheFeeBefore(): Apply {
  let feeBefore = ZERO
  return distort((effect, _, fill) => {
    const netUsd = effect.realizedUsd.minus(feeBefore)
    feeBefore = fill.fee
    return { ...effect, netUsd }
  })
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a short gains when the price rises',
    foundBy: 'realised + unrealised = cash + market value, exactly in the quote currency',
    apply: distort((effect, before) =>
      before?.side === 'SELL'
        ? realize(effect, effect.realizedQuote.neg(), effect.realizedUsd.neg())
        : effect,
    ),
  },
  {
    name: 'realised amounts are rounded to cents',
    foundBy: 'at flat nothing is left over',
    apply: distort((effect) => realize(effect, effect.realizedQuote.toDecimalPlaces(2), effect.realizedUsd)),
  },
  {
    name: 'USD amounts are cut instead of rounded half-up',
    foundBy: 'a realised COP amount is converted once, at the rate of its fill',
    apply: distort((effect, _, fill) =>
      realize(
        effect,
        effect.realizedQuote,
        effect.realizedQuote.times(fill.usdRate).toDecimalPlaces(8, Decimal.ROUND_FLOOR),
      ),
    ),
  },
  {
    name: 'a realised amount is converted at the rate of the entry',
    foundBy: 'a realised COP amount is converted once, at the rate of its fill',
    apply: distort((effect, before) =>
      before === null || before.costBasis.isZero()
        ? effect
        : realize(
            effect,
            effect.realizedQuote,
            effect.realizedQuote.times(before.costUsd).div(before.costBasis).toDecimalPlaces(8),
          ),
    ),
  },
  {
    name: 'USD amounts are kept to cents',
    foundBy: 'realised + unrealised = cash + market value - fees in USD, within 1e-8 per fill',
    apply: distort((effect) => realize(effect, effect.realizedQuote, effect.realizedUsd.toDecimalPlaces(2))),
  },
  {
    name: 'scaling in forgets the fee',
    foundBy: 'every fee is attributed once',
    apply: distort((effect, before, fill) =>
      before !== null && before.side === fill.side
        ? both(effect, (position) => ({ ...position, feesUsd: before.feesUsd }))
        : effect,
    ),
  },
  {
    name: 'a flip charges the whole fee to the trade it closes',
    foundBy: 'a flip is a close and an open',
    apply: distort((effect) => {
      if (effect.closed === null || effect.opened === null) return effect
      const opened = { ...effect.opened, feesUsd: ZERO }
      const closed = { ...effect.closed, feesUsd: effect.closed.feesUsd.plus(effect.opened.feesUsd) }
      return { ...effect, closed, opened, position: opened }
    }),
  },
  {
    name: 'a flip opens at the old average price',
    foundBy: 'a flip is a close and an open',
    apply: distort((effect, before) => {
      if (effect.closed === null || effect.opened === null || before === null) return effect
      const costBasis = effect.opened.quantity.times(before.entryPrice)
      const opened = { ...effect.opened, costBasis }
      return { ...effect, opened, position: opened }
    }),
  },
  {
    name: 'the cost of a partial close is cut at cents',
    foundBy: 'powers of ten move the point and nothing else',
    apply: distort((effect, before) => {
      if (before === null || effect.position === null || effect.realizedQuote.isZero() || effect.opened)
        return effect
      const costBasis = effect.position.costBasis.toDecimalPlaces(2)
      const moved = costBasis.minus(effect.position.costBasis)
      const realized = realize(effect, effect.realizedQuote.plus(moved), effect.realizedUsd)
      return both(realized, (position) => ({ ...position, costBasis }))
    }),
  },
  {
    name: 'the multiplier is forgotten on a close',
    foundBy: 'realised + unrealised = cash + market value, exactly in the quote currency',
    apply: (position, fill, instrument, ids) =>
      applyFill(
        position,
        fill,
        position !== null && position.side !== fill.side ? { multiplier: new Decimal(1) } : instrument,
        ids,
      ),
  },
  {
    name: 'the entry price is the plain mean of the prices',
    foundBy: 'a trade explains itself by its prices',
    apply: distort((effect, before, fill) =>
      before !== null && before.side === fill.side
        ? both(effect, (position) => ({ ...position, entryPrice: before.entryPrice.plus(fill.price).div(2) }))
        : effect,
    ),
  },
  {
    name: 'a second fill at the same price is taken for a repetition',
    foundBy: 'fills at one price are one fill',
    apply: (position, fill, instrument, ids) => {
      const isRepeated = position?.side === fill.side && position.entryPrice.eq(fill.price)
      return isRepeated ? unchanged(position, fill.fee) : applyFill(position, fill, instrument, ids)
    },
  },
  {
    name: 'every fill pays at least a dollar',
    foundBy: 'a fill in parts is the same fill',
    apply: (position, fill, instrument, ids) =>
      applyFill(position, { ...fill, fee: Decimal.max(fill.fee, 1) }, instrument, ids),
  },
  {
    name: 'scaling in values the whole position at the last price',
    foundBy: 'entries and exits may come in any order',
    apply: distort((effect, before, fill) =>
      before?.side === fill.side
        ? both(effect, (position) => ({ ...position, costBasis: position.quantity.times(fill.price) }))
        : effect,
    ),
  },
  {
    name: 'a short costs its entries with the wrong sign',
    foundBy: 'the average entry lies between the cheapest and the dearest',
    apply: distort((effect) =>
      both(effect, (position) => ({ ...position, costBasis: position.costBasis.abs() })),
    ),
  },
  {
    name: 'a closed trade forgets what its last fill realised',
    foundBy: 'positions add up to the effects of the fills',
    apply: distort((effect, before) => ({
      ...effect,
      closed: effect.closed && { ...effect.closed, realizedUsd: before?.realizedUsd ?? ZERO },
    })),
  },
  {
    name: 'a fill is charged the fee of the fill before it, whoever that belonged to',
    foundBy: 'strategies and symbols do not touch each other',
    apply: chargesTheFeeBefore(),
  },
  {
    name: 'only longs keep the last digit of a realised amount',
    foundBy: 'a short is a mirrored long',
    apply: distort((effect, before) =>
      before?.side === 'SELL'
        ? realize(effect, effect.realizedQuote, effect.realizedUsd.toDecimalPlaces(7))
        : effect,
    ),
  },
]
