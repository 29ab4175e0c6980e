import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Change } from '../../components/pnl.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatNumber, formatPercent } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { useMode } from '../../shell/use-deck-status.ts'
import { LineMark } from '../compare/line-mark.tsx'
import type { OverviewWindow } from './use-window.ts'

const LinesChart = lazy(async () => ({ default: (await import('../chart/lines-chart.tsx')).LinesChart }))

type Curve = Outputs['deck']['metrics']['strategyCurves']['data'][number]

/** As many lines as one can tell apart. */
const MOST_LINES = 5

/** Every strategy's own curve, from 100, so that large and small allocations can be compared. */
export function StrategyLines({ input }: { input: OverviewWindow['input'] }) {
  const { t } = useTranslation()
  const mode = useMode()
  const curves = trpc.deck.metrics.strategyCurves.useQuery(
    { ...input, mode },
    { refetchInterval: 60_000, placeholderData: (previous) => previous },
  )
  return (
    <Card title={t('overview.lines')} description={t('overview.linesHint')}>
      <DataBlock
        query={curves}
        skeleton={<Skeleton className="h-72" />}
        isEmpty={({ data }) => data.every(({ equity_curve: curve }) => curve.length < 2)}
        empty={{ title: t('overview.equityEmpty'), text: t('overview.equityEmptyText') }}
      >
        {({ data }) => <Lines curves={data} />}
      </DataBlock>
    </Card>
  )
}

const keyOf = ({ strategy_id: id, mode }: Curve) => `${id} ${mode}`
const index = (value: number) => formatNumber(value, 1)

function Lines({ curves }: { curves: readonly Curve[] }) {
  const { t } = useTranslation()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const shown = useMemo(() => curves.slice(0, MOST_LINES), [curves])
  const lines = useMemo(
    () => shown.map((curve) => (hidden.has(keyOf(curve)) ? nothing(curve) : rebased(curve))),
    [shown, hidden],
  )
  const toggle = (key: string) => {
    const next = new Set(hidden)
    if (!next.delete(key)) next.add(key)
    setHidden(next)
  }
  const words = shown
    .map((one) => `${one.name} ${formatPercent(one.return_pct, { signed: true })}`)
    .join('; ')
  return (
    <>
      <ul className="mb-3 flex flex-wrap gap-x-6 gap-y-2 text-sm">
        {shown.map((curve, place) => {
          const key = keyOf(curve)
          return (
            <li key={key} className="inline-flex items-center gap-2">
              <input
                type="checkbox"
                aria-label={t('overview.showLine', { name: curve.name })}
                checked={!hidden.has(key)}
                onChange={() => toggle(key)}
                className="size-4 accent-accent"
              />
              <LineMark index={place} />
              <StrategyLink id={curve.strategy_id} name={curve.name} />
              <Change value={curve.return_pct} unit="percent" className="text-xs" />
            </li>
          )
        })}
      </ul>
      {curves.length > MOST_LINES && (
        <p className="mb-2 text-xs text-muted">{t('overview.moreLines', { count: MOST_LINES })}</p>
      )}
      <Suspense fallback={<Skeleton className="h-64" />}>
        <LinesChart
          lines={lines}
          summary={t('overview.linesSummary', { lines: words })}
          format={index}
          className="h-64"
        />
      </Suspense>
    </>
  )
}

function rebased({ name, equity_curve: curve }: Curve) {
  const first = Number(curve[0]?.value)
  return {
    label: name,
    points: curve.map(({ date, value }) => ({
      date,
      value: first > 0 ? (Number(value) / first) * 100 : null,
    })),
  }
}

/** Keeps its place, so that the others keep their looks. */
function nothing({ name }: Curve) {
  return { label: name, points: [] }
}
