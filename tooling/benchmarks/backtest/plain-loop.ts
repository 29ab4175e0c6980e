import {
  type BarColumns,
  type JudgedResult,
  type StrategyDecision,
  type StrategyInstance,
} from '@quantdeck/backtest'
import { BarView } from '../../../packages/backtest/src/engine/bar-view.ts'

const CAPITAL = 100_000
const FEE_RATE = 0.5 / 10_000
const SIZE = 0.5

/**
 * The suite's run with money in plain doubles: same strategy through the same port, next-open fills, stop and target,
 * fees. What the engine takes longer is the price of exact money, and of everything else that it can do.
 */
export function runPlain(bars: BarColumns, strategy: StrategyInstance): JudgedResult {
  const { t, open, high, low, close } = bars
  const equity = new Float64Array(t.length)
  const pnl: number[] = []
  const share: number[] = []
  const durationMs: number[] = []
  const view = new BarView(bars)
  const context = { position: 0 }
  let cash = CAPITAL
  let lots = 0
  let entry = 0
  let entryFee = 0
  let entryTime = 0
  let stop = 0
  let target = 0
  let waiting: StrategyDecision | null = null
  let exposed = 0
  const exit = (price: number, at: number): void => {
    const fee = lots * price * FEE_RATE
    const gross = lots * (price - entry)
    cash += gross - fee
    pnl.push(gross - fee - entryFee)
    share.push((gross - fee - entryFee) / (lots * entry))
    durationMs.push(at - entryTime)
    lots = 0
    context.position = 0
  }
  const enter = (decision: StrategyDecision, i: number): void => {
    const price = open[i]!
    const wanted = Math.floor((SIZE * CAPITAL) / close[i - 1]!)
    lots = Math.min(wanted, Math.floor(cash / (price * (1 + FEE_RATE))))
    if (lots === 0) return
    entry = price
    entryTime = t[i]!
    entryFee = lots * price * FEE_RATE
    cash -= entryFee
    stop = decision.stopLoss ?? Number.NEGATIVE_INFINITY
    target = decision.takeProfit ?? Number.POSITIVE_INFINITY
    context.position = lots
  }
  for (let i = 0; i < t.length; i++) {
    if (waiting !== null) {
      if (waiting.signal === 'CLOSE') exit(open[i]!, t[i]!)
      else enter(waiting, i)
      waiting = null
    }
    if (lots !== 0) {
      if (low[i]! <= stop) exit(Math.min(open[i]!, stop), t[i]!)
      else if (high[i]! >= target) exit(Math.max(open[i]!, target), t[i]!)
    }
    if (lots !== 0) exposed += 1
    equity[i] = cash + lots * (close[i]! - entry)
    view.index = i
    const decision = strategy.onBar(view, context)
    if (decision === null || decision.signal === 'HOLD') continue
    if (decision.signal === 'CLOSE' ? lots !== 0 : lots === 0) waiting = decision
  }
  if (lots !== 0) exit(close.at(-1)!, t.at(-1)!)
  equity[equity.length - 1] = cash
  return {
    ...{
      initialCapital: String(CAPITAL),
      finalEquity: String(cash),
      t,
      equity,
      exposure: exposed / t.length,
    },
    benchmarkAt: (step) => (CAPITAL / open[0]!) * close[step]!,
    tradeFigures: {
      pnl: Float64Array.from(pnl),
      share: Float64Array.from(share),
      durationMs: Float64Array.from(durationMs),
    },
  }
}
