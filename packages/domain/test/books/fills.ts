import * as fc from 'fast-check'
import { type BookFill, Decimal, type Instrument, type OrderSide } from '../../src/index.ts'

/** Fills of one strategy in one instrument, oldest first. */
export interface Story {
  instrument: Pick<Instrument, 'symbol' | 'currency' | 'multiplier'>
  fills: BookFill[]
}

export const d = (value: string | number): Decimal => new Decimal(value)

/** Positive, up to `max`, with exactly representable decimals. */
export const amounts = (max: number, decimals: number, min = 1): fc.Arbitrary<Decimal> =>
  fc.integer({ min, max: max * 10 ** decimals }).map((units) => d(units).div(10 ** decimals))

export const sides: fc.Arbitrary<OrderSide> = fc.constantFrom<OrderSide>('BUY', 'SELL')

interface Raw {
  side: OrderSide
  quantity: Decimal
  price: Decimal
  fee: Decimal
}

const stockFill = fc.record<Raw>({
  side: sides,
  quantity: amounts(50, 3),
  price: amounts(5000, 2),
  fee: amounts(2, 4),
})

/** USD/COP: whole dollars, prices in pesos. */
const copFill = fc.record<Raw>({
  side: sides,
  quantity: amounts(20_000, 0),
  price: amounts(5000, 2, 300_000),
  fee: amounts(5, 4),
})

const FILLED_AT = new Date('2026-01-07T15:00:00Z')

function story(instrument: Story['instrument'], raw: readonly Raw[]): Story {
  const fills = raw.map((each) => ({
    ...each,
    mode: 'PAPER' as const,
    strategyId: 's',
    symbol: instrument.symbol,
    usdRate: instrument.currency === 'USD' ? d(1) : d(1).div(each.price),
    filledAt: FILLED_AT,
  }))
  return { instrument, fills }
}

const several = (each: fc.Arbitrary<Raw>): fc.Arbitrary<Raw[]> =>
  fc.array(each, { minLength: 1, maxLength: 25 })

/** Anything quoted in USD, futures with a multiplier included. */
export const usdStories: fc.Arbitrary<Story> = fc
  .tuple(several(stockFill), amounts(100, 0))
  .map(([raw, multiplier]) => story({ symbol: 'SPX', currency: 'USD', multiplier }, raw))

export const copStories: fc.Arbitrary<Story> = several(copFill).map((raw) =>
  story({ symbol: 'USD/COP', currency: 'COP', multiplier: d(1) }, raw),
)

export const stories: fc.Arbitrary<Story> = fc.oneof(usdStories, copStories)

/** The other side of the same trades. */
export function mirrored({ instrument, fills }: Story): Story {
  return {
    instrument,
    fills: fills.map((fill) => ({ ...fill, side: fill.side === 'BUY' ? 'SELL' : 'BUY' })),
  }
}
