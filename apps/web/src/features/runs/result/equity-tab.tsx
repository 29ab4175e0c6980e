import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../../components/data-block.tsx'
import { Card } from '../../../components/ui/card.tsx'
import { Skeleton } from '../../../components/ui/skeleton.tsx'
import { formatNumber, toNumber } from '../../../lib/format.ts'
import { trpc } from '../../../lib/trpc.ts'
import { EquityChart } from '../../chart/equity-chart.tsx'
import type { RunDetail } from '../run-page.tsx'
import { DrawdownsTable } from './drawdowns-table.tsx'
import type { Statistics } from './figures.ts'

const LinesChart = lazy(async () => ({ default: (await import('../../chart/lines-chart.tsx')).LinesChart }))

/** As many zones as one can tell apart in a chart. */
const SHADED = 5

/** The curve over time, the falls that mattered marked in it and listed below. */
export function EquityTab({ run }: { run: RunDetail }) {
  const { t } = useTranslation()
  const hasStatistics = run.run_type === 'BACKTEST' && run.status === 'COMPLETED'
  const statistics = trpc.deck.runs.statistics.useQuery(
    { run_id: run.run_id },
    { enabled: hasStatistics, staleTime: Infinity },
  )
  const data = statistics.data?.data
  const zones = useMemo(() => data?.drawdowns.slice(0, SHADED).map(zoneOf), [data])
  return (
    <div className="space-y-4">
      <Card
        title={t('overview.equity')}
        description={zones && zones.length > 0 ? t('result.zones', { count: zones.length }) : undefined}
      >
        <EquityChart points={run.equity_curve} zones={zones} benchmark={data?.benchmark_curve} />
      </Card>
      {hasStatistics && (
        <DataBlock
          query={statistics}
          staleAfterMs={Infinity}
          skeleton={<Skeleton className="h-72 rounded-xl" />}
        >
          {({ data: facts }) => (
            <div className="space-y-4">
              <Card title={t('result.drawdowns')} description={t('result.drawdownsHint')}>
                <DrawdownsTable drawdowns={facts.drawdowns} />
              </Card>
              {facts.rolling_sharpe.length > 1 && <RollingSharpe statistics={facts} />}
            </div>
          )}
        </DataBlock>
      )}
    </div>
  )
}

function zoneOf({ peak_date: from, recovery_date: to }: Statistics['drawdowns'][number]) {
  return { from, to }
}

function RollingSharpe({ statistics }: { statistics: Statistics }) {
  const { t } = useTranslation()
  const { rolling_sharpe: points, rolling_days: days } = statistics
  const title = t('result.rolling', { count: days })
  const lines = useMemo(
    () => [{ label: 'Sharpe', points: points.map(({ date, value }) => ({ date, value: toNumber(value) })) }],
    [points],
  )
  const known = lines[0]?.points.flatMap(({ value }) => (value === null ? [] : [value])) ?? []
  const summary = t('result.rollingSummary', {
    title,
    low: formatNumber(known.reduce((a, b) => Math.min(a, b), Infinity)),
    high: formatNumber(known.reduce((a, b) => Math.max(a, b), -Infinity)),
    last: formatNumber(known.at(-1)),
  })
  return (
    <Card title={title} description={t('result.rollingHint')}>
      <Suspense fallback={<Skeleton className="h-56" />}>
        <LinesChart lines={lines} summary={summary} className="h-56" />
      </Suspense>
    </Card>
  )
}
