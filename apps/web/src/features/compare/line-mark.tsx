/** The stroke of the n-th line of a chart, for its legend: the same colour and the same dashes. */
const DASHES = ['', '6 4', '2 3', '10 5', '2 7']

export function LineMark({ index }: { index: number }) {
  const place = index % DASHES.length
  return (
    <svg aria-hidden viewBox="0 0 24 8" className="h-2 w-6 shrink-0">
      <line
        x1="0"
        y1="4"
        x2="24"
        y2="4"
        strokeWidth="2.5"
        stroke={`var(--line-${place + 1})`}
        strokeDasharray={DASHES[place]}
      />
    </svg>
  )
}
