import {
  createChart,
  createSeriesMarkers,
  CrosshairMode,
  LineSeries,
  LineStyle,
  type IChartApi,
} from 'lightweight-charts'
import { useEffect, useRef } from 'react'
import { formatNumber, locale } from '../../lib/format.ts'
import { useIsDark, usePreferences } from '../../lib/preferences.ts'
import { cssColour, toMarker, toTime } from './canvas.ts'
import type { CurveMark } from './curve.ts'
import { ViewButtons } from './view-buttons.tsx'

/** One line: a value per day, null where it has none. */
export interface ChartLine {
  label: string
  points: readonly { date: string; value: number | null }[]
}

interface LinesChartProps {
  lines: readonly ChartLine[]
  /** The lines in words, for those who do not see them. */
  summary: string
  className: string
  /** A value with its unit, for the scale. */
  format?: (value: number) => string
  /** What happened, at the first line. */
  marks?: readonly CurveMark[]
}

/** Colour and stroke of the n-th line: two lines differ in both, so that colour never says it alone. */
const LINE_LOOKS = [
  { colour: '--line-1', style: LineStyle.Solid },
  { colour: '--line-2', style: LineStyle.Dashed },
  { colour: '--line-3', style: LineStyle.Dotted },
  { colour: '--line-4', style: LineStyle.LargeDashed },
  { colour: '--line-5', style: LineStyle.SparseDotted },
] as const

function lookOf(index: number): (typeof LINE_LOOKS)[number] {
  return LINE_LOOKS[index % LINE_LOOKS.length] ?? LINE_LOOKS[0]
}

type Format = NonNullable<LinesChartProps['format']>

const plain: Format = (value) => formatNumber(value, 1)

type Shown = Pick<LinesChartProps, 'lines'> & { format: Format; marks: readonly CurveMark[] }

const NO_MARKS: readonly CurveMark[] = []

function build(element: HTMLElement, { lines, format, marks }: Shown): IChartApi {
  const chart = createChart(element, {
    autoSize: true,
    layout: {
      // The licence's attribution stands in the page's footer instead.
      attributionLogo: false,
      background: { color: 'transparent' },
      textColor: cssColour('--muted'),
      fontFamily: "'Inter Variable', system-ui, sans-serif",
      fontSize: 11,
    },
    localization: { locale: locale() },
    crosshair: { mode: CrosshairMode.Magnet },
    grid: { vertLines: { visible: false }, horzLines: { color: cssColour('--chart-grid') } },
    rightPriceScale: { borderVisible: false },
    timeScale: {
      borderVisible: false,
      timeVisible: lines.some(({ points: [first] }) => (first?.date.length ?? 0) > 10),
      minBarSpacing: 0.05,
      lockVisibleTimeRangeOnResize: true,
    },
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false },
  })
  for (const [index, { points }] of lines.entries()) {
    const look = lookOf(index)
    const series = chart.addSeries(LineSeries, {
      color: cssColour(look.colour),
      lineStyle: look.style,
      lineWidth: 2,
      priceLineVisible: false,
      lastValueVisible: true,
      priceFormat: { type: 'custom', minMove: 0.01, formatter: format },
    })
    series.setData(
      points.flatMap(({ date, value }) => (value === null ? [] : [{ time: toTime(date), value }])),
    )
    if (index === 0 && marks.length > 0) createSeriesMarkers(series, marks.map(toMarker))
  }
  chart.timeScale().fitContent()
  return chart
}

/** The axis has every day that any of the lines has. */
function countDays(lines: readonly ChartLine[]): number {
  return new Set(lines.flatMap(({ points }) => points.map(({ date }) => date))).size
}

/** Several lines on one time axis; whoever shows it gives the same numbers as a table too. */
export function LinesChart({ lines, summary, className, format = plain, marks = NO_MARKS }: LinesChartProps) {
  const frame = useRef<HTMLDivElement>(null)
  const drawn = useRef<IChartApi>(null)
  const dark = useIsDark()
  const { language } = usePreferences()
  useEffect(() => {
    if (!frame.current) return
    const chart = build(frame.current, { lines, format, marks })
    drawn.current = chart
    return () => {
      drawn.current = null
      chart.remove()
    }
  }, [lines, dark, language, format, marks])
  return (
    <>
      <div role="img" aria-label={summary} className={className}>
        <div ref={frame} className="size-full" />
      </div>
      <ViewButtons chart={() => drawn.current} points={countDays(lines)} />
    </>
  )
}
