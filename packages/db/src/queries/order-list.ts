import type { Order, OrderStatus, TradingMode } from '@quantdeck/domain'
import { type RawBuilder, sql } from 'kysely'
import type { Queryable } from '../client.ts'
import { listed, type OrderRow, toOrder } from './order-rows.ts'
import { behind, type Page, readPage, readRows, seenOf } from './page.ts'
import { given, type InstantRange, visibleOnly, type VisibleStrategies } from './values.ts'

export interface OrderFilter extends InstantRange {
  visible: VisibleStrategies
  strategyId?: string
  status?: OrderStatus
  mode?: TradingMode
}

export interface OrderPage {
  orders: Order[]
  totalCount: number
}

/** Orders of one strategy, mode and status, which one index holds in the order of the list. */
interface Kind {
  strategyId: string
  mode: TradingMode
  status: OrderStatus
}

/** So many kinds are read one by one and merged; more than that are many of all orders, and near in any index. */
const MOST_KINDS = 100
const MOST_MERGED = 500

/**
 * Recent first. `totalCount` counts after the filters, over all pages. Millions of orders take no longer than thousands:
 * they are counted by kind as they change, and what does not exist is not looked for.
 */
export async function listOrders(db: Queryable, filter: OrderFilter, page: Page): Promise<OrderPage> {
  if (filter.from || filter.to) {
    const matching = matchingOrders(db, filter)
    const { rows, totalCount } = await readPage(matching, (q) => q.select(listed), 'submittedAt', page)
    return { orders: rows.map(toOrder), totalCount }
  }
  const { kinds, totalCount, upToSeq } = await countKinds(db, filter, page.upToSeq)
  const rows = page.offset < totalCount ? await readKinds(db, filter, { ...page, upToSeq }, kinds) : []
  page.onSeen?.(seenOf(rows, 'submittedAt', upToSeq))
  return { orders: rows.map(toOrder), totalCount }
}

function matchingOrders(db: Queryable, filter: OrderFilter) {
  const { visible, strategyId, status, mode, from, to } = filter
  return db
    .selectFrom('orders')
    .where((eb) =>
      eb.and([
        ...visibleOnly(visible),
        ...given(strategyId, (id) => eb('strategyId', '=', id)),
        ...given(status, (value) => eb('status', '=', value)),
        ...given(mode, (value) => eb('mode', '=', value)),
        ...given(from, (at) => eb('submittedAt', '>=', at)),
        ...given(to, (at) => eb('submittedAt', '<=', at)),
      ]),
    )
}

/**
 * The kinds that match and have orders, and how many orders up to a number they are together: in one statement, or orders
 * that come in between would be taken off without having been counted.
 */
async function countKinds(
  db: Queryable,
  { visible, strategyId, status, mode }: OrderFilter,
  anchor: number | undefined,
): Promise<{ kinds: Kind[]; totalCount: number; upToSeq: number }> {
  // Few: those that came since somebody began to read the list.
  const later = matchingOrders(db, { visible, strategyId, status, mode })
    .select(sql<number>`count(*)`.as('count'))
    .where(sql<boolean>`seq > ${anchor ?? null}::bigint`)
  const rows = await db
    .selectFrom('orderCounts')
    .select(['strategyId', 'mode', 'status', 'count', newest.as('newest'), later.as('later')])
    .where((eb) =>
      eb.and([
        eb('count', '>', 0),
        ...visibleOnly(visible),
        ...given(strategyId, (id) => eb('strategyId', '=', id)),
        ...given(status, (value) => eb('status', '=', value)),
        ...given(mode, (value) => eb('mode', '=', value)),
      ]),
    )
    .execute()
  const all = rows.reduce((sum, { count }) => sum + count, 0)
  const [first] = rows
  return { kinds: rows, totalCount: all - (first?.later ?? 0), upToSeq: anchor ?? first?.newest ?? 0 }
}

const newest: RawBuilder<number> = sql`(select coalesce(max(seq), 0) from orders)`

async function readKinds(
  db: Queryable,
  filter: OrderFilter,
  page: Page & { upToSeq: number },
  kinds: readonly Kind[],
): Promise<OrderRow[]> {
  const isMerged = kinds.length <= MOST_KINDS && page.offset + page.limit <= MOST_MERGED
  if (isMerged && !isIndexed(filter)) return mergeKinds(db, page, kinds)
  return readRows(matchingOrders(db, filter), (q) => q.select(listed), 'submittedAt', page)
}

/** An index of its own holds what matches in the order of the list. */
function isIndexed({ visible, strategyId, status, mode }: OrderFilter): boolean {
  const fields = [strategyId, status, mode].filter((value) => value !== undefined)
  return visible === 'all' && fields.length !== 2
}

async function mergeKinds(
  db: Queryable,
  { upToSeq, after, limit, offset }: Page & { upToSeq: number },
  kinds: readonly Kind[],
): Promise<OrderRow[]> {
  const columns = sql.join(listed.map((column) => sql.ref(column)))
  const column = (name: keyof Kind) => sql`${kinds.map((kind) => kind[name])}::text[]`
  const place = after === undefined ? sql`true` : behind('submittedAt', after)
  const { rows } = await sql<OrderRow>`
    select listed.* from unnest(${column('strategyId')}, ${column('mode')}, ${column('status')})
      as kind (strategy_id, mode, status)
    cross join lateral (
      select ${columns} from orders
      where orders.strategy_id = kind.strategy_id and orders.mode = kind.mode and orders.status = kind.status
        and seq <= ${upToSeq} and ${place}
      order by submitted_at desc, seq desc limit ${offset + limit}
    ) as listed
    order by submitted_at desc, seq desc limit ${limit} offset ${offset}`.execute(db)
  return rows
}
