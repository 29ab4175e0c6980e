import type { BacktestTrade } from '../engine/types.ts'

/** Each trade's net result over the equity before it, in order of the exits: what {@link monteCarlo} draws trades from. */
export function tradeChanges(trades: readonly Pick<BacktestTrade, 'pnl'>[], capital: number): number[] {
  const changes: number[] = []
  let equity = capital
  for (const trade of trades) {
    const pnl = Number(trade.pnl)
    if (equity <= 0) break
    changes.push(pnl / equity)
    equity += pnl
  }
  return changes
}
