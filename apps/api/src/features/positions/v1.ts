import { v1 } from '@quantdeck/contracts'
import { type Handler, implement, type Implements } from '../../trpc/implement.ts'
import { getPosition, listPositionPage } from './operations.ts'
import { presentPosition, presentPositionDetail, presentTotal } from './present-v1.ts'

/** One page; the export of the whole list is made of the same. */
export const positionPage: Handler<typeof v1.positions.list> = async ({ deps, actor, input }) => {
  const { page, per_page, strategy_id, symbol, mode } = input
  const query = { strategyId: strategy_id, symbol, mode }
  const { shown, all } = await listPositionPage(deps, actor, query, { page, perPage: per_page })
  const now = deps.clock.now()
  return {
    data: shown.map((position) => presentPosition(position, now)),
    meta: { total_count: all.length, page, per_page, total_unrealized_pnl: presentTotal(all) },
  }
}

export const positionsV1 = {
  list: implement(v1.positions.list, positionPage, { isReusable: true }),
  get: implement(v1.positions.get, async ({ deps, actor, input }) => {
    const detail = await getPosition(deps, actor, input.position_id)
    return { data: presentPositionDetail(detail, deps.clock.now()) }
  }),
} satisfies Implements<typeof v1.positions>
