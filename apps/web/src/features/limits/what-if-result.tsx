import { lazy, Suspense, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Figure } from '../../components/figure.tsx'
import { Change } from '../../components/pnl.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { violationText } from '../../components/violations.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import {
  DASH,
  formatDate,
  formatDateTime,
  formatDrawdown,
  formatFraction,
  formatInteger,
  formatNumber,
  formatUsd,
  toNumber,
} from '../../lib/format.ts'
import { LineMark } from '../compare/line-mark.tsx'
import { tradedColumns } from '../positions/trade-columns.tsx'

const LinesChart = lazy(async () => ({ default: (await import('../chart/lines-chart.tsx')).LinesChart }))

type Result = Outputs['deck']['limitsBacktests']['run']['data']
type Outcome = Result['with']
type Denied = Result['denied_trades'][number]

/** Both outcomes side by side, then what made the difference. */
export function WhatIfResult({ result }: { result: Result }) {
  const { t } = useTranslation()
  const stopped = result.denied.reduce((sum, { orders }) => sum + orders, 0)
  return (
    <div className="min-w-0 space-y-4">
      <Card title={t('whatIf.result')} description={period(result)}>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-3">
          <Figure label={t('whatIf.cost')}>
            <Change value={result.cost} />
          </Figure>
          <Figure label={t('whatIf.stopped')}>{formatInteger(stopped)}</Figure>
          <Figure label={t('whatIf.capital')}>{formatUsd(result.capital)}</Figure>
        </dl>
        <div className="mt-4">
          <Outcomes result={result} />
        </div>
        {result.notes.map((note) => (
          <p key={note} className="mt-2 text-xs text-muted">
            {note}
          </p>
        ))}
      </Card>
      {result.curve.length > 1 && <Curves result={result} />}
      <Card title={t('whatIf.denied')} description={t('whatIf.deniedHint')}>
        {result.denied_trades.length === 0 ? (
          <EmptyState title={t('whatIf.noneDenied')} />
        ) : (
          <DeniedTrades result={result} />
        )}
      </Card>
    </div>
  )
}

function period({ from, to }: Result): string | undefined {
  return from === null || to === null ? undefined : `${formatDate(from)} – ${formatDate(to)}`
}

function Outcomes({ result }: { result: Result }) {
  const { t } = useTranslation()
  const rows: { name: string; show: (outcome: Outcome) => ReactNode }[] = [
    { name: t('field.trades'), show: ({ trades }) => formatInteger(trades) },
    { name: t('whatIf.pnl'), show: ({ pnl }) => <Change value={pnl} /> },
    { name: t('field.return'), show: (outcome) => <Change value={outcome.return_pct} unit="percent" /> },
    { name: t('field.maxDrawdown'), show: (outcome) => formatDrawdown(outcome.max_drawdown_pct) },
    { name: t('field.winRate'), show: (outcome) => formatFraction(outcome.win_rate) },
    { name: t('field.profitFactor'), show: (outcome) => formatNumber(outcome.profit_factor) },
    {
      name: t('whatIf.worstDay'),
      show: ({ worst_day: day }) => (day === null ? DASH : `${formatUsd(day.pnl)} (${formatDate(day.date)})`),
    },
  ]
  return (
    <DataTable
      label={t('whatIf.result')}
      rows={rows}
      rowKey={({ name }) => name}
      columns={[
        { id: 'name', header: t('compare.metric'), cell: ({ name }) => name },
        {
          id: 'without',
          header: t('whatIf.without'),
          align: 'right',
          cell: ({ show }) => show(result.without),
        },
        { id: 'with', header: t('whatIf.with'), align: 'right', cell: ({ show }) => show(result.with) },
      ]}
    />
  )
}

const wholeUsd = (value: number) => formatUsd(value, { digits: 0 })

function Curves({ result: { curve } }: { result: Result }) {
  const { t } = useTranslation()
  const lines = useMemo(
    () =>
      (['without', 'with'] as const).map((side) => ({
        label: side,
        points: curve.map((point) => ({ date: point.date, value: toNumber(point[side]) })),
      })),
    [curve],
  )
  const last = curve.at(-1)
  const summary = t('whatIf.curveSummary', {
    without: formatUsd(last?.without),
    with: formatUsd(last?.with),
  })
  return (
    <Card title={t('whatIf.curve')}>
      <ul className="mb-3 flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {(['without', 'with'] as const).map((side, index) => (
          <li key={side} className="inline-flex items-center gap-2">
            <LineMark index={index} /> {t(`whatIf.${side}`)}
          </li>
        ))}
      </ul>
      <Suspense fallback={<Skeleton className="h-64" />}>
        <LinesChart lines={lines} summary={summary} format={wholeUsd} className="h-64" />
      </Suspense>
    </Card>
  )
}

function DeniedTrades({ result }: { result: Result }) {
  const { t } = useTranslation()
  const columns: Column<Denied>[] = [
    {
      id: 'at',
      header: t('field.time'),
      sortValue: (row) => row.at,
      cell: (row) => <span className="num">{formatDateTime(row.at)}</span>,
    },
    ...tradedColumns<Denied>(t),
    {
      id: 'reason',
      header: t('result.reason'),
      wide: true,
      sortValue: (row) => row.code,
      cell: (row) => violationText(row, t),
    },
    {
      id: 'pnl',
      header: t('whatIf.pnl'),
      align: 'right',
      sortValue: (row) => toNumber(row.pnl),
      cell: (row) => <Change value={row.pnl} />,
    },
  ]
  const above = (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
      {result.denied.map(({ code, orders, forgone_pnl: pnl }) => (
        <li key={code} className="inline-flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{violationText({ code, message: code }, t)}</span>
          <span className="num text-muted">{t('whatIf.entries', { count: orders })}</span>
          <Change value={pnl} className="text-xs" />
        </li>
      ))}
    </ul>
  )
  return (
    <DataTable
      label={t('whatIf.denied')}
      rows={result.denied_trades}
      rowKey={(row) => `${row.at}${row.symbol}${row.side}${row.quantity}`}
      columns={columns}
      name="what-if"
      above={above}
    />
  )
}
