import * as fc from 'fast-check'
import { expect } from 'vitest'
import {
  averageEntryPrice,
  Decimal,
  marketValue,
  roundUsd,
  unrealized,
  usdRateOf,
  ZERO,
} from '../../src/index.ts'
import { amounts, copStories, d, mirrored, sides, type Story, stories, usdStories } from './fills.ts'
import { type Apply, book, type Booked, cashFlow, signedQuantity, sum, text } from './ledger.ts'

/** What must hold for any sequence of fills (spec: books, reliability). Each is made for an `applyFill`. */
export type BooksProperty = (apply: Apply) => fc.IPropertyWithHooks<unknown[]>

const realizedQuote = (booked: Booked): Decimal => sum(booked.effects.map((effect) => effect.realizedQuote))
const netUsd = (booked: Booked): Decimal => sum(booked.effects.map((effect) => effect.netUsd))

function expectWithin(a: Decimal, b: Decimal, tolerance: Decimal | string): void {
  if (a.minus(b).abs().gt(tolerance)) expect(text(a)).toBe(`${text(b)} within ${String(tolerance)}`)
}

/** Cutting a pro-rata cost at 1e-18 may leave this much, and it stays with the position: nothing at flat. */
const DUST = '1e-15'
/** "1e-8 per fill in USD". */
const usdTolerance = (fills: readonly unknown[]): Decimal => d('1e-8').times(fills.length + 1)

const conserves: BooksProperty = (apply) =>
  fc.property(stories, amounts(5000, 2), (story, mark) => {
    const booked = book(apply, story)
    const rate = usdRateOf(story.instrument, mark)
    const open = booked.position
    const gain = open === null ? ZERO : unrealized(open, mark, story.instrument, rate).quote
    const value = open === null ? ZERO : marketValue(open, mark, story.instrument)
    expect(text(realizedQuote(booked).plus(gain))).toBe(text(cashFlow(story).plus(value)))
    expect(text(open?.quantity ?? ZERO)).toBe(text(sum(story.fills.map(signedQuantity))))
  })

const conservesUsd: BooksProperty = (apply) =>
  fc.property(usdStories, amounts(5000, 2), (story, mark) => {
    const booked = book(apply, story)
    const open = booked.position
    const gain = open === null ? ZERO : unrealized(open, mark, story.instrument, d(1)).usd
    const value = open === null ? ZERO : marketValue(open, mark, story.instrument)
    const cash = cashFlow(story).minus(sum(story.fills.map(({ fee }) => fee)))
    expectWithin(netUsd(booked).plus(gain), cash.plus(value), usdTolerance(story.fills))
  })

const attributesFees: BooksProperty = (apply) =>
  fc.property(stories, (story) => {
    const booked = book(apply, story)
    expect(text(sum(booked.kept.map(({ feesUsd }) => feesUsd)))).toBe(
      text(sum(story.fills.map(({ fee }) => fee))),
    )
    booked.effects.forEach((effect, index) => {
      expect(text(effect.feeUsd)).toBe(text(story.fills[index]?.fee))
      expect(text(effect.netUsd)).toBe(text(effect.realizedUsd.minus(effect.feeUsd)))
    })
  })

const sumsUp: BooksProperty = (apply) =>
  fc.property(stories, (story) => {
    const booked = book(apply, story)
    const { kept, effects } = booked
    expect(text(sum(kept.map((one) => one.realizedQuote)))).toBe(text(realizedQuote(booked)))
    expect(text(sum(kept.map((one) => one.realizedUsd)))).toBe(
      text(sum(effects.map((one) => one.realizedUsd))),
    )
    expect(text(sum(kept.map((one) => one.realizedUsd.minus(one.feesUsd))))).toBe(text(netUsd(booked)))
  })

const convertsOnce: BooksProperty = (apply) =>
  fc.property(copStories, (story) => {
    const booked = book(apply, story)
    booked.effects.forEach((effect, index) => {
      const rate = story.fills[index]?.usdRate ?? ZERO
      expect(text(effect.realizedUsd)).toBe(text(roundUsd(effect.realizedQuote.times(rate))))
    })
    // 1 unit of USD/COP is 1 dollar: what is open cost its quantity in USD, at whatever prices it was bought.
    if (booked.position) expect(text(booked.position.costUsd)).toBe(text(booked.position.quantity))
  })

const endsFlat: BooksProperty = (apply) =>
  fc.property(stories, amounts(5000, 2), (story, price) => {
    const before = book(apply, story).position
    const closing = before && {
      ...(story.fills[0] ?? expect.fail('no fill')),
      side: before.side === 'BUY' ? ('SELL' as const) : ('BUY' as const),
      quantity: before.quantity.abs(),
      price,
      usdRate: usdRateOf(story.instrument, price),
    }
    const closed = closing === null ? story : { ...story, fills: [...story.fills, closing] }
    const booked = book(apply, closed)
    expect(booked.position).toBeNull()
    expect(text(realizedQuote(booked))).toBe(text(cashFlow(closed)))
    for (const trade of booked.trades) {
      expect([text(trade.quantity), text(trade.costBasis), text(trade.costUsd)]).toEqual(['0', '0', '0'])
    }
  })

/** A fill in parts at one price: the same books. */
const splits: BooksProperty = (apply) =>
  fc.property(
    stories,
    fc.nat(),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
    (story, pick, shares) => {
      const index = pick % story.fills.length
      const whole = story.fills[index] ?? expect.fail('no fill')
      const total = shares.reduce((a, b) => a + b, 0)
      // The parts' quantities are exact in decimals, and the last one takes what is left.
      const cut = (amount: Decimal, share: number) => amount.times(share).div(total).toDecimalPlaces(9, 1)
      const parts = shares.map((share) => ({
        ...whole,
        quantity: cut(whole.quantity, share),
        fee: cut(whole.fee, share),
      }))
      const last = parts.at(-1) ?? expect.fail('no part')
      last.quantity = whole.quantity.minus(sum(parts.slice(0, -1).map(({ quantity }) => quantity)))
      last.fee = whole.fee.minus(sum(parts.slice(0, -1).map(({ fee }) => fee)))
      const split = { ...story, fills: story.fills.toSpliced(index, 1, ...parts) }
      expectSameBooks(book(apply, split), book(apply, story), split.fills)
    },
  )

/** Fills of one side at one price, one after the other, are one fill. */
const merges: BooksProperty = (apply) =>
  fc.property(
    stories,
    fc.nat(),
    sides,
    fc.array(amounts(50, 3), { minLength: 2, maxLength: 6 }),
    (story, pick, side, quantities) => {
      const index = pick % story.fills.length
      const pattern = story.fills[index] ?? expect.fail('no fill')
      const part = (quantity: Decimal) => ({ ...pattern, side, quantity, fee: quantity.times('0.0005') })
      const run = quantities.map(part)
      const merged = part(sum(quantities))
      const apart = { ...story, fills: story.fills.toSpliced(index, 1, ...run) }
      const together = { ...story, fills: story.fills.toSpliced(index, 1, merged) }
      expectSameBooks(book(apply, apart), book(apply, together), apart.fills)
    },
  )

function expectSameBooks(a: Booked, b: Booked, fills: readonly unknown[]): void {
  expect(text(a.position?.quantity)).toBe(text(b.position?.quantity))
  expectWithin(a.position?.costBasis ?? ZERO, b.position?.costBasis ?? ZERO, DUST)
  expectWithin(realizedQuote(a), realizedQuote(b), DUST)
  expectWithin(netUsd(a), netUsd(b), usdTolerance(fills))
  expect(a.trades).toHaveLength(b.trades.length)
  a.trades.forEach((trade, index) => {
    const other = b.trades[index] ?? expect.fail('no trade')
    expectWithin(trade.realizedQuote, other.realizedQuote, DUST)
    expect(text(trade.closedQuantity)).toBe(text(other.closedQuantity))
    expectWithin(trade.feesUsd, other.feesUsd, usdTolerance(fills))
  })
}

/** Entries in any order cost the same; exits in any order realise the same. */
const reorders: BooksProperty = (apply) =>
  fc.property(
    sides,
    fc.array(fc.tuple(amounts(50, 3), amounts(5000, 2)), { minLength: 1, maxLength: 8 }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), amounts(5000, 2)), { minLength: 1, maxLength: 8 }),
    fc.infiniteStream(fc.nat()),
    (side, entries, exits, random) => {
      const held = sum(entries.map(([quantity]) => quantity))
      const total = exits.reduce((all, [share]) => all + share, 0)
      const exitOf = (share: number) => held.times(share).div(total).toDecimalPlaces(9, 1)
      const build = (ins: typeof entries, outs: typeof exits): Story => ({
        instrument: { symbol: 'SPX', currency: 'USD', multiplier: d(1) },
        fills: [
          ...ins.map(([quantity, price]) => stockFill(side, quantity, price)),
          ...outs.map(([share, price]) => stockFill(side === 'BUY' ? 'SELL' : 'BUY', exitOf(share), price)),
        ].filter(({ quantity }) => quantity.gt(0)),
      })
      const shuffle = <T>(list: readonly T[]): T[] =>
        list
          .map((one) => ({ one, at: random.next().value as number }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ one }) => one)
      const first = book(apply, build(entries, exits))
      const second = book(apply, build(shuffle(entries), shuffle(exits)))
      const entered = (booked: Booked) => booked.effects[entries.length - 1]?.position
      expect(text(entered(first)?.costBasis)).toBe(text(entered(second)?.costBasis))
      expect(text(first.position?.quantity)).toBe(text(second.position?.quantity))
      expectWithin(realizedQuote(first), realizedQuote(second), '1e-13')
    },
  )

function stockFill(side: 'BUY' | 'SELL', quantity: Decimal, price: Decimal) {
  const [pattern] = BASE.fills
  return { ...(pattern ?? expect.fail('no fill')), side, quantity, price }
}

const BASE: Story = {
  instrument: { symbol: 'SPX', currency: 'USD', multiplier: d(1) },
  fills: [
    {
      mode: 'PAPER',
      strategyId: 's',
      symbol: 'SPX',
      side: 'BUY',
      quantity: d(1),
      price: d(1),
      fee: d('0.5'),
      usdRate: d(1),
      filledAt: new Date('2026-01-07T15:00:00Z'),
    },
  ],
}

/** Another currency unit, another lot: the same books with the point moved. */
const scales: BooksProperty = (apply) =>
  fc.property(usdStories, fc.integer({ min: -4, max: 6 }), fc.integer({ min: -4, max: 6 }), (story, a, b) => {
    const [lots, prices, money] = [d(10).pow(a), d(10).pow(b), d(10).pow(a + b)]
    const scaled = {
      ...story,
      fills: story.fills.map((fill) => ({
        ...fill,
        quantity: fill.quantity.times(lots),
        price: fill.price.times(prices),
      })),
    }
    const [base, other] = [book(apply, story), book(apply, scaled)]
    // The cut of a pro-rata cost at 1e-18 moves with the point as well.
    const dust = Decimal.max(1, money).times(DUST)
    expect(text(other.position?.quantity)).toBe(text(base.position?.quantity.times(lots)))
    expectWithin(other.position?.costBasis ?? ZERO, (base.position?.costBasis ?? ZERO).times(money), dust)
    expect(other.trades).toHaveLength(base.trades.length)
    expectWithin(realizedQuote(other), realizedQuote(base).times(money), dust)
    if (base.position === null) {
      expect(text(realizedQuote(other))).toBe(text(realizedQuote(base).times(money)))
    }
  })

/** Long and short are treated alike: who takes the other side of every fill has the opposite result, to the last digit. */
const mirrors: BooksProperty = (apply) =>
  fc.property(stories, (story) => {
    const [one, other] = [book(apply, story), book(apply, mirrored(story))]
    expect(text(other.position?.quantity.neg())).toBe(text(one.position?.quantity))
    expect(text(other.position?.costBasis.neg())).toBe(text(one.position?.costBasis))
    expect(text(other.position?.costUsd.neg())).toBe(text(one.position?.costUsd))
    expect(other.effects.map((effect) => text(effect.realizedQuote.neg()))).toEqual(
      one.effects.map((effect) => text(effect.realizedQuote)),
    )
    expect(other.effects.map((effect) => text(effect.realizedUsd.neg()))).toEqual(
      one.effects.map((effect) => text(effect.realizedUsd)),
    )
    expect(other.kept.map(({ feesUsd }) => text(feesUsd))).toEqual(
      one.kept.map(({ feesUsd }) => text(feesUsd)),
    )
  })

/** A flip is a close and an open at one price, with the fee shared by quantity. */
const flips: BooksProperty = (apply) =>
  fc.property(stories, amounts(50, 3), amounts(5000, 2), amounts(2, 4), (story, beyond, price, fee) => {
    const before = book(apply, story).position
    fc.pre(before !== null)
    const size = before.quantity.abs()
    const flip = {
      ...(story.fills[0] ?? expect.fail('no fill')),
      side: before.side === 'BUY' ? ('SELL' as const) : ('BUY' as const),
      quantity: size.plus(beyond),
      price,
      fee,
      usdRate: usdRateOf(story.instrument, price),
    }
    const closingFee = roundUsd(fee.times(size).div(flip.quantity))
    const apart = [
      { ...flip, quantity: size, fee: closingFee },
      { ...flip, quantity: beyond, fee: fee.minus(closingFee) },
    ]
    const flipped = book(apply, { ...story, fills: [...story.fills, flip] })
    const stepwise = book(apply, { ...story, fills: [...story.fills, ...apart] })
    const fields = ({
      quantity,
      costBasis,
      costUsd,
      realizedQuote: quote,
      realizedUsd,
      feesUsd,
      ...rest
    }: Booked['kept'][number]) => [
      ...[quantity, costBasis, costUsd, quote, realizedUsd, feesUsd, rest.peakQuantity, rest.closedQuantity],
      ...[rest.entryPrice, rest.exitPrice],
    ]
    const table = (booked: Booked) => booked.kept.map((one) => fields(one).map(text))
    expect(table(flipped)).toEqual(table(stepwise))
    expect(flipped.kept.at(-1)?.side).toBe(flip.side)
  })

/** A trade explains itself by its own prices: (exit - entry) x quantity is its result. */
const explains: BooksProperty = (apply) =>
  fc.property(stories, (story) => {
    for (const trade of book(apply, story).trades) {
      const points = (trade.exitPrice ?? expect.fail('no exit')).minus(trade.entryPrice)
      const result = points.times(trade.closedQuantity).times(story.instrument.multiplier)
      expectWithin(trade.side === 'BUY' ? result : result.neg(), trade.realizedQuote, '1e-9')
    }
  })

/** What is open cost on average no less than its cheapest entry and no more than its dearest. */
const averages: BooksProperty = (apply) =>
  fc.property(
    sides,
    fc.array(fc.tuple(amounts(50, 3), amounts(5000, 2)), { minLength: 1 }),
    (side, entries) => {
      const fills = entries.map(([quantity, price]) => stockFill(side, quantity, price))
      const { position } = book(apply, { ...BASE, fills })
      const average = averageEntryPrice(position ?? expect.fail('no position'), BASE.instrument)
      const prices = entries.map(([, price]) => price)
      expect(average.gte(Decimal.min(...prices).minus(DUST))).toBe(true)
      expect(average.lte(Decimal.max(...prices).plus(DUST))).toBe(true)
    },
  )

/** Strategies and symbols do not touch each other: fills of several, interleaved anyhow, give each its own books. */
const separates: BooksProperty = (apply) =>
  fc.property(
    fc.array(stories, { minLength: 2, maxLength: 4 }),
    fc.infiniteStream(fc.nat()),
    (many, random) => {
      const alone = many.map((story) => book(apply, story))
      const left = many.map(({ fills }) => [...fills])
      const open = many.map((): Booked['position'] => null)
      let net = ZERO
      while (left.some((queue) => queue.length > 0)) {
        const waiting = left.flatMap((queue, index) => (queue.length > 0 ? [index] : []))
        const index = waiting[(random.next().value as number) % waiting.length] ?? expect.fail('nobody waits')
        const fill = left[index]?.shift() ?? expect.fail('no fill')
        const instrument = many[index]?.instrument ?? expect.fail('no story')
        const effect = apply(open[index] ?? null, fill, instrument, { positionId: 'p', seq: 0 })
        open[index] = effect.position
        net = net.plus(effect.netUsd)
      }
      expect(text(net)).toBe(text(sum(alone.map(netUsd))))
      expect(open.map((one) => text(one?.costBasis))).toEqual(
        alone.map(({ position }) => text(position?.costBasis)),
      )
    },
  )

export const PROPERTIES = {
  'realised + unrealised = cash + market value, exactly in the quote currency': conserves,
  'realised + unrealised = cash + market value - fees in USD, within 1e-8 per fill': conservesUsd,
  'every fee is attributed once': attributesFees,
  'positions add up to the effects of the fills': sumsUp,
  'a realised COP amount is converted once, at the rate of its fill': convertsOnce,
  'at flat nothing is left over': endsFlat,
  'a fill in parts is the same fill': splits,
  'fills at one price are one fill': merges,
  'entries and exits may come in any order': reorders,
  'powers of ten move the point and nothing else': scales,
  'a short is a mirrored long': mirrors,
  'a flip is a close and an open': flips,
  'a trade explains itself by its prices': explains,
  'the average entry lies between the cheapest and the dearest': averages,
  'strategies and symbols do not touch each other': separates,
} satisfies Record<string, BooksProperty>

export type PropertyName = keyof typeof PROPERTIES
