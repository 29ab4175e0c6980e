import {
  AreaSeries,
  createChart,
  createSeriesMarkers,
  CrosshairMode,
  LineSeries,
  LineStyle,
  LineType,
  PriceScaleMode,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type Time,
} from 'lightweight-charts'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { formatPercent, formatUsd, locale } from '../../lib/format.ts'
import { useIsDark, usePreferences } from '../../lib/preferences.ts'
import { cssColour, toMarker, toTime } from './canvas.ts'
import { isInZone, type CurvePoint, type Overlays } from './curve.ts'
import { ViewButtons } from './view-buttons.tsx'

interface ChartCanvasProps {
  curve: readonly CurvePoint[]
  overlays: Overlays
  /** The curve in words, for those who do not see it. */
  summary: string
  className: string
  cursor: number | null
  onCursor: (index: number | null) => void
}

interface Parts {
  chart: IChartApi
  equity: ISeriesApi<'Area'>
  drawdown: ISeriesApi<'Area'>
  zones: ISeriesApi<'Area'>
  benchmark: ISeriesApi<'Line'>
  marks: ISeriesMarkersPluginApi<Time>
}

const MEASURE = 'chart-data'

function buildChart(element: HTMLElement): Parts {
  const chart = createChart(element, {
    autoSize: true,
    // The licence's attribution stands in the page's footer instead.
    layout: { attributionLogo: false, background: { color: 'transparent' } },
    crosshair: { mode: CrosshairMode.Magnet },
    rightPriceScale: { borderVisible: false },
    // The whole curve stays in sight when the window changes its width.
    timeScale: { borderVisible: false, minBarSpacing: 0.05, lockVisibleTimeRangeOnResize: true },
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false },
  })
  // Behind the curve, on a scale of its own: from the bottom to the top wherever there is a zone.
  const zones = chart.addSeries(AreaSeries, {
    priceScaleId: 'zones',
    lineType: LineType.WithSteps,
    lineColor: 'transparent',
    crosshairMarkerVisible: false,
    priceLineVisible: false,
    lastValueVisible: false,
    autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: 1 } }),
  })
  zones.priceScale().applyOptions({ scaleMargins: { top: 0, bottom: 0 } })
  const common = { lineWidth: 2, lineType: LineType.Simple, priceLineVisible: false } as const
  const equity = chart.addSeries(AreaSeries, common)
  const drawdown = chart.addSeries(AreaSeries, { ...common, lineWidth: 1, invertFilledArea: true }, 1)
  const benchmark = chart.addSeries(LineSeries, {
    lineWidth: 1,
    lineStyle: LineStyle.Dashed,
    priceLineVisible: false,
    lastValueVisible: false,
    crosshairMarkerVisible: false,
  })
  equity.priceScale().applyOptions({ scaleMargins: { top: 0.12, bottom: 0.06 } })
  chart.panes()[0]?.setStretchFactor(3)
  chart.panes()[1]?.setStretchFactor(1)
  equity.applyOptions({
    priceFormat: {
      type: 'custom',
      minMove: 0.01,
      formatter: (value: number) => formatUsd(value, { digits: 0 }),
    },
  })
  drawdown.applyOptions({
    lastValueVisible: false,
    priceFormat: {
      type: 'custom',
      minMove: 0.01,
      formatter: (value: number) => formatPercent(value, { digits: 2 }),
    },
  })
  return { chart, equity, drawdown, zones, benchmark, marks: createSeriesMarkers(equity, []) }
}

function paint({ chart, equity, drawdown, zones, benchmark }: Parts): void {
  const accent = cssColour('--accent')
  const down = cssColour('--down')
  const grid = { color: cssColour('--chart-grid') }
  chart.applyOptions({
    localization: { locale: locale() },
    layout: {
      textColor: cssColour('--muted'),
      fontFamily: "'Inter Variable', system-ui, sans-serif",
      fontSize: 11,
      panes: { separatorColor: cssColour('--line') },
    },
    grid: { vertLines: { visible: false }, horzLines: grid },
    crosshair: {
      vertLine: { labelBackgroundColor: accent, color: cssColour('--muted') },
      horzLine: { labelBackgroundColor: accent, color: cssColour('--muted') },
    },
  })
  equity.applyOptions({ lineColor: accent, topColor: `${accent}44`, bottomColor: `${accent}05` })
  zones.applyOptions({ topColor: `${down}1f`, bottomColor: `${down}1f` })
  benchmark.applyOptions({ color: cssColour('--muted') })
  drawdown.applyOptions({ lineColor: down, topColor: `${down}10`, bottomColor: `${down}50` })
}

/** What is shown with the curve. */
function overlay({ chart, zones, benchmark, marks }: Parts, curve: readonly CurvePoint[], shown: Overlays) {
  const days = new Set(curve.map(({ date }) => date))
  zones.setData(curve.map(({ date }) => ({ time: toTime(date), value: isInZone(date, shown.zones) ? 1 : 0 })))
  benchmark.setData(
    shown.benchmark.flatMap(({ date, value }) =>
      days.has(date) ? [{ time: toTime(date), value: Number(value) }] : [],
    ),
  )
  marks.setMarkers(shown.marks.map(toMarker))
  chart
    .priceScale('right', 0)
    .applyOptions({ mode: shown.isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal })
}

export function ChartCanvas({ curve, overlays, summary, className, cursor, onCursor }: ChartCanvasProps) {
  const frame = useRef<HTMLDivElement>(null)
  const parts = useRef<Parts>(null)
  const dark = useIsDark()
  const { pair, language } = usePreferences()
  const indexByTime = useRef(new Map<Time, number>())

  useEffect(() => {
    if (!frame.current) return
    const built = buildChart(frame.current)
    parts.current = built
    built.chart.subscribeCrosshairMove((event) => {
      onCursor(event.time === undefined ? null : (indexByTime.current.get(event.time) ?? null))
    })
    return () => {
      parts.current = null
      built.chart.remove()
    }
  }, [onCursor])

  useEffect(() => {
    if (parts.current) paint(parts.current)
  }, [dark, pair, language])

  useEffect(() => {
    const built = parts.current
    if (!built) return
    const started = performance.now()
    indexByTime.current = new Map(curve.map((point, index) => [toTime(point.date), index]))
    built.equity.setData(curve.map((point) => ({ time: toTime(point.date), value: point.equity })))
    built.drawdown.setData(curve.map((point) => ({ time: toTime(point.date), value: point.drawdownPct })))
    built.chart.applyOptions({ timeScale: { timeVisible: (curve[0]?.date.length ?? 0) > 10 } })
    built.chart.timeScale().fitContent()
    // Held to its budget by `pnpm bench dashboard`; one entry at a time, so that none piles up.
    performance.clearMeasures(MEASURE)
    performance.measure(MEASURE, { start: started })
  }, [curve])

  useEffect(() => {
    if (parts.current) overlay(parts.current, curve, overlays)
  }, [curve, overlays, dark, pair])

  function moveCursor(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step === undefined || !parts.current) return
    event.preventDefault()
    const last = curve.length - 1
    const next = Math.min(last, Math.max(0, (cursor ?? last) + step))
    const point = curve[next]
    if (!point) return
    parts.current.chart.setCrosshairPosition(point.equity, toTime(point.date), parts.current.equity)
    onCursor(next)
  }

  return (
    <>
      <div
        role="img"
        aria-label={summary}
        // The arrow keys move the reading above the chart: a mouse is not the only way to it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onKeyDown={moveCursor}
        className={className}
      >
        <div ref={frame} className="size-full" />
      </div>
      <ViewButtons chart={() => parts.current?.chart ?? null} points={curve.length} />
    </>
  )
}
