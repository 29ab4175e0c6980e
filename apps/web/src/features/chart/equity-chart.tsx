import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Change } from '../../components/pnl.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { formatDrawdown, formatUsd } from '../../lib/format.ts'
import { useKeys } from '../../lib/use-keys.ts'
import { deepest, toCurve, type CurveMark, type CurvePoint, type WirePoint, type Zone } from './curve.ts'
import { formatPointDate } from './point-date.ts'

/** The chart library is larger than the rest of a page: it comes when a curve is shown. */
const ChartCanvas = lazy(async () => ({ default: (await import('./chart-canvas.tsx')).ChartCanvas }))
const CurveTable = lazy(async () => ({ default: (await import('./curve-table.tsx')).CurveTable }))

const HEIGHT = 'h-80'

interface EquityChartProps {
  points: readonly WirePoint[]
  /** Falls to shade. */
  zones?: readonly Zone[] | undefined
  /** What holding would have brought. */
  benchmark?: readonly WirePoint[] | undefined
  marks?: readonly CurveMark[] | undefined
}

const NONE: readonly never[] = []

/** Equity over drawdown on one time axis, with a reading, a summary in words and the same data as a table. */
export function EquityChart({ points, zones = NONE, benchmark = NONE, marks = NONE }: EquityChartProps) {
  const { t } = useTranslation()
  const [asTable, setAsTable] = useState(false)
  const [cursor, setCursor] = useState<number | null>(null)
  const [isLog, setLog] = useState(false)
  const [isCompared, setCompared] = useState(true)
  const [isMarked, setMarked] = useState(true)
  useKeys({ v: () => setAsTable((current) => !current) })
  const overlays = useMemo(
    () => ({ zones, isLog, benchmark: isCompared ? benchmark : NONE, marks: isMarked ? marks : NONE }),
    [zones, marks, isLog, benchmark, isCompared, isMarked],
  )
  const curve = useMemo(() => toCurve(points), [points])
  const summary = useSummary(curve)
  const last = curve.length - 1
  const shown = curve[Math.min(cursor ?? last, last)]
  return (
    <div className="min-w-0">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        {shown && <Reading point={shown} />}
        <div className="ml-auto flex flex-wrap items-center gap-1">
          {!asTable && benchmark.length > 0 && (
            <Toggle
              text={t('chart.benchmark')}
              pressed={isCompared}
              onPress={() => setCompared(!isCompared)}
            />
          )}
          {!asTable && marks.length > 0 && (
            <Toggle text={t('chart.marks')} pressed={isMarked} onPress={() => setMarked(!isMarked)} />
          )}
          {!asTable && <Toggle text={t('chart.log')} pressed={isLog} onPress={() => setLog(!isLog)} />}
          <Button variant="ghost" size="sm" onClick={() => setAsTable(!asTable)}>
            {asTable ? t('action.showChart') : t('action.showTable')}
          </Button>
        </div>
      </div>
      <Suspense fallback={<Skeleton className={HEIGHT} />}>
        {asTable ? (
          <CurveTable curve={curve} className={HEIGHT} />
        ) : (
          <ChartCanvas
            curve={curve}
            overlays={overlays}
            className={HEIGHT}
            summary={summary}
            cursor={cursor}
            onCursor={setCursor}
          />
        )}
      </Suspense>
    </div>
  )
}

function Toggle({ text, pressed, onPress }: { text: string; pressed: boolean; onPress: () => void }) {
  return (
    <Button
      variant="ghost"
      size="sm"
      aria-pressed={pressed}
      onClick={onPress}
      className="aria-pressed:bg-accent-soft aria-pressed:text-accent"
    >
      {text}
    </Button>
  )
}

function useSummary(curve: readonly CurvePoint[]): string {
  const { t } = useTranslation()
  const [first] = curve
  const last = curve.at(-1)
  const worst = deepest(curve)
  if (!first || !last || !worst) return ''
  return t('chart.summary', {
    first: formatUsd(first.equity),
    last: formatUsd(last.equity),
    start: formatPointDate(first.date),
    end: formatPointDate(last.date),
    drawdown: formatDrawdown(worst.drawdownPct),
    day: formatPointDate(worst.date),
  })
}

function Reading({ point }: { point: CurvePoint }) {
  const { t } = useTranslation()
  const parts = [
    [t('chart.realized'), point.realized],
    [t('chart.unrealized'), point.unrealized],
  ] as const
  return (
    <dl className="num flex flex-wrap gap-x-5 gap-y-1 text-xs">
      <div className="flex gap-1.5">
        <dt className="sr-only">{t('field.date')}</dt>
        <dd className="text-muted">{formatPointDate(point.date)}</dd>
      </div>
      <div className="flex gap-1.5">
        <dt className="text-muted">{t('chart.equity')}</dt>
        <dd className="font-semibold">{formatUsd(point.equity)}</dd>
      </div>
      <div className="flex gap-1.5">
        <dt className="text-muted">{t('chart.drawdown')}</dt>
        <dd className="font-semibold text-down">{formatDrawdown(point.drawdownPct)}</dd>
      </div>
      {parts.map(
        ([label, value]) =>
          value !== undefined && (
            <div key={label} className="flex gap-1.5">
              <dt className="text-muted">{label}</dt>
              <dd>
                <Change value={value} arrow={false} />
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}
