import { useTranslation } from 'react-i18next'
import { DataBlock, type EmptyText } from '../../components/data-block.tsx'
import { DataTable, pagingOf } from '../../components/data-table.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { ORDER_STATUSES } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'
import { useOrderColumns } from './order-columns.tsx'
import { OrderDetail } from './order-detail.tsx'

const PER_PAGE = 20

/** As the API names them; undefined for any. */
export interface OrderFilters {
  mode: 'PAPER' | 'LIVE' | undefined
  strategy_id: string | undefined
  from_date?: string | undefined
  to_date?: string | undefined
  status?: (typeof ORDER_STATUSES)[number] | undefined
}

interface OrdersListProps {
  filters: OrderFilters
  page: number | undefined
  sort: string | undefined
  onChange: (next: { page?: number | undefined; sort?: string | undefined }) => void
  empty: EmptyText
}

/** Orders under filters, each with its life and its checks behind it. */
export function OrdersList({ filters, page = 1, sort, onChange, empty }: OrdersListProps) {
  const { t } = useTranslation()
  const { client } = trpc.useUtils()
  const orders = trpc.v1.orders.list.useQuery(
    { ...filters, page, per_page: PER_PAGE },
    { refetchInterval: 10_000, placeholderData: (previous) => previous },
  )
  const columns = useOrderColumns()
  return (
    <Card>
      <DataBlock query={orders} isEmpty={({ data }) => data.length === 0} empty={empty}>
        {({ data, meta }) => (
          <DataTable
            label={t('orders.title')}
            rows={data}
            rowKey={(row) => row.order_id}
            columns={columns}
            name="orders"
            sort={sort}
            onSort={(next) => onChange({ sort: next })}
            csv={() => client.deck.exports.orders.query(filters)}
            detail={(row) => <OrderDetail orderId={row.order_id} />}
            paging={pagingOf(meta, (next) => onChange({ page: next }))}
          />
        )}
      </DataBlock>
    </Card>
  )
}
