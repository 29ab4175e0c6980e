import {
  type BarColumns,
  createStrategy,
  metricsOf,
  NO_COSTS,
  runBacktest,
  type RunMetrics,
} from '@quantdeck/backtest'
import { CLoop } from '../backtest/c-loop.ts'
import { randomBars } from '../backtest/random-bars.ts'
import { timeHere } from '../measure.ts'
import type { Suite } from '../suite.ts'

const BARS = 1_000_000
/** As many in a row as of the loop in C: a worker that is asked for runs is warm. */
const PASSES = 5
const PARAMETERS = {
  fast_period: 10,
  slow_period: 30,
  size: 0.5,
  direction: 'long',
  stop_loss_pct: 2,
  take_profit_pct: 4,
}

/** A run as a job makes it, bars checked before: strategy, stop, target, fees, exact money, every figure. */
function runOnce(bars: BarColumns): { finalEquity: string; metrics: RunMetrics } {
  const strategy = createStrategy('sma_cross', PARAMETERS)
  if (strategy === null) throw new Error('no such strategy')
  const instrument = { symbol: 'X', tickSize: '0.01', lotSize: '1', multiplier: '1' }
  const result = runBacktest({
    symbols: [{ instrument, bars, strategy }],
    initialCapital: '100000',
    costs: { ...NO_COSTS, feeBps: 0.5 },
    dataHash: 'checked',
  })
  return { finalEquity: result.finalEquity, metrics: metricsOf(result, { intervals: false }) }
}

/** Only the same result is comparable. */
function assertSame(bars: BarColumns, loop: CLoop): void {
  const ours = runOnce(bars)
  const theirs = loop.run(1)
  if (ours.metrics.totalTrades !== theirs.trades || Number(ours.finalEquity) !== Number(theirs.equity))
    throw new Error(`the loops disagree: ${ours.finalEquity} and ${theirs.equity}`)
}

export const suite: Suite = {
  title: `a backtest of ${BARS.toLocaleString('en')} bars against the same loop in C`,
  open: () => {
    const bars = randomBars(BARS, 7)
    const loop = new CLoop(bars)
    assertSame(bars, loop)
    return {
      comparisons: [
        {
          goal: 'P10',
          title: 'strategy callback, stop and target, fees, exact money, all metrics',
          figure: 'cpu',
          baseline: {
            name: 'C, gcc -O2',
            run: () => {
              const { wallMs, cpuMs, passes } = loop.run(PASSES)
              return { operations: BARS * passes, wallMs, cpuMs }
            },
          },
          candidates: [
            {
              name: 'packages/backtest',
              run: () =>
                timeHere(BARS * PASSES, () => {
                  for (let pass = 0; pass < PASSES; pass++) runOnce(bars)
                }),
              bound: { atLeast: 0.5 },
            },
          ],
        },
      ],
      notes: ['Both loops end with the same equity, to the last digit, and the same number of trades.'],
      close: async () => loop.close(),
    }
  },
}
