import type { BarColumns } from '@quantdeck/backtest'
import { createRandom } from '@quantdeck/risk'

const MINUTE_MS = 60_000

/** A seeded walk in whole cents: one bar a minute, round the clock. */
export function randomBars(count: number, seed: number, firstT: number = Date.UTC(2020, 0, 1)): BarColumns {
  const random = createRandom(seed)
  const column = (): Float64Array => new Float64Array(count)
  const bars = {
    t: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column().fill(1),
  }
  const cents = (value: number): number => Math.round(value * 100) / 100
  let price = 100
  for (let i = 0; i < count; i++) {
    const open = price
    price = Math.max(20, cents(price + (random() - 0.5) * 0.2))
    bars.t[i] = firstT + i * MINUTE_MS
    bars.open[i] = open
    bars.close[i] = price
    bars.high[i] = cents(Math.max(open, price) + random() * 0.05)
    bars.low[i] = cents(Math.min(open, price) - random() * 0.05)
  }
  return bars
}
