import { useTranslation } from 'react-i18next'
import type { Column } from '../../components/data-table.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { SideLabel } from '../../components/side-label.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { DASH, formatDateTime, formatPrice, formatQuantity, formatUsd, toNumber } from '../../lib/format.ts'
import { OrderStatusBadge } from './order-status.tsx'

export type OrderRow = Outputs['v1']['orders']['list']['data'][number]

export function useOrderColumns(): Column<OrderRow>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'symbol',
      header: t('field.symbol'),
      sortValue: (row) => row.symbol,
      cell: (row) => (
        <span className="flex items-center gap-2">
          <span className="font-medium">{row.symbol}</span>
          <SideLabel side={row.side} />
        </span>
      ),
    },
    {
      id: 'status',
      header: t('field.status'),
      sortValue: (row) => row.status,
      cell: (row) => <OrderStatusBadge order={row} />,
    },
    { id: 'type', header: t('field.type'), cell: (row) => t(`orderType.${row.order_type}`) },
    {
      id: 'quantity',
      header: t('field.quantity'),
      align: 'right',
      sortValue: (row) => toNumber(row.quantity),
      cell: (row) => formatQuantity(row.quantity),
    },
    {
      id: 'limit',
      header: t('field.limit'),
      align: 'right',
      cell: (row) => formatPrice(row.limit_price ?? row.stop_price, 2, 4),
    },
    {
      id: 'fill',
      header: t('field.averageFill'),
      align: 'right',
      sortValue: (row) => toNumber(row.average_fill_price),
      cell: (row) => formatPrice(row.average_fill_price, 2, 4),
    },
    {
      id: 'fees',
      header: t('field.fees'),
      align: 'right',
      sortValue: (row) => toNumber(row.fees),
      cell: (row) => formatUsd(row.fees),
    },
    {
      id: 'latency',
      header: t('field.latency'),
      align: 'right',
      sortValue: latencyMs,
      cell: (row) => formatLatency(latencyMs(row)),
    },
    {
      id: 'submitted',
      header: t('field.submitted'),
      wide: true,
      align: 'right',
      sortValue: (row) => row.submitted_at,
      cell: (row) => formatDateTime(row.submitted_at),
    },
    {
      id: 'strategy',
      header: t('field.strategy'),
      sortValue: (row) => row.strategy_id,
      cell: (row) => <StrategyLink id={row.strategy_id} />,
    },
    { id: 'mode', header: t('field.mode'), cell: (row) => <ModeBadge mode={row.mode} /> },
  ]
}

function latencyMs(row: OrderRow): number | null {
  return row.filled_at === null ? null : Date.parse(row.filled_at) - Date.parse(row.submitted_at)
}

function formatLatency(ms: number | null): string {
  if (ms === null) return DASH
  return ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`
}
