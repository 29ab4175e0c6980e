import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Column } from '../../components/data-table.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { Change } from '../../components/pnl.tsx'
import { SideLabel } from '../../components/side-label.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDuration, formatPrice, formatQuantity, formatUsd, toNumber } from '../../lib/format.ts'
import { serverNow } from '../../lib/now.ts'

export type PositionRow = Outputs['v1']['positions']['list']['data'][number]

export function sideOf(quantity: string): 'long' | 'short' {
  return (toNumber(quantity) ?? 0) < 0 ? 'short' : 'long'
}

export function heldFor(openedAt: string): string {
  return formatDuration((serverNow() - Date.parse(openedAt)) / 1000)
}

export function usePositionColumns(): Column<PositionRow>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'symbol',
      header: t('field.symbol'),
      sortValue: (row) => row.symbol,
      cell: (row) => (
        <Link
          to="/positions/$positionId"
          params={{ positionId: row.position_id }}
          className="font-medium hover:text-accent hover:underline"
        >
          {row.symbol}
        </Link>
      ),
    },
    {
      id: 'side',
      header: t('field.side'),
      sortValue: (row) => sideOf(row.quantity),
      cell: (row) => <SideLabel side={sideOf(row.quantity)} />,
    },
    {
      id: 'quantity',
      header: t('field.quantity'),
      align: 'right',
      sortValue: (row) => toNumber(row.quantity),
      cell: (row) => formatQuantity(row.quantity),
    },
    {
      id: 'entry',
      header: t('field.averageEntry'),
      align: 'right',
      sortValue: (row) => toNumber(row.average_entry_price),
      cell: (row) => formatPrice(row.average_entry_price, 2, 4),
    },
    {
      id: 'current',
      header: t('field.current'),
      align: 'right',
      sortValue: (row) => toNumber(row.current_price),
      cell: (row) => formatPrice(row.current_price, 2, 4),
    },
    {
      id: 'pnl',
      header: t('field.unrealised'),
      align: 'right',
      sortValue: (row) => toNumber(row.unrealized_pnl),
      cell: (row) => (
        <span className="inline-flex flex-wrap gap-x-2 sm:justify-end">
          <Change value={row.unrealized_pnl} />
          <Change value={row.unrealized_pnl_pct} unit="percent" arrow={false} className="text-xs" />
        </span>
      ),
    },
    {
      id: 'value',
      header: t('field.marketValue'),
      align: 'right',
      sortValue: (row) => toNumber(row.market_value),
      cell: (row) => formatUsd(row.market_value),
    },
    {
      id: 'held',
      header: t('field.held'),
      align: 'right',
      sortValue: (row) => -Date.parse(row.opened_at),
      cell: (row) => heldFor(row.opened_at),
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
