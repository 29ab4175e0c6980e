import type { BarColumns } from './bars.ts'
import type { Tape } from './money.ts'

/** What buy and hold needs of one symbol. */
export interface HeldSymbol {
  bars: BarColumns
  tape: Tape
  /** First bar that trades; the benchmark buys at the open after it, as any strategy would. */
  start: number
}

/** Result of holding `capital` (money units) of one symbol, written into `result` at the instants of `clock`. */
function addHeld(result: Float64Array, clock: Float64Array, held: HeldSymbol, capital: number): void {
  const { bars, tape, start } = held
  const entry = start + 1 < bars.t.length ? tape.ticks(bars.open[start + 1]!) : 0
  if (entry === 0) return
  const lots = capital / tape.lotValue(entry)
  if (clock.length === bars.t.length - start) {
    // Its own bars are the clock: no bar has to be looked for.
    for (let step = 1; step < clock.length; step++) {
      const close = tape.ticks(bars.close[start + step]!)
      result[step] = result[step]! + tape.worth(lots, close - entry, close)
    }
    return
  }
  let i = start
  let gained = 0
  for (let step = 0; step < clock.length; step++) {
    if (bars.t[i] === clock[step]) {
      const close = tape.ticks(bars.close[i]!)
      if (i > start) gained = tape.worth(lots, close - entry, close)
      i += 1
    }
    result[step] = result[step]! + gained
  }
}

/**
 * Buy and hold of equal parts of the capital in every symbol, in the account's currency, before costs and with
 * fractional lots. `unit` is money units per 1.00.
 */
export function buyAndHoldCurve(
  clock: Float64Array,
  symbols: readonly HeldSymbol[],
  capital: number,
  unit: number,
): Float64Array {
  const result = new Float64Array(clock.length)
  for (const held of symbols) addHeld(result, clock, held, capital / symbols.length)
  for (let step = 0; step < result.length; step++) result[step] = (capital + result[step]!) / unit
  return result
}
