import {
  AreaSeries,
  createChart,
  CrosshairMode,
  LineType,
  type IChartApi,
  type ISeriesApi,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { formatPercent, formatUsd, locale } from '../../lib/format.ts'
import { useIsDark, usePreferences } from '../../lib/preferences.ts'
import type { CurvePoint } from './curve.ts'

interface ChartCanvasProps {
  curve: readonly CurvePoint[]
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
}

function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** Days stay days; instants become Unix seconds. */
function toTime(date: string): Time {
  return date.length === 10 ? date : ((Date.parse(date) / 1000) as UTCTimestamp)
}

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
  const common = { lineWidth: 2, lineType: LineType.Simple, priceLineVisible: false } as const
  const equity = chart.addSeries(AreaSeries, common)
  const drawdown = chart.addSeries(AreaSeries, { ...common, lineWidth: 1, invertFilledArea: true }, 1)
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
  return { chart, equity, drawdown }
}

function paint({ chart, equity, drawdown }: Parts): void {
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
  drawdown.applyOptions({ lineColor: down, topColor: `${down}10`, bottomColor: `${down}50` })
}

export function ChartCanvas({ curve, summary, className, cursor, onCursor }: ChartCanvasProps) {
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
    indexByTime.current = new Map(curve.map((point, index) => [toTime(point.date), index]))
    built.equity.setData(curve.map((point) => ({ time: toTime(point.date), value: point.equity })))
    built.drawdown.setData(curve.map((point) => ({ time: toTime(point.date), value: point.drawdownPct })))
    built.chart.applyOptions({ timeScale: { timeVisible: (curve[0]?.date.length ?? 0) > 10 } })
    built.chart.timeScale().fitContent()
  }, [curve])

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
  )
}
