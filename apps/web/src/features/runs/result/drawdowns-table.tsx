import { useTranslation } from 'react-i18next'
import { DataTable, type Column } from '../../../components/data-table.tsx'
import { formatDate, formatDrawdown, formatDuration, toNumber } from '../../../lib/format.ts'
import type { Statistics } from './figures.ts'

type Drawdown = Statistics['drawdowns'][number]

/** The deepest falls below a peak: from when, to where, and until it was made good. */
export function DrawdownsTable({ drawdowns }: { drawdowns: readonly Drawdown[] }) {
  const { t } = useTranslation()
  const day = (id: 'peak_date' | 'trough_date', header: string): Column<Drawdown> => ({
    id,
    header,
    align: 'right',
    sortValue: (row) => row[id],
    cell: (row) => formatDate(row[id]),
  })
  const columns: Column<Drawdown>[] = [
    {
      id: 'depth',
      header: t('result.depth'),
      align: 'right',
      sortValue: (row) => -(toNumber(row.depth_pct) ?? 0),
      cell: (row) => <span className="font-medium text-down">{formatDrawdown(row.depth_pct)}</span>,
    },
    day('peak_date', t('result.peak')),
    day('trough_date', t('result.trough')),
    {
      id: 'recovery',
      header: t('result.recovery'),
      align: 'right',
      sortValue: (row) => row.recovery_date,
      cell: (row) => (row.recovery_date === null ? t('result.notRecovered') : formatDate(row.recovery_date)),
    },
    {
      id: 'days',
      header: t('result.under'),
      align: 'right',
      sortValue: (row) => row.days,
      cell: (row) => formatDuration(row.days * 86_400),
    },
  ]
  return (
    <DataTable
      label={t('result.drawdowns')}
      rows={drawdowns}
      rowKey={(row) => `${row.peak_date}${row.trough_date}`}
      columns={columns}
    />
  )
}
