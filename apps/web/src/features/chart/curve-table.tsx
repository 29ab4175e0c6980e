import { useTranslation } from 'react-i18next'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Change } from '../../components/pnl.tsx'
import { formatDrawdown, formatUsd } from '../../lib/format.ts'
import type { CurvePoint } from './curve.ts'
import { formatPointDate } from './point-date.ts'

interface CurveTableProps {
  curve: readonly CurvePoint[]
  className: string
}

/** The chart's points for reading: newest first. */
export function CurveTable({ curve, className }: CurveTableProps) {
  const { t } = useTranslation()
  const parts: Column<CurvePoint>[] = (['realized', 'unrealized'] as const).map((part) => ({
    id: part,
    header: t(`chart.${part}`),
    align: 'right',
    cell: (point) => <Change value={point[part]} arrow={false} />,
  }))
  return (
    <div className={`${className} overflow-auto`}>
      <DataTable
        label={t('overview.equity')}
        rows={curve.toReversed()}
        rowKey={(point) => point.date}
        columns={[
          { id: 'date', header: t('field.date'), cell: (point) => formatPointDate(point.date) },
          {
            id: 'equity',
            header: t('field.equity'),
            align: 'right',
            cell: (point) => formatUsd(point.equity),
          },
          {
            id: 'drawdown',
            header: t('field.drawdown'),
            align: 'right',
            cell: (point) => formatDrawdown(point.drawdownPct),
          },
          ...(curve[0]?.realized === undefined ? [] : parts),
        ]}
      />
    </div>
  )
}
