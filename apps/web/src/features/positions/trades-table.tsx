import { useTranslation } from 'react-i18next'
import { minuteColumn } from '../../components/columns.ts'
import { DataTable, type Column, type Paging } from '../../components/data-table.tsx'
import type { LoadCsv } from '../../components/table/toolbar.tsx'
import { Change } from '../../components/pnl.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDuration, formatPrice, formatUsd, toNumber } from '../../lib/format.ts'
import { tradedColumns } from './trade-columns.tsx'

/** A round trip of an account, or of a run (which has one strategy and needs no column for it). */
export type TradeRow = Outputs['v1']['runs']['get']['data']['trades'][number] & { strategy_id?: string }

interface TradesTableProps {
  rows: readonly TradeRow[]
  label: string
  paging?: Paging
  /** Under which the reader's columns are kept. */
  name: string
  csv?: LoadCsv
}

export function TradesTable({ rows, label, paging, name, csv }: TradesTableProps) {
  const columns = useColumns(rows.some((row) => row.strategy_id !== undefined))
  return (
    <DataTable
      label={label}
      rows={rows}
      rowKey={(row) => row.trade_id}
      columns={columns}
      name={name}
      {...(csv ? { csv } : {})}
      {...(paging ? { paging } : {})}
    />
  )
}

function useColumns(withStrategy: boolean): Column<TradeRow>[] {
  const { t } = useTranslation()
  const strategy: Column<TradeRow> = {
    id: 'strategy',
    header: t('field.strategy'),
    sortValue: (row) => row.strategy_id ?? null,
    cell: (row) => row.strategy_id !== undefined && <StrategyLink id={row.strategy_id} />,
  }
  return [
    ...tradedColumns<TradeRow>(t),
    {
      id: 'entry',
      header: t('field.entry'),
      align: 'right',
      cell: (row) => formatPrice(row.entry_price, 2, 4),
    },
    { id: 'exit', header: t('field.exit'), align: 'right', cell: (row) => formatPrice(row.exit_price, 2, 4) },
    {
      id: 'pnl',
      header: t('positions.realised'),
      align: 'right',
      sortValue: (row) => toNumber(row.pnl),
      cell: (row) => (
        <span className="inline-flex flex-wrap gap-x-2 sm:justify-end">
          <Change value={row.pnl} />
          <Change value={row.pnl_pct} unit="percent" arrow={false} className="text-xs" />
        </span>
      ),
    },
    {
      id: 'fees',
      header: t('field.fees'),
      align: 'right',
      sortValue: (row) => toNumber(row.fees),
      cell: (row) => formatUsd(row.fees),
    },
    {
      id: 'duration',
      header: t('field.duration'),
      align: 'right',
      sortValue: (row) => toNumber(row.duration_hours),
      cell: (row) => formatDuration((Date.parse(row.closed_at) - Date.parse(row.opened_at)) / 1000),
    },
    minuteColumn('closed', t('field.time'), (row) => row.closed_at),
    ...(withStrategy ? [strategy] : []),
  ]
}
