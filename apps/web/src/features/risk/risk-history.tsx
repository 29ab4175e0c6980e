import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Severity } from '../../components/severity.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Segmented } from '../../components/ui/segmented.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime, formatDrawdown } from '../../lib/format.ts'
import { PERIODS, type Period } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'
import { useMode } from '../../shell/use-deck-status.ts'
import { dateOnCurve, deepest, toCurve } from '../chart/curve.ts'
import { LinesChart } from '../chart/lines-chart.tsx'
import { riskEventKey } from './risk-events.ts'

type RiskEvent = Outputs['deck']['risk']['events']['data'][number]

const drawdown = (value: number) => formatDrawdown(value, 1)

/** The drawdown over time, and what limits and people did meanwhile. */
export function RiskHistory() {
  const { t } = useTranslation()
  const mode = useMode()
  const [period, setPeriod] = useState<Period>('3m')
  const account = trpc.deck.metrics.window.useQuery(
    { period, mode },
    { refetchInterval: 60_000, placeholderData: (previous) => previous },
  )
  const from = account.data?.meta.from
  const events = trpc.deck.risk.events.useQuery(
    { from_date: from },
    { enabled: from !== undefined, refetchInterval: 60_000, placeholderData: (previous) => previous },
  )
  const picker = (
    <Segmented
      label={t('bar.period')}
      value={period}
      options={PERIODS.map((value) => [value, value === 'all' ? t('period.all') : value] as const)}
      onChange={setPeriod}
    />
  )
  const equity = account.data?.data.equity
  const curve = useMemo(
    () => toCurve((equity ?? []).map((point) => ({ date: point.date, value: point.equity }))),
    [equity],
  )
  const marks = useMemo(
    () =>
      (events.data?.data ?? []).toReversed().flatMap((event) => {
        const date = dateOnCurve(event.at, curve)
        return date === undefined || !isMarked(event) ? [] : [{ date, text: '', isBad: isStop(event) }]
      }),
    [events.data, curve],
  )
  const lines = useMemo(
    () => [
      {
        label: t('chart.drawdown'),
        points: curve.map(({ date, drawdownPct }) => ({ date, value: drawdownPct })),
      },
    ],
    [curve, t],
  )
  const columns = useColumns()
  const worst = deepest(curve)
  return (
    <Card
      title={t('risk.history')}
      description={t('risk.historyHint')}
      actions={picker}
      bodyClassName="p-4 space-y-4"
    >
      <DataBlock
        query={account}
        skeleton={<Skeleton className="h-52" />}
        isEmpty={() => curve.length < 2}
        empty={{ title: t('overview.equityEmpty'), text: t('overview.equityEmptyText') }}
      >
        {() => (
          <LinesChart
            lines={lines}
            marks={marks}
            format={drawdown}
            className="h-52"
            summary={t('risk.historySummary', {
              worst: formatDrawdown(worst?.drawdownPct),
              count: events.data?.meta.total_count ?? 0,
            })}
          />
        )}
      </DataBlock>
      <DataBlock
        query={events}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('risk.noEvents'), text: t('risk.noEventsText') }}
      >
        {({ data, meta }) => (
          <>
            <div className="max-h-96 overflow-y-auto">
              <DataTable
                label={t('risk.history')}
                rows={data}
                rowKey={(row) => row.event_id}
                columns={columns}
              />
            </div>
            {meta.total_count > data.length && (
              <p className="mt-2 text-xs text-muted">
                {t('risk.moreEvents', { shown: data.length, count: meta.total_count })}
              </p>
            )}
          </>
        )}
      </DataBlock>
    </Card>
  )
}

/** Cooldowns come and go: in the curve they would hide what matters. The list has all. */
function isMarked(event: RiskEvent): boolean {
  return isStop(event) || event.code === 'DRAWDOWN_WARNING'
}

function isStop({ severity }: RiskEvent): boolean {
  return severity === 'CRITICAL' || severity === 'ERROR'
}

function useColumns(): Column<RiskEvent>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'time',
      header: t('field.time'),
      sortValue: (row) => row.at,
      cell: (row) => <span className="num whitespace-nowrap">{formatDateTime(row.at)}</span>,
    },
    { id: 'severity', header: t('field.severity'), cell: (row) => <Severity severity={row.severity} /> },
    {
      id: 'what',
      header: t('risk.what'),
      sortValue: (row) => row.code,
      cell: (row) => {
        const key = riskEventKey(row.code)
        return <span className="font-medium">{key === null ? row.code : t(`risk.event.${key}`)}</span>
      },
    },
    {
      id: 'strategy',
      header: t('field.strategy'),
      cell: (row) =>
        row.strategy_id === null ? t('risk.wholeAccount') : <StrategyLink id={row.strategy_id} />,
    },
    {
      id: 'message',
      header: t('field.message'),
      wide: true,
      cell: (row) => (
        <span lang="en" translate="no" className="text-muted">
          {row.message}
        </span>
      ),
    },
  ]
}
