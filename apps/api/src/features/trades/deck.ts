import { deck } from '@quantdeck/contracts'
import { cutPage, type PageKey } from '@quantdeck/db'
import type { Position } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { listTrades } from './operations.ts'
import { presentTrade, totalPnl } from './present-v1.ts'

export const tradesDeck = {
  list: implement(deck.trades.list, async ({ deps, actor, input }) => {
    const { page, per_page, strategy_id, symbol, mode, from_date, to_date } = input
    const range = dateRange(from_date, to_date)
    const query = { strategyId: strategy_id, symbol, mode, ...range }
    const { trades, instruments } = await listTrades(deps, actor, query)
    const window = deps.pages.page(actor, 'trades', query, { page, perPage: per_page })
    const { shown, all } = cutPage(trades, placeOf, window)
    return {
      data: shown.map((trade) => presentTrade(trade, instruments)),
      meta: { total_count: all.length, page, per_page, total_pnl: totalPnl(all) },
    }
  }),
} satisfies Implements<typeof deck.trades>

function placeOf({ closedAt, seq }: Position): PageKey {
  return { at: closedAt, seq }
}
