import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BacktestInput, BacktestResult, BarColumns, CostModel, StrategyInstance } from '../src/index.ts'
import { createStrategy, metricsOf, NO_COSTS, runBacktest, Sma } from '../src/index.ts'
import { column, hasSharedData, readCsv, readShared, readSharedJson } from './shared-data.ts'

interface ReferenceTrade {
  size: number
  entryBar: number
  exitBar: number
  entryPrice: number
  exitPrice: number
  pnl: number
  returnPct: number
  commission: number
}

interface ReferenceCase {
  id: string
  data: string
  bars: number
  rule: string
  params: { fast?: number; slow?: number; sl?: number; tp?: number; mode?: string }
  cash: number
  commission: number
  spread: number
  fill: string
  trades: ReferenceTrade[]
  stats: Record<string, number>
  equityEvery50thBar: number[] | [number, number][]
  equityLast: number
  equityMetrics: Record<string, number>
  tradeMetrics: Record<string, number | string>
}

const require = createRequire(import.meta.url)

function csvOf(data: string): string {
  if (!data.startsWith('vega-datasets')) return readShared(`market/${data}`)
  return readFileSync(join(dirname(require.resolve('vega-datasets')), '../data/sp500-2000.csv'), 'utf8')
}

function load(data: string): BarColumns {
  const rows = readCsv(csvOf(data))
  const name = (wanted: string): string =>
    Object.keys(rows[0] ?? {}).find((key) => key.toLowerCase() === wanted) ?? ''
  const dates = Object.keys(rows[0] ?? {})[0] ?? ''
  return {
    t: Float64Array.from(rows, (row) =>
      Date.parse(
        `${(row[dates] ?? '').replace(' ', 'T').padEnd(10)}Z`.replace(/^(\d{4}-\d\d-\d\d)Z$/, '$1T00:00Z'),
      ),
    ),
    open: column(rows, name('open')),
    high: column(rows, name('high')),
    low: column(rows, name('low')),
    close: column(rows, name('close')),
    volume: column(rows, name('volume')),
  }
}

/** The published rule in words as parameters of this product's own strategies. */
function strategyOf(entry: ReferenceCase): StrategyInstance {
  const { fast, slow, sl, tp, mode } = entry.params
  if (fast === undefined) return scripted(1, null)
  return createStrategy('sma_cross', {
    fast_period: fast,
    slow_period: slow,
    size: 1,
    direction: mode === 'long' || sl !== undefined ? 'long' : 'both',
    exit_on_cross: sl === undefined,
    stop_loss_pct: (sl ?? 0) * 100,
    take_profit_pct: (tp ?? 0) * 100,
  }) as StrategyInstance
}

/** Prices of the index file carry six decimals, the others are quoted in cents or pips; brackets need two more. */
function tickOf(entry: ReferenceCase): string {
  if (entry.data.startsWith('vega')) return '0.000001'
  if (entry.data.includes('EURUSD')) return '0.0000001'
  return '0.0001'
}

function costsOf(commission: number, spread = 0, fixed = 0): CostModel {
  return { ...NO_COSTS, feeBps: commission * 10_000, spreadBps: spread * 10_000, fixedFee: fixed }
}

function run(entry: ReferenceCase): { result: BacktestResult; bars: BarColumns } {
  const bars = load(entry.data)
  const input: BacktestInput = {
    symbols: [
      {
        instrument: { symbol: 'X', tickSize: tickOf(entry), lotSize: '1', multiplier: '1' },
        bars,
        strategy: strategyOf(entry),
      },
    ],
    initialCapital: String(entry.cash),
    fill: entry.fill.startsWith('open') ? 'next_open' : 'close',
    finalExit: entry.fill.startsWith('open') ? 'last_open' : 'previous_close',
    costs: costsOf(entry.commission, entry.spread),
    sizing: { kind: 'all_in' },
  }
  return { result: runBacktest(input), bars }
}

describe.skipIf(!hasSharedData)('complete published backtests', () => {
  const { cases } = hasSharedData
    ? readSharedJson<{ cases: ReferenceCase[] }>('reference/backtests.json')
    : { cases: [] }

  it.each(cases.map((entry) => [entry.id, entry] as const))(
    '%s: every trade, the equity and the metrics',
    (_, entry) => {
      const { result } = run(entry)
      expect(result.trades.length).toBe(entry.trades.length)
      result.trades.forEach((trade, i) => {
        const expected = entry.trades[i]!
        const sign = trade.side === 'LONG' ? 1 : -1
        expect([trade.entryBar, trade.exitBar, sign * Number(trade.quantity)], `trade ${i}`).toEqual([
          expected.entryBar,
          expected.exitBar,
          expected.size,
        ])
        expect(Number(trade.entryPrice), `entry price ${i}`).toBeCloseTo(expected.entryPrice, 5)
        expect(Number(trade.exitPrice), `exit price ${i}`).toBeCloseTo(expected.exitPrice, 5)
        expect(Number(trade.pnl), `pnl ${i}`).toBeCloseTo(expected.pnl, 4)
        expect(Number(trade.fees), `fees ${i}`).toBeCloseTo(expected.commission, 4)
      })
      expect(Number(result.finalEquity)).toBeCloseTo(entry.equityLast, 4)

      const metrics = metricsOf(result)
      const { equityMetrics, tradeMetrics } = entry
      expect(metrics.totalReturn).toBeCloseTo(equityMetrics.total_return!, 9)
      expect(metrics.sharpe).toBeCloseTo(equityMetrics.sharpe!, 9)
      expect(metrics.sortino).toBeCloseTo(equityMetrics.sortino!, 9)
      expect(metrics.maxDrawdown).toBeCloseTo(equityMetrics.max_drawdown!, 9)
      expect(metrics.annualReturn).toBeCloseTo(equityMetrics.annual_return!, 9)
      expect(metrics.volatility).toBeCloseTo(equityMetrics.annual_volatility!, 9)
      const { profit_factor_money: factor } = tradeMetrics
      if (typeof factor === 'number') expect(metrics.profitFactor).toBeCloseTo(factor, 6)
      else expect(metrics.profitFactor).toBeNull()
      expect(metrics.winRate).toBeCloseTo(Number(tradeMetrics.win_rate), 9)
      expect(metrics.expectancy).toBeCloseTo(Number(tradeMetrics.expectancy_money), 4)
    },
  )
})

/** Buys a fixed count at bar `buyAt`, and may close at `closeAt`. */
function scripted(buyAt: number, closeAt: number | null, takeProfit?: number): StrategyInstance {
  let i = -1
  const decide = (signal: 'LONG' | 'CLOSE') => ({
    signal,
    size: 1,
    confidence: 1,
    takeProfit,
    reasoning: 'script',
  })
  return {
    warmupBars: 0,
    onBar() {
      i += 1
      if (i === buyAt) return decide('LONG')
      return i === closeAt ? decide('CLOSE') : null
    },
  }
}

/** The rule of the literal test: one unit long while the close is above its average, entered and left by crosses. */
function closeCross(period: number): StrategyInstance {
  const average = new Sma(period)
  let before = Number.NaN
  return {
    warmupBars: period,
    onBar(bar, context) {
      const now = bar.close - average.update(bar.close)
      const previous = before
      before = now
      if (context.position === 0 && previous < 0 && now > 0) {
        return { signal: 'LONG', size: 1, confidence: 1, reasoning: 'cross' }
      }
      if (context.position > 0 && previous > 0 && now < 0) {
        return { signal: 'CLOSE', size: 0, confidence: 1, reasoning: 'cross' }
      }
      return null
    },
  }
}

describe.skipIf(!hasSharedData)('literal values of other tools', () => {
  const google = hasSharedData ? load('backtesting.py/GOOG.csv') : null
  const first20 = (bars: BarColumns): BarColumns => ({
    t: bars.t.slice(0, 20),
    open: bars.open.slice(0, 20),
    high: bars.high.slice(0, 20),
    low: bars.low.slice(0, 20),
    close: bars.close.slice(0, 20),
    volume: bars.volume.slice(0, 20),
  })
  const instrument = { symbol: 'X', tickSize: '0.0001', lotSize: '1', multiplier: '1' }

  interface Literal {
    expected: { buyFills: number[]; sellFills: number[]; finalPortfolioValue: number; finalCash: number }
    futuresVariant: { finalPortfolioValue: number; finalCash: number }
  }

  /** Crosses of the close and its average of 15 on Euro Stoxx 50, one unit a time, the last position kept. */
  function runStoxx(over: { costs: CostModel; multiplier: string; margin?: string }): BacktestResult {
    const lines = readShared('market/backtrader/2006-day-001.txt').trim().split(/\r?\n/)
    const rows = readCsv(lines.join('\n'))
    const bars: BarColumns = {
      t: Float64Array.from(rows, (row) => Date.parse(`${row.Date}T00:00Z`)),
      open: column(rows, 'Open'),
      high: column(rows, 'High'),
      low: column(rows, 'Low'),
      close: column(rows, 'Close'),
      volume: column(rows, 'Volume'),
    }
    const { costs, ...contract } = over
    return runBacktest({
      symbols: [
        { instrument: { ...instrument, tickSize: '0.01', ...contract }, bars, strategy: closeCross(15) },
      ],
      initialCapital: '10000',
      costs,
      sizing: { kind: 'units', units: '1' },
      finalExit: 'keep',
    })
  }

  function expectFills(result: BacktestResult, expected: Literal['expected']): void {
    const bought = [
      ...result.trades.map((trade) => trade.entryPrice),
      result.openPositions[0]?.entryPrice,
    ].map(Number)
    expect(bought).toEqual(expected.buyFills)
    expect(result.trades.map((trade) => Number(trade.exitPrice))).toEqual(expected.sellFills)
  }

  const literal = (): Literal =>
    readSharedJson<{ cases: [Literal] }>('reference/backtests_literal.json').cases[0]

  it('backtrader: all fills of SMA(15) crosses on Euro Stoxx 50, an open position and the cash at the end', () => {
    const result = runStoxx({ costs: NO_COSTS, multiplier: '1' })
    expectFills(result, literal().expected)
    expect(Number(result.finalEquity)).toBe(literal().expected.finalPortfolioValue)
  })

  it('backtrader: the same as a future of ten times the index, a fee a contract, and a margin that is all it binds', () => {
    const { expected, futuresVariant } = literal()
    const result = runStoxx({ costs: { ...NO_COSTS, fixedFee: 2 }, multiplier: '10', margin: '1000' })
    expectFills(result, expected)
    expect(Number(result.finalEquity)).toBe(futuresVariant.finalPortfolioValue)
    expect(Number(result.finalEquity) - 1_000).toBe(futuresVariant.finalCash)
  })

  it('a target gapped through fills at the open, with a fixed and a relative fee at both ends', () => {
    const closes = Float64Array.from([1, 1, 1, 2, 4, 1, 2])
    const bars = {
      t: closes.map((_, i) => i),
      open: closes,
      high: closes,
      low: closes,
      close: closes,
      volume: closes,
    }
    const result = runBacktest({
      symbols: [{ instrument, bars, strategy: scripted(1, null, 3) }],
      initialCapital: '5000',
      costs: costsOf(0.01, 0, 10),
      sizing: { kind: 'units', units: '100' },
    })
    expect(result.totalFees).toBe('25.00')
    expect(result.finalEquity).toBe('5275.00')
    expect(result.trades[0]?.exitReason).toBe('take_profit')
  })

  it('spread and commission: the equity of the entry bar and of the exit', () => {
    const result = runBacktest({
      symbols: [
        {
          instrument: { ...instrument, tickSize: '0.000001' },
          bars: first20(google!),
          strategy: scripted(1, 2),
        },
      ],
      initialCapital: '10000',
      costs: costsOf(0.01, 0.01),
      sizing: { kind: 'all_in' },
    })
    expect(Number(result.trades[0]?.entryPrice)).toBeCloseTo(google!.open[2]! * 1.01, 6)
    expect(result.equity[2]).toBeCloseTo(9685.31, 2)
    expect(result.equity[3]).toBeCloseTo(9749.33, 2)
  })

  it('a fixed commission of 100 beside the relative one', () => {
    const price = google!.open[2]!
    // Upstream adds the fee of one unit, its fixed part included, to the price before it divides.
    const units = Math.floor(10_000 / (price + 100 + 0.01 * price))
    const result = runBacktest({
      symbols: [{ instrument, bars: first20(google!), strategy: scripted(1, 2) }],
      initialCapital: '10000',
      costs: costsOf(0.01, 0, 100),
      sizing: { kind: 'units', units: String(units) },
    })
    expect(result.equity[2]).toBeCloseTo(9784.5, 2)
    expect(result.equity[3]).toBeCloseTo(9718.69, 2)
  })
})
