import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StrategyDecision, StrategyInstance } from '../strategies/index.ts'
import { createStrategy } from '../strategies/index.ts'
import type { BarColumns } from './bars.ts'
import { DEFAULT_COSTS, NO_COSTS } from './costs.ts'
import { dataHash } from './data-hash.ts'
import type { BacktestInstrument } from './money.ts'
import type { RiskGate } from './risk-gate.ts'
import { runBacktest } from './run.ts'
import type { BacktestInput } from './types.ts'
import { BacktestCancelled, StrategyFailed } from './types.ts'

const DAY_MS = 86_400_000
const STOCK: BacktestInstrument = { symbol: 'X', tickSize: '0.01', lotSize: '1', multiplier: '1' }

/** Bars as [open, high, low, close]. */
function barsOf(rows: readonly (readonly [number, number, number, number])[], startT = 0): BarColumns {
  return {
    t: Float64Array.from(rows, (_, i) => startT + i * DAY_MS),
    open: Float64Array.from(rows, (row) => row[0]),
    high: Float64Array.from(rows, (row) => row[1]),
    low: Float64Array.from(rows, (row) => row[2]),
    close: Float64Array.from(rows, (row) => row[3]),
    volume: new Float64Array(rows.length).fill(1),
  }
}

const flat = (price: number): [number, number, number, number] => [price, price, price, price]

/** Answers the decision that stands at the bar's index. */
function script(steps: Record<number, Partial<StrategyDecision>>): StrategyInstance {
  let i = -1
  return {
    warmupBars: 0,
    onBar() {
      i += 1
      const step = steps[i]
      return step === undefined ? null : { signal: 'HOLD', size: 1, confidence: 1, reasoning: '', ...step }
    },
  }
}

function run(
  rows: readonly (readonly [number, number, number, number])[],
  steps: Record<number, Partial<StrategyDecision>>,
  options: Partial<BacktestInput> = {},
) {
  return runBacktest({
    symbols: [{ instrument: STOCK, bars: barsOf(rows), strategy: script(steps) }],
    initialCapital: '1000',
    costs: NO_COSTS,
    ...options,
  })
}

describe('fills', () => {
  it('a market order fills at the next open, not at the close that decided', () => {
    const result = run([flat(100), [101, 103, 100, 102], flat(110)], { 0: { signal: 'LONG' } })
    expect(result.trades[0]).toMatchObject({
      entryBar: 1,
      entryPrice: '101.00',
      exitPrice: '110.00',
      quantity: '9',
    })
    expect(result.finalEquity).toBe('1081.00')
  })

  it('fills at the deciding close when asked to', () => {
    const result = run([flat(100), [101, 103, 100, 102]], { 0: { signal: 'LONG' } }, { fill: 'close' })
    expect(result.trades[0]).toMatchObject({ entryBar: 0, entryPrice: '100.00', exitPrice: '102.00' })
  })

  it('a gap through the stop fills at the open', () => {
    const rows = [flat(100), flat(100), [90, 92, 88, 91]] as const
    const [trade] = run(rows, { 0: { signal: 'LONG', stopLoss: 95 } }).trades
    expect(trade).toMatchObject({ exitPrice: '90.00', exitReason: 'stop_loss' })
  })

  it('a bar that touches stop and target counts as stopped', () => {
    const rows = [flat(100), flat(100), [100, 120, 90, 100]] as const
    const [trade] = run(rows, { 0: { signal: 'LONG', stopLoss: 95, takeProfit: 110 } }).trades
    expect(trade).toMatchObject({ exitPrice: '95.00', exitReason: 'stop_loss' })
  })

  it('a short is stopped above and takes its profit below', () => {
    const stopped = run([flat(100), flat(100), [101, 106, 100, 105]], {
      0: { signal: 'SHORT', stopLoss: 105 },
    })
    expect(stopped.trades[0]).toMatchObject({ side: 'SHORT', exitPrice: '105.00', pnl: '-50.00' })
    const won = run([flat(100), flat(100), [99, 100, 89, 90]], { 0: { signal: 'SHORT', takeProfit: 90 } })
    expect(won.trades[0]).toMatchObject({ exitPrice: '90.00', exitReason: 'take_profit', pnl: '100.00' })
  })

  it('a limit entry waits for its price, fills better on a gap, and expires', () => {
    const order = { type: 'LIMIT', price: 95, validBars: 2 } as const
    const touched = run([flat(100), flat(100), [97, 98, 94, 96], flat(97)], { 0: { signal: 'LONG', order } })
    expect(touched.trades[0]).toMatchObject({ entryBar: 2, entryPrice: '95.00' })
    const gapped = run([flat(100), [93, 96, 92, 94], flat(94)], { 0: { signal: 'LONG', order } })
    expect(gapped.trades[0]?.entryPrice).toBe('93.00')
    const missed = run([flat(100), flat(100), flat(100), flat(90)], { 0: { signal: 'LONG', order } })
    expect(missed.trades).toEqual([])
    expect(missed.refusals).toEqual({ ENTRY_EXPIRED: 1 })
  })

  it('a stop entry buys the breakout', () => {
    const order = { type: 'STOP', price: 105 } as const
    const result = run([flat(100), [101, 106, 100, 106], flat(107)], { 0: { signal: 'LONG', order } })
    expect(result.trades[0]).toMatchObject({ entryBar: 1, entryPrice: '105.00' })
  })
})

describe('decisions', () => {
  it('LONG while long does nothing, SHORT while long closes and opens', () => {
    const steps = { 0: { signal: 'LONG' }, 1: { signal: 'LONG' }, 2: { signal: 'SHORT' } } as const
    const result = run([flat(100), flat(100), flat(100), flat(100), flat(90)], steps)
    expect(result.trades.map((trade) => [trade.side, trade.entryBar, trade.exitReason])).toEqual([
      ['LONG', 1, 'reversal'],
      ['SHORT', 3, 'end_of_data'],
    ])
  })

  it('an order of the last bar has no price any more', () => {
    expect(run([flat(100), flat(100)], { 1: { signal: 'LONG' } }).trades).toEqual([])
  })

  it('bars before the start warm up and do not trade', () => {
    const result = run([flat(100), flat(100), flat(100)], { 0: { signal: 'LONG' } }, { startT: DAY_MS })
    expect(result.trades).toEqual([])
    expect(result.assumptions).toMatchObject({ bars: 2, warmupBars: 1 })
  })
})

describe('sizes', () => {
  const rows = [flat(100), flat(100), flat(100)]

  it('a fraction of the allocation, floored to the lot', () => {
    expect(run(rows, { 0: { signal: 'LONG', size: 0.35 } }).trades[0]?.quantity).toBe('3')
  })

  it('no more than the risk per trade allows', () => {
    const sizing = { kind: 'fraction', of: 'allocation', riskPerTrade: 0.01 } as const
    const [trade] = run(rows, { 0: { signal: 'LONG', stopLoss: 98 } }, { sizing }).trades
    expect(trade?.quantity).toBe('5')
  })

  it('risk sizing refuses an entry without a stop', () => {
    const result = run(rows, { 0: { signal: 'LONG' } }, { sizing: { kind: 'risk', fraction: 0.01 } })
    expect(result.refusals).toEqual({ MISSING_STOP: 1 })
  })

  it('never more than the account can pay, fees included', () => {
    const costs = { ...NO_COSTS, feeBps: 100, fixedFee: 5 }
    const [trade] = run(rows, { 0: { signal: 'LONG' } }, { costs, sizing: { kind: 'all_in' } }).trades
    expect(trade?.quantity).toBe('9')
  })
})

describe('costs', () => {
  it('are charged by default', () => {
    const result = run([flat(100), flat(100), flat(100)], { 0: { signal: 'LONG' } }, { costs: DEFAULT_COSTS })
    // Half a basis point of slippage rounds to one cent at 100.00 only from 0.5 ticks on; the fee is exact.
    expect(result.trades[0]).toMatchObject({ entryPrice: '100.01', exitPrice: '100.00' })
    expect(Number(result.totalFees)).toBeGreaterThan(0)
    expect(Number(result.finalEquity)).toBeLessThan(1000)
  })

  it('grow with the root of the share of the volume, where that is the model', () => {
    const costs = { ...NO_COSTS, slippageBps: 10, slippageModel: 'square_root' as const }
    const rows = [flat(100), flat(100), flat(100)]
    const entryOf = (volume: number): string | undefined => {
      const bars = barsOf(rows)
      bars.volume.fill(volume)
      const strategy = script({ 0: { signal: 'LONG', size: 1 } })
      const symbols = [{ instrument: STOCK, bars, strategy }]
      return runBacktest({ symbols, initialCapital: '2000', costs, sizing: { kind: 'units', units: '16' } })
        .trades[0]?.entryPrice
    }
    // 16 of 1600 is 1 %, 16 of 400 is 4 %, without a volume the plain rate counts.
    expect([entryOf(1600), entryOf(400), entryOf(0)]).toEqual(['100.10', '100.20', '100.10'])
  })

  it('are charged per share and as a spread where asked for', () => {
    const costs = { ...NO_COSTS, feePerUnit: 0.005, spreadBps: 100 }
    const result = run([flat(100), flat(100), flat(100)], { 0: { signal: 'SHORT', size: 0.5 } }, { costs })
    expect(result.trades[0]).toMatchObject({
      entryPrice: '99.00',
      exitPrice: '100.00',
      quantity: '5',
      fees: '0.05',
    })
  })

  it('a minimum replaces a smaller fee', () => {
    const costs = { ...NO_COSTS, feeBps: 1, minimumFee: 2 }
    expect(
      run([flat(100), flat(100), flat(100)], { 0: { signal: 'LONG', size: 0.5 } }, { costs }).totalFees,
    ).toBe('4.00')
  })
})

describe('money is exact', () => {
  it('final equity is the capital plus every net result, to the last unit', () => {
    const price = fc.integer({ min: 5000, max: 15_000 })
    const signal = fc.constantFrom('LONG', 'SHORT', 'CLOSE', 'HOLD')
    fc.assert(
      fc.property(fc.array(fc.tuple(price, signal), { minLength: 3, maxLength: 40 }), (days) => {
        const rows = days.map(([cents]) => flat(cents / 100))
        const steps = Object.fromEntries(days.map(([, kind], i) => [i, { signal: kind, size: 0.7 }] as const))
        const result = run(rows, steps, { costs: { ...DEFAULT_COSTS, feeBps: 3.7 } })
        const units = (text: string): bigint => {
          const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
          return BigInt(`${text.startsWith('-') ? '-' : ''}${whole}${fraction.padEnd(8, '0')}`)
        }
        const sum = result.trades.reduce((total, trade) => total + units(trade.pnl), units('1000'))
        expect(units(result.finalEquity)).toBe(sum)
      }),
    )
  })

  it('refuses a capital that cannot be counted exactly', () => {
    expect(() => run([flat(1)], {}, { initialCapital: '99999999999999' })).toThrow(RangeError)
  })

  it('converts a pair quoted the other way round at the fill', () => {
    const instrument = {
      symbol: 'USD/COP',
      tickSize: '0.01',
      lotSize: '1',
      multiplier: '1',
      quotedInverse: true,
    }
    const bars = barsOf([flat(4000), flat(4000), flat(4200)])
    const result = runBacktest({
      symbols: [{ instrument, bars, strategy: script({ 0: { signal: 'LONG' } }) }],
      initialCapital: '1000',
      costs: NO_COSTS,
    })
    expect(result.trades[0]).toMatchObject({ quantity: '1000', pnl: '47.61904762' })
    expect(result.finalEquity).toBe('1047.61904762')
  })
})

describe('a run', () => {
  const walk = (length: number): BarColumns => {
    const rows = Array.from({ length }, (_, i) => {
      const close = Math.round(10_000 + 900 * Math.sin(i / 17) + 300 * Math.sin(i / 5)) / 100
      return [close, close + 0.5, close - 0.5, close] as const
    })
    return barsOf(rows)
  }
  const input = (bars: BarColumns, seed = 1): BacktestInput => ({
    symbols: [{ instrument: STOCK, bars, strategy: createStrategy('momentum', {}) as StrategyInstance }],
    initialCapital: '30000',
    costs: { ...DEFAULT_COSTS, slippageBps: 20, slippageModel: 'uniform' },
    seed,
  })

  it('repeats byte for byte with its seed, and differs with another', () => {
    const bars = walk(2000)
    const first = JSON.stringify(runBacktest(input(bars)))
    expect(JSON.stringify(runBacktest(input(bars)))).toBe(first)
    expect(JSON.stringify(runBacktest(input(bars, 2)).trades)).not.toBe(
      JSON.stringify(runBacktest(input(bars)).trades),
    )
  })

  it('reports progress and can be cancelled', () => {
    const seen: number[] = []
    runBacktest(input(walk(10_000)), { onProgress: (done) => seen.push(done) })
    expect(seen).toEqual([0, 4096, 8192, 10_000])
    expect(() => runBacktest(input(walk(100)), { isCancelled: () => true })).toThrow(BacktestCancelled)
  })

  it('fails with the reason when the strategy throws', () => {
    const strategy: StrategyInstance = {
      warmupBars: 0,
      onBar: () => {
        throw new Error('no such feature')
      },
    }
    const broken = { symbols: [{ instrument: STOCK, bars: walk(10), strategy }], initialCapital: '1000' }
    expect(() => runBacktest(broken)).toThrow(StrategyFailed)
    expect(() => runBacktest(broken)).toThrow('no such feature')
  })

  it('refuses bars that are out of order or impossible, and lists long gaps', () => {
    const bars = walk(10)
    bars.t[5] = bars.t[4]!
    expect(() => runBacktest(input(bars))).toThrow('X: bar 5 is not later than the bar before')
    const torn = walk(10)
    for (let i = 5; i < 10; i++) torn.t[i] = torn.t[i]! + 20 * DAY_MS
    expect(runBacktest(input(torn)).assumptions.gaps).toEqual([
      { symbol: 'X', fromT: 4 * DAY_MS, toT: 25 * DAY_MS },
    ])
  })

  it('several symbols share one clock and one account', () => {
    const first = barsOf([flat(100), flat(100), flat(110)])
    const second = barsOf([flat(50), flat(50), flat(60)], DAY_MS)
    const result = runBacktest({
      symbols: [
        { instrument: STOCK, bars: first, strategy: script({ 0: { signal: 'LONG', size: 0.6 } }) },
        {
          instrument: { ...STOCK, symbol: 'Y' },
          bars: second,
          strategy: script({ 0: { signal: 'LONG', size: 0.6 } }),
        },
      ],
      initialCapital: '1000',
      costs: NO_COSTS,
    })
    expect(result.t.length).toBe(4)
    expect(result.trades.map((trade) => [trade.symbol, trade.quantity])).toEqual([
      ['X', '6'],
      ['Y', '8'],
    ])
    expect(result.finalEquity).toBe('1140.00')
  })

  it('ends when everything is lost', () => {
    const result = run([flat(100), flat(100), flat(250), flat(300)], { 0: { signal: 'SHORT' } })
    expect(result.trades[0]?.exitReason).toBe('ruin')
    expect(result.assumptions.notes).toHaveLength(1)
  })

  it('asks the risk engine before entries and never before exits', () => {
    const asked: string[] = []
    const gate: RiskGate = {
      start: () => {},
      onEquity: () => {},
      onFill: (fill) => asked.push(fill.isEntry ? 'entry fill' : 'exit fill'),
      onTradeClosed: (trade) => asked.push(`closed ${trade.netPnl}`),
      checkEntry: (entry) => {
        asked.push(`${entry.side} ${entry.quantity}`)
        return entry.side === 'BUY'
          ? { allowed: true }
          : { allowed: false, code: 'DAILY_LOSS_LIMIT', message: '' }
      },
      events: () => [],
    }
    const steps = { 0: { signal: 'LONG' }, 1: { signal: 'SHORT' } } as const
    const result = run([flat(100), flat(100), flat(99), flat(99)], steps, { risk: gate })
    expect(asked).toEqual(['BUY 10', 'entry fill', 'SELL 10', 'exit fill', 'closed -10.00'])
    expect(result.refusals).toEqual({ DAILY_LOSS_LIMIT: 1 })
  })

  it('hashes its bars: one changed bit is another hash', () => {
    const bars = walk(50)
    const before = dataHash([{ symbol: 'X', bars }])
    bars.close[20] = bars.close[20]! + Number.EPSILON * 128
    expect(dataHash([{ symbol: 'X', bars }])).not.toBe(before)
    expect(before).toMatch(/^[0-9a-f]{16}$/)
  })
})
