/**
 * Bars of one symbol as columns of equal length, oldest first. `t` is each bar's opening instant in milliseconds since
 * the epoch, `closeT` its exclusive close where known. The columns may be views of a SharedArrayBuffer: they are only read.
 */
export interface BarColumns {
  t: Float64Array
  closeT?: Float64Array
  open: Float64Array
  high: Float64Array
  low: Float64Array
  close: Float64Array
  volume: Float64Array
}

/** What is wrong with a column set, in a sentence; null if the engine can run on it. */
export function findBarProblem(bars: BarColumns): string | null {
  const n = bars.t.length
  for (const column of [bars.open, bars.high, bars.low, bars.close, bars.volume]) {
    if (column.length !== n) return 'the columns differ in length'
  }
  let previous = Number.NEGATIVE_INFINITY
  for (let i = 0; i < n; i++) {
    const low = bars.low[i]!
    const high = bars.high[i]!
    // Written so that NaN fails each comparison.
    if (!(bars.t[i]! > previous)) return `bar ${i} is not later than the bar before`
    if (!(low > 0) || !(high < Number.POSITIVE_INFINITY)) return `bar ${i} has a price that is not positive`
    if (!(bars.open[i]! >= low && bars.open[i]! <= high)) return `bar ${i} opens outside its range`
    if (!(bars.close[i]! >= low && bars.close[i]! <= high)) return `bar ${i} closes outside its range`
    previous = bars.t[i]!
  }
  return null
}

const DAY_MS = 86_400_000
/** Thursday to Tuesday over Easter: the longest ordinary pause of an exchange. */
const LONGEST_PAUSE_DAYS = 5

/** A stretch without bars that is longer than any long weekend. Instants in ms: last bar before, first bar after. */
export interface DataGap {
  fromT: number
  toT: number
}

/** Stretches of more than five calendar days between neighbouring bars from `start` on. */
export function findGaps(bars: BarColumns, start = 0): DataGap[] {
  const gaps: DataGap[] = []
  addGaps(bars.t, start, bars.t.length - 1, gaps)
  return gaps
}

/** Bars that lie within five days as a whole have no gap between them: a year of minutes is done in some fifty looks. */
function addGaps(t: Float64Array, first: number, last: number, gaps: DataGap[]): void {
  if (last <= first) return
  const fromT = t[first]!
  const toT = t[last]!
  if (toT - fromT <= LONGEST_PAUSE_DAYS * DAY_MS) return
  if (last - first > 1) {
    const middle = (first + last) >>> 1
    addGaps(t, first, middle, gaps)
    addGaps(t, middle, last, gaps)
  } else if (Math.floor(toT / DAY_MS) - Math.floor(fromT / DAY_MS) > LONGEST_PAUSE_DAYS) {
    gaps.push({ fromT, toT })
  }
}

/** Index of the first bar at or after an instant (ms); the count of bars when there is none. */
export function firstBarAt(t: Float64Array, startT: number): number {
  let low = 0
  let high = t.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (t[middle]! < startT) low = middle + 1
    else high = middle
  }
  return low
}

/** Bars `from` up to but not including `to`, as views: nothing is copied. */
export function sliceBars(bars: BarColumns, from: number, to: number): BarColumns {
  return {
    t: bars.t.subarray(from, to),
    ...(bars.closeT !== undefined && { closeT: bars.closeT.subarray(from, to) }),
    open: bars.open.subarray(from, to),
    high: bars.high.subarray(from, to),
    low: bars.low.subarray(from, to),
    close: bars.close.subarray(from, to),
    volume: bars.volume.subarray(from, to),
  }
}

/** Bars as rows of numbers, into columns. */
export function toColumns(
  rows: readonly {
    t: number
    closeT?: number
    open: number
    high: number
    low: number
    close: number
    volume: number
  }[],
): BarColumns {
  return {
    t: Float64Array.from(rows, (row) => row.t),
    closeT: Float64Array.from(rows, (row) => row.closeT ?? row.t),
    open: Float64Array.from(rows, (row) => row.open),
    high: Float64Array.from(rows, (row) => row.high),
    low: Float64Array.from(rows, (row) => row.low),
    close: Float64Array.from(rows, (row) => row.close),
    volume: Float64Array.from(rows, (row) => row.volume),
  }
}
