import * as z from 'zod'
import {
  dateRange,
  id,
  money,
  pageMetaShape,
  pagination,
  strategyIdInput,
  symbolInput,
  tradingMode,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { v1Trade } from '../v1/runs.ts'

/** A closed round trip of an account. */
export const deckTrade = v1Trade.extend({ strategy_id: id, mode: tradingMode }).meta({ id: 'DeckTrade' })

/** A page of round trips. */
export const deckTradeListResponse = z
  .object({
    data: z.array(deckTrade),
    meta: z.object({
      ...pageMetaShape,
      total_pnl: money.describe('USD over all matching trades, net of fees'),
    }),
  })
  .meta({ id: 'DeckTradeListResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/trades',
    summary: 'List closed round trips, recent first',
    description: 'The dates filter by `closed_at`.',
    tags: ['Positions'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'list_trades',
  },
  z.object({
    strategy_id: strategyIdInput.optional(),
    symbol: symbolInput.optional(),
    mode: tradingMode.optional(),
    ...dateRange,
    ...pagination,
  }),
  deckTradeListResponse,
)

/** Closed round trips. */
export const deckTrades = { list }
