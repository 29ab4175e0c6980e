import { deck, type DeckMarket } from '@quantdeck/contracts'
import { formatInstant, formatInstantInZone } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { formatPrice } from '../format.ts'
import { listMarkets, type MarketState } from './operations.ts'

export const marketDeck = {
  status: implement(deck.market.status, async ({ deps, actor }) => ({
    data: (await listMarkets(deps, actor)).map(presentMarket),
    meta: { timestamp: formatInstant(deps.clock.now()) },
  })),
} satisfies Implements<typeof deck.market>

function presentMarket(market: MarketState): DeckMarket {
  const { instrument, price, priceAt, zone } = market
  const inZone = (at: Date | null) => (at === null ? null : formatInstantInZone(at, zone))
  return {
    symbol: instrument.symbol,
    market_status: market.status,
    market_price: price === null ? null : formatPrice(price, instrument),
    price_at: priceAt === null ? null : formatInstant(priceAt),
    next_open: inZone(market.nextOpen),
    next_close: inZone(market.nextClose),
    calendar: market.calendarLabel,
    is_primary: market.isPrimary,
    is_stale: market.isStale,
  }
}
