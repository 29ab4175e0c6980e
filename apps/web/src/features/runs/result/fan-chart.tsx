import { useTranslation } from 'react-i18next'
import { formatUsd } from '../../../lib/format.ts'

const WIDTH = 800
const HEIGHT = 260

export interface FanStep {
  step: number
  /** At 5, 25, 50, 75 and 95 %. */
  quantiles: readonly number[]
}

interface FanChartProps {
  steps: readonly FanStep[]
  summary: string
}

/** What else might have come: the middle of all draws, half of them in the darker band, nine in ten in the lighter. */
export function FanChart({ steps, summary }: FanChartProps) {
  const { t } = useTranslation()
  const all = steps.flatMap(({ quantiles }) => quantiles)
  const low = all.reduce((least, value) => Math.min(least, value), Infinity)
  const high = all.reduce((most, value) => Math.max(most, value), -Infinity)
  const span = high - low || 1
  const last = steps.at(-1)?.step ?? 1
  const x = (step: number) => ((step / (last || 1)) * WIDTH).toFixed(1)
  const y = (value: number | undefined) => (HEIGHT - (((value ?? low) - low) / span) * HEIGHT).toFixed(1)
  const line = (of: readonly FanStep[], quantile: number) =>
    of.map(({ step, quantiles }) => `${x(step)},${y(quantiles[quantile])}`).join(' L')
  const band = (lower: number, upper: number) =>
    `M${line(steps, upper)} L${line(steps.toReversed(), lower)} Z`
  const marks = [high, low + span * 0.75, low + span / 2, low + span * 0.25, low]
  return (
    <figure className="m-0">
      <div className="flex gap-3">
        <div role="img" aria-label={summary} className="min-w-0 flex-1">
          <svg
            aria-hidden
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            className="h-64 w-full overflow-visible"
          >
            {marks.map((value) => (
              <line
                key={value}
                x1={0}
                x2={WIDTH}
                y1={y(value)}
                y2={y(value)}
                stroke="var(--chart-grid)"
                vectorEffect="non-scaling-stroke"
              />
            ))}
            <path d={band(0, 4)} fill="var(--accent)" opacity={0.14} />
            <path d={band(1, 3)} fill="var(--accent)" opacity={0.24} />
            <path
              d={`M${line(steps, 2)}`}
              fill="none"
              stroke="var(--accent)"
              strokeWidth={2}
              vectorEffect="non-scaling-stroke"
            />
          </svg>
        </div>
        <ul aria-hidden className="num flex h-64 flex-col justify-between text-[0.6875rem] text-muted">
          {marks.map((value) => (
            <li key={value} className="leading-none">
              {formatUsd(value, { digits: 0 })}
            </li>
          ))}
        </ul>
      </div>
      <figcaption className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-xs text-muted">
        <Key className="h-0.5 bg-accent" text={t('result.median')} />
        <Key className="h-3 bg-accent/40" text={t('result.half')} />
        <Key className="h-3 bg-accent/15" text={t('result.ninety')} />
      </figcaption>
    </figure>
  )
}

function Key({ className, text }: { className: string; text: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={`w-5 rounded-sm ${className}`} /> {text}
    </span>
  )
}
