import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { countColumn } from '../../components/columns.ts'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDuration, formatFraction, formatInteger, formatMinute } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { QuarantineCard } from './quarantine-card.tsx'

type Series = Outputs['deck']['marketData']['quality']['data'][number]

export function DataPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/deck/data' })
  const navigate = useNavigate({ from: '/data' })
  const quality = trpc.deck.marketData.quality.useQuery({}, { refetchInterval: 60_000 })
  const columns = useColumns()
  return (
    <Page title={t('data.title')} description={t('data.text')}>
      <Card title={t('data.series')} description={t('data.seriesText')}>
        <DataBlock
          query={quality}
          isEmpty={({ data }) => data.length === 0}
          empty={{ title: t('data.empty'), text: t('data.emptyText') }}
        >
          {({ data }) => (
            <DataTable
              label={t('data.series')}
              rows={data}
              rowKey={(row) => `${row.symbol}|${row.interval_seconds}`}
              columns={columns}
              detail={(row) => <Gaps series={row} />}
            />
          )}
        </DataBlock>
      </Card>
      <QuarantineCard
        filters={search}
        onChange={(next) => void navigate({ search: (current) => ({ ...current, ...next }), replace: true })}
      />
    </Page>
  )
}

function useColumns(): Column<Series>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'symbol',
      header: t('field.symbol'),
      sortValue: (row) => row.symbol,
      cell: (row) => (
        <>
          <span className="font-medium">{row.symbol}</span>
          <span className="block text-xs text-muted">{row.source}</span>
        </>
      ),
    },
    { id: 'interval', header: t('data.interval'), cell: (row) => formatDuration(row.interval_seconds) },
    { id: 'bars', header: t('data.bars'), align: 'right', cell: (row) => formatInteger(row.bars) },
    { id: 'first', header: t('data.first'), cell: (row) => formatMinute(row.first_bar) },
    {
      id: 'last',
      header: t('data.last'),
      cell: (row) => (
        <span className="inline-flex flex-wrap items-center gap-2">
          {formatMinute(row.last_bar)}
          {row.is_stale && <Badge tone="watch">{t('data.stale')}</Badge>}
        </span>
      ),
    },
    {
      id: 'complete',
      header: t('data.complete'),
      align: 'right',
      sortValue: (row) => row.completeness,
      cell: (row) => formatFraction(row.completeness, 2),
    },
    countColumn('missing', t('data.missing'), (row) => row.missing_bars),
    countColumn('quarantine', t('data.pending'), (row) => row.quarantine.pending),
  ]
}

function Gaps({ series }: { series: Series }) {
  const { t } = useTranslation()
  if (series.gaps.length === 0) return <p className="text-sm text-muted">{t('data.noGaps')}</p>
  return (
    <table className="text-sm">
      <caption className="mb-1 text-left text-xs text-muted">
        {t('data.gaps', { calendar: series.calendar })}
      </caption>
      <thead className="text-left text-xs text-muted">
        <tr>
          <th scope="col" className="pr-6 font-medium">
            {t('data.after')}
          </th>
          <th scope="col" className="pr-6 font-medium">
            {t('data.before')}
          </th>
          <th scope="col" className="text-right font-medium">
            {t('data.missing')}
          </th>
        </tr>
      </thead>
      <tbody className="num">
        {series.gaps.map((gap) => (
          <tr key={gap.after}>
            <td className="py-0.5 pr-6">{formatMinute(gap.after)}</td>
            <td className="py-0.5 pr-6">{formatMinute(gap.before)}</td>
            <td className="py-0.5 text-right">{formatInteger(gap.missing_bars)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
