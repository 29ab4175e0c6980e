import type { Series } from './series.ts'
import { defined, present } from './series.ts'

/** Total return as a fraction: `prod(1 + r) - 1`. Null without returns. */
export function totalReturn(returns: Series): number | null {
  const seen = present(returns)
  if (seen.length === 0) return null
  let growth = 1
  for (const value of seen) growth *= 1 + value
  return defined(growth - 1)
}
