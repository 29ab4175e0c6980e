import { drawdowns } from './drawdown.ts'
import type { Series } from './series.ts'

/** One way down and back up; indexes into the equity curve. */
export interface DrawdownSpan {
  /** Non-positive fraction at the trough. */
  depth: number
  peakIndex: number
  troughIndex: number
  /** First point back at the peak; null while it is not recovered. */
  recoveryIndex: number | null
}

/** Every drawdown of an equity curve in order of time: from the last peak before it to the recovery. */
export function drawdownSpans(equity: Series): DrawdownSpan[] {
  const depths = drawdowns(equity)
  const spans: DrawdownSpan[] = []
  let open: DrawdownSpan | null = null
  for (let i = 0; i < depths.length; i++) {
    const depth = depths[i]!
    if (depth < 0) {
      open ??= { depth, peakIndex: i - 1, troughIndex: i, recoveryIndex: null }
      if (depth < open.depth) {
        open.depth = depth
        open.troughIndex = i
      }
    } else if (open) {
      spans.push({ ...open, recoveryIndex: i })
      open = null
    }
  }
  return open ? [...spans, open] : spans
}

/** The deepest drawdowns, deepest first. */
export function topDrawdowns(equity: Series, count = 5): DrawdownSpan[] {
  return drawdownSpans(equity)
    .toSorted((a, b) => a.depth - b.depth)
    .slice(0, count)
}

/**
 * Longest time under water in milliseconds, from the peak to the recovery (or to the last point). 0 without a
 * drawdown, null without points. `times` are the curve's instants in milliseconds.
 */
export function longestDrawdownMs(equity: Series, times: Series): number | null {
  if (equity.length === 0) return null
  let longest = 0
  for (const span of drawdownSpans(equity)) {
    const end = span.recoveryIndex ?? equity.length - 1
    longest = Math.max(longest, times[end]! - times[span.peakIndex]!)
  }
  return longest
}
