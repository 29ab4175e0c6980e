import type { WirePoint } from '../chart/curve.ts'

const WIDTH = 80
const HEIGHT = 28

/** A curve without axes. Decoration: the chart below says the same in full. */
export function Spark({ points, className }: { points: readonly WirePoint[]; className?: string }) {
  const values = points.map(({ value }) => Number(value)).filter(Number.isFinite)
  if (values.length < 2) return null
  const low = Math.min(...values)
  const range = Math.max(...values) - low || 1
  const place = (value: number, index: number) =>
    `${((index / (values.length - 1)) * WIDTH).toFixed(1)} ${(HEIGHT - 2 - ((value - low) / range) * (HEIGHT - 4)).toFixed(1)}`
  const rising = (values.at(-1) ?? 0) >= (values[0] ?? 0)
  return (
    <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={className}>
      <path
        d={`M${values.map(place).join('L')}`}
        fill="none"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
        className={rising ? 'stroke-up' : 'stroke-down'}
      />
    </svg>
  )
}
