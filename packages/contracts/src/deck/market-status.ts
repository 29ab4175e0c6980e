import * as z from 'zod'
import { instant, offsetInstant, price, marketStatus } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** State of one market. */
export const deckMarket = z
  .object({
    symbol: z.string(),
    market_status: marketStatus,
    market_price: price.nullable(),
    price_at: instant.nullable(),
    next_open: offsetInstant.nullable().describe("With the exchange's own offset"),
    next_close: offsetInstant.nullable().describe("With the exchange's own offset"),
    calendar: z.string(),
    is_primary: z.boolean().describe('The symbol whose price and status the rl family shows'),
    is_stale: z.boolean(),
  })
  .meta({ id: 'DeckMarket' })

/** State of every market. */
export const deckMarketStatusResponse = z
  .object({ data: z.array(deckMarket), meta: z.object({ timestamp: instant }) })
  .meta({ id: 'DeckMarketStatusResponse' })

const status = endpoint(
  {
    method: 'GET',
    path: '/v1/market/status',
    summary: 'Open or closed, price and next session of each instrument',
    tags: ['Market data'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'get_market_status',
  },
  z.object({}),
  deckMarketStatusResponse,
)

/** Open or closed, per instrument. */
export const deckMarketStatus = { status }
