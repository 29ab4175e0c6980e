/** Which points are in sight, by their place; fractions are between two. */
export interface ViewRange {
  from: number
  to: number
}

export type ViewMove = 'in' | 'out' | 'left' | 'right'

const ZOOM = 2
/** Of what is in sight. */
const STEP = 1 / 3
/** Nobody reads less of a curve. */
const FEWEST = 4

/** Where a step leads to: never beyond the first or the last point, never to fewer than four. */
export function moveView({ from, to }: ViewRange, move: ViewMove, points: number): ViewRange {
  const width = to - from
  const next = move === 'in' ? width / ZOOM : move === 'out' ? width * ZOOM : width
  const wide = Math.min(Math.max(next, FEWEST), Math.max(points - 1, FEWEST))
  const shift = move === 'left' ? -width * STEP : move === 'right' ? width * STEP : 0
  const middle = (from + to) / 2 + shift
  const start = Math.max(0, Math.min(middle - wide / 2, points - 1 - wide))
  return { from: start, to: start + wide }
}
