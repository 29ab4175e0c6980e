import type { OrderSide } from '@quantdeck/domain'
import type { StopLossGuardLimits } from './limits.ts'
import type { StopExit } from './state.ts'

const MINUTE_MS = 60_000

/**
 * A05: until when entries in a symbol and side are locked, or null. A lock begins with the exit that completes
 * `count` exits within the look-back and lasts for the duration after the last such exit.
 */
export function stopLossLockUntil(
  exits: readonly StopExit[],
  entry: { symbol: string; side: OrderSide },
  guard: StopLossGuardLimits,
): number | null {
  const { count } = guard
  if (count === null) return null
  const relevant = exits.filter((exit) => concerns(exit, entry, guard.locks))
  const completing = relevant.findLast((exit, index) => {
    const first = relevant[index - count + 1]
    return first !== undefined && first.at > exit.at - guard.lookbackMinutes * MINUTE_MS
  })
  return completing === undefined ? null : completing.at + guard.durationMinutes * MINUTE_MS
}

function concerns(
  exit: StopExit,
  entry: { symbol: string; side: OrderSide },
  locks: StopLossGuardLimits['locks'],
): boolean {
  if (locks === 'all') return true
  return exit.symbol === entry.symbol && (locks === 'symbol' || exit.side === entry.side)
}
