import { firstBarAt, type BarColumns } from './bars.ts'
import type { Tape } from './money.ts'

/** What buy and hold needs of one symbol. */
export interface HeldSymbol {
  bars: BarColumns
  tape: Tape
  /** First bar that trades; the benchmark buys at the open after it, as any strategy would. */
  start: number
}

/** What holding `capital` (money units) of one symbol has gained by an instant; 0 before its second bar. */
function gainOf({ bars, tape, start }: HeldSymbol, capital: number): (t: number) => number {
  const entry = start + 1 < bars.t.length ? tape.ticks(bars.open[start + 1]!) : 0
  if (entry === 0) return () => 0
  const lots = capital / tape.lotValue(entry)
  return (t) => {
    const after = firstBarAt(bars.t, t)
    const i = bars.t[after] === t ? after : after - 1
    if (i <= start) return 0
    const close = tape.ticks(bars.close[i]!)
    return tape.worth(lots, close - entry, close)
  }
}

/**
 * Buy and hold of equal parts of the capital in every symbol, in the account's currency, before costs and with
 * fractional lots, at any instant. `unit` is money units per 1.00. It is asked for one instant a day, so nothing is
 * computed for the bars between.
 */
export function buyAndHold(
  symbols: readonly HeldSymbol[],
  capital: number,
  unit: number,
): (t: number) => number {
  const gains = symbols.map((held) => gainOf(held, capital / symbols.length))
  return (t) => (capital + gains.reduce((sum, gain) => sum + gain(t), 0)) / unit
}
