import { drawdowns } from './drawdown.ts'
import type { Series } from './series.ts'

/** Distance of the last point of an equity curve from its highest, a non-positive fraction. Null without points. */
export function currentDrawdown(equity: Series): number | null {
  return drawdowns(equity).at(-1) ?? null
}
