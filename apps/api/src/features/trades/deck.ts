import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { listTrades } from './operations.ts'
import { presentTrade, totalPnl } from './present-v1.ts'

export const tradesDeck = {
  list: implement(deck.trades.list, async ({ deps, actor, input }) => {
    const { page, per_page, strategy_id, symbol, mode, from_date, to_date } = input
    const range = dateRange(from_date, to_date)
    const { trades, instruments } = await listTrades(deps, actor, {
      strategyId: strategy_id,
      symbol,
      mode,
      ...range,
    })
    const shown = trades.slice((page - 1) * per_page, page * per_page)
    return {
      data: shown.map((trade) => presentTrade(trade, instruments)),
      meta: { total_count: trades.length, page, per_page, total_pnl: totalPnl(trades) },
    }
  }),
} satisfies Implements<typeof deck.trades>
