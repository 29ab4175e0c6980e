const WIDTH = 80
const HEIGHT = 28

interface SparkProps {
  /** In the order of time; what has no value yet is left out. */
  values: readonly (number | null)[]
  /** Gain and loss colours by its direction; plain where more is neither better nor worse. */
  isPlain?: boolean
  className?: string
}

/** A curve without axes. Decoration: its last value stands beside it. */
export function Spark({ values: given, isPlain = false, className }: SparkProps) {
  const values = given.filter((value) => value !== null && Number.isFinite(value)) as number[]
  if (values.length < 2) return null
  const low = Math.min(...values)
  const range = Math.max(...values) - low || 1
  const place = (value: number, index: number) =>
    `${((index / (values.length - 1)) * WIDTH).toFixed(1)} ${(HEIGHT - 2 - ((value - low) / range) * (HEIGHT - 4)).toFixed(1)}`
  const rising = (values.at(-1) ?? 0) >= (values[0] ?? 0)
  const stroke = isPlain ? 'stroke-muted' : rising ? 'stroke-up' : 'stroke-down'
  return (
    <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={className}>
      <path
        d={`M${values.map(place).join('L')}`}
        fill="none"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
        className={stroke}
      />
    </svg>
  )
}
