import { deck } from '@quantdeck/contracts'
import { type Handler, implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { listTradePage } from './operations.ts'
import { presentTrade, totalPnl } from './present-v1.ts'

/** One page; the export of the whole list is made of the same. */
export const tradePage: Handler<typeof deck.trades.list> = async ({ deps, actor, input }) => {
  const { page, per_page, strategy_id, symbol, mode, from_date, to_date } = input
  const range = dateRange(from_date, to_date)
  const query = { strategyId: strategy_id, symbol, mode, ...range }
  const { shown, all, instruments } = await listTradePage(deps, actor, query, { page, perPage: per_page })
  return {
    data: shown.map((trade) => presentTrade(trade, instruments)),
    meta: { total_count: all.length, page, per_page, total_pnl: totalPnl(all) },
  }
}

export const tradesDeck = {
  list: implement(deck.trades.list, tradePage),
} satisfies Implements<typeof deck.trades>
