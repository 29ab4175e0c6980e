/** How the Sharpe ratio of the last trades is taken. */
export interface TradeSharpeConvention {
  /** Only the last so many trades. */
  window: number
  /** Fewer are undefined. */
  minimum: number
  /** Multiplies the ratio: 1 per trade, Math.sqrt(252) and the like annualise. */
  annualization: number
  /** Result is clipped to [-clip, clip]; null: not. */
  clip: number | null
  /** Without any deviation: undefined, or the clip bound with the sign of the mean. */
  zeroDeviation: 'undefined' | 'clip'
}

export const TRADE_SHARPE: TradeSharpeConvention = Object.freeze({
  window: 50,
  minimum: 5,
  annualization: 1,
  clip: null,
  zeroDeviation: 'undefined',
})

/**
 * Mean over sample deviation (ddof 1) of the last trades' results, no risk-free rate (Sharpe 1994).
 * By default per trade and not annualised.
 * @returns null below the minimum, and where the deviation is 0 unless the convention clips
 */
export function tradeSharpe(
  results: readonly number[],
  convention: TradeSharpeConvention = TRADE_SHARPE,
): number | null {
  const { window, minimum, annualization, clip, zeroDeviation } = convention
  const last = results.slice(-window)
  if (last.length < Math.max(2, minimum)) return null
  const mean = last.reduce((sum, result) => sum + result, 0) / last.length
  const squares = last.reduce((sum, result) => sum + (result - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / (last.length - 1))
  if (last.every((result) => result === last[0])) {
    return zeroDeviation === 'clip' && clip !== null ? Math.sign(mean) * clip : null
  }
  const sharpe = (mean / deviation) * annualization
  return clip === null ? sharpe : Math.min(clip, Math.max(-clip, sharpe))
}
