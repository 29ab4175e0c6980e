import {
  type BarColumns,
  createStrategy,
  type JudgedResult,
  metricsOf,
  NO_COSTS,
  runBacktest,
  type RunMetrics,
} from '@quantdeck/backtest'
import { CLoop } from '../backtest/c-loop.ts'
import { type Peer, Peers } from '../backtest/peers.ts'
import { runPlain } from '../backtest/plain-loop.ts'
import { randomBars } from '../backtest/random-bars.ts'
import { timeHere } from '../measure.ts'
import { type Comparison, type Contender, MissingTool, type Suite } from '../suite.ts'

const BARS = 1_000_000
/** As many in a row as of the loop in C: a worker that is asked for runs is warm. */
const PASSES = 5
/** The slow ones take minutes for a million. */
const PEER_BARS = 20_000
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

/** The same run with money in doubles, its figures included. */
function runPlainOnce(bars: BarColumns): JudgedResult {
  const strategy = createStrategy('sma_cross', PARAMETERS)
  if (strategy === null) throw new Error('no such strategy')
  const result = runPlain(bars, strategy)
  metricsOf(result, { intervals: false })
  return result
}

/** Doubles may end a hair beside exact money; anything more is another run. */
function assertNear(bars: BarColumns): void {
  const exact = runOnce(bars)
  const plain = runPlainOnce(bars)
  const isSame =
    plain.tradeFigures.pnl.length === exact.metrics.totalTrades &&
    Math.abs(Number(plain.finalEquity) / Number(exact.finalEquity) - 1) < 1e-4
  if (!isSame) throw new Error(`the loops disagree: ${exact.finalEquity} and ${plain.finalEquity}`)
}

function inC(bars: BarColumns): Comparison & { close: () => void } {
  const loop = new CLoop(bars)
  assertSame(bars, loop)
  return {
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
    candidates: [{ ...ours(bars, PASSES), bound: { atLeast: 0.5 } }],
    close: () => loop.close(),
  }
}

function ours(bars: BarColumns, passes: number): Contender {
  return {
    name: 'packages/backtest',
    run: () =>
      timeHere(bars.t.length * passes, () => {
        for (let pass = 0; pass < passes; pass++) runOnce(bars)
      }),
  }
}

function inDoubles(bars: BarColumns): Comparison {
  assertNear(bars)
  return {
    goal: 'P10',
    title: 'exact money against a loop of its own in plain doubles, same strategy and figures',
    figure: 'cpu',
    baseline: {
      name: 'plain doubles',
      run: () =>
        timeHere(BARS * PASSES, () => {
          for (let pass = 0; pass < PASSES; pass++) runPlainOnce(bars)
        }),
    },
    candidates: [{ ...ours(bars, PASSES), bound: { atLeast: 0.85 } }],
  }
}

/** Where the bounds stand for: 50 times the tools that call a strategy, ahead of the one that only knows columns. */
function others(peers: Peers): Comparison[] {
  const few = randomBars(PEER_BARS, 7)
  const many = randomBars(BARS, 7)
  const against = (peer: Peer, bars: BarColumns, atLeast: number): Comparison => ({
    ...{ goal: 'P10', figure: 'cpu', rounds: 3 },
    title: `${bars.t.length.toLocaleString('en')} bars against ${peer}`,
    baseline: { name: peer, run: () => peers.run(peer, bars, 1) },
    candidates: [{ ...ours(bars, PASSES), bound: { atLeast } }],
  })
  return [against('backtesting.py', few, 50), against('backtrader', few, 50), against('vectorbt', many, 1)]
}

export const suite: Suite = {
  title: `a backtest of ${BARS.toLocaleString('en')} bars against the same loop in C, in doubles, and other tools`,
  open: () => {
    const bars = randomBars(BARS, 7)
    const peers = new Peers()
    const c = orMissing(() => inC(bars))
    return {
      comparisons: [c, inDoubles(bars), ...others(peers)],
      notes: [
        'C and ours end with the same equity, to the last digit, and the same number of trades; doubles within 1e-4.',
        'The other tools run the same rule by their own conventions of sizes and fills, with their own statistics.',
      ],
      close: async () => {
        c.close?.()
        peers.close()
      },
    }
  },
}

/** Without a compiler only this comparison is skipped. */
function orMissing<T extends Comparison>(make: () => T): Comparison & { close?: () => void } {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error
    const run = (): never => {
      throw error
    }
    return {
      goal: 'P10',
      title: 'the loop in C',
      figure: 'cpu',
      baseline: { name: 'C', run },
      candidates: [],
    }
  }
}
