import { v1 } from '@quantdeck/contracts'
import { type Handler, implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { listOrders } from './operations.ts'
import { presentOrder } from './present-v1.ts'

/** One page; the export of the whole list is made of the same. */
export const orderPage: Handler<typeof v1.orders.list> = async ({ deps, actor, input }) => {
  const { page, per_page, strategy_id, status, mode, from_date, to_date } = input
  const found = await listOrders(deps, actor, {
    strategyId: strategy_id,
    status,
    mode,
    ...dateRange(from_date, to_date),
    page,
    perPage: per_page,
  })
  return {
    data: found.orders.map((order) => presentOrder(order, found.instruments)),
    meta: { total_count: found.totalCount, page, per_page },
  }
}

export const ordersV1 = {
  list: implement(v1.orders.list, orderPage, { isReusable: true }),
} satisfies Implements<typeof v1.orders>
