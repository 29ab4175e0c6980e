import { v1 } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { getPosition, listPositions } from './operations.ts'
import { presentPosition, presentPositionDetail, presentTotal } from './present-v1.ts'

export const positionsV1 = {
  list: implement(v1.positions.list, async ({ deps, actor, input }) => {
    const { page, per_page, strategy_id, symbol, mode } = input
    const positions = await listPositions(deps, actor, { strategyId: strategy_id, symbol, mode })
    const now = deps.clock.now()
    const shown = positions.slice((page - 1) * per_page, page * per_page)
    return {
      data: shown.map((position) => presentPosition(position, now)),
      meta: { total_count: positions.length, page, per_page, total_unrealized_pnl: presentTotal(positions) },
    }
  }),
  get: implement(v1.positions.get, async ({ deps, actor, input }) => {
    const detail = await getPosition(deps, actor, input.position_id)
    return { data: presentPositionDetail(detail, deps.clock.now()) }
  }),
} satisfies Implements<typeof v1.positions>
