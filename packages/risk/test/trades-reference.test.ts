import {
  applyFill,
  calendarById,
  closureOf,
  Decimal,
  type Instrument,
  isOpen,
  type Position,
  tradeNetPnlUsd,
  ZERO,
} from '@quantdeck/domain'
import { describe, expect, it } from 'vitest'
import * as m from '../src/metrics/index.ts'
import { hasSharedData, readSharedJson } from './shared-data.ts'

interface Trade {
  id: number
  entryTime: string
  exitTime: string
  side: 'LONG' | 'SHORT'
  entryPrice: number
  exitPrice: number
  pnlUsd: number
  pnlPct: number
  exitReason: string
  leverage: number
  equityBefore: number
  equityAfter: number
}

interface Reference {
  trades: Trade[]
  initialCapital: number
  expected: Record<string, number>
}

const USDCOP: Pick<Instrument, 'multiplier'> = { multiplier: new Decimal(1) }
const BASIS_POINT = 0.0001
const round = (value: number | null, decimals: number): number =>
  Number((value ?? Number.NaN).toFixed(decimals))

/** The conventions of the publication: percentages of the entry price, and an exit at the week's end pays 1 bp. */
function bookTrade(trade: Trade): Position {
  const entry = new Decimal(trade.entryPrice)
  const slip = trade.exitReason === 'week_end' ? BASIS_POINT * (trade.side === 'LONG' ? -1 : 1) : 0
  const exit = new Decimal(trade.exitPrice).plus(entry.times(slip))
  const fill = {
    ...{ mode: 'PAPER' as const, strategyId: 'v11', symbol: 'USD/COP', fee: ZERO },
    quantity: new Decimal(trade.equityBefore).times(trade.leverage),
    usdRate: new Decimal(1).div(entry),
  }
  const [open, close] = trade.side === 'LONG' ? (['BUY', 'SELL'] as const) : (['SELL', 'BUY'] as const)
  const ids = { positionId: `t${trade.id}`, seq: trade.id }
  const opening = { ...fill, side: open, price: entry, filledAt: new Date(trade.entryTime) }
  const closing = { ...fill, side: close, price: exit, filledAt: new Date(trade.exitTime) }
  const { position } = applyFill(null, opening, USDCOP, ids)
  return applyFill(position, closing, USDCOP, ids).closed ?? expect.fail('still open')
}

describe.skipIf(!hasSharedData)('32 real USD/COP trades of 2025', () => {
  const { trades, initialCapital, expected } = hasSharedData
    ? readSharedJson<Reference>('reference/trades_usdcop_2025.json')
    : { trades: [], initialCapital: 0, expected: {} }
  const results = trades.map(({ pnlUsd }) => pnlUsd)

  it('have the published statistics', () => {
    expect({
      totalTrades: trades.length,
      winningTrades: results.filter((pnl) => pnl > 0).length,
      losingTrades: results.filter((pnl) => pnl < 0).length,
      winRatePct: round((m.winRate(results) ?? 0) * 100, 1),
      // As equity moved: the results one by one are rounded and add up to a cent more.
      totalPnl: round((trades.at(-1)?.equityAfter ?? 0) - initialCapital, 2),
      totalReturnPct: round(
        (m.totalReturn(trades.map(({ pnlUsd, equityBefore }) => pnlUsd / equityBefore)) ?? 0) * 100,
        2,
      ),
      maxDrawdownPct: round(
        -(m.maxDrawdown([initialCapital, ...trades.map((t) => t.equityAfter)]) ?? 0) * 100,
        2,
      ),
      profitFactor: round(m.profitFactor(results), 3),
      nLong: trades.filter(({ side }) => side === 'LONG').length,
      nShort: trades.filter(({ side }) => side === 'SHORT').length,
      // Per trade, population deviation, 52 weeks a year: found by trying, the publication does not say.
      sharpeRatio: round(
        m.sharpe(
          trades.map(({ pnlPct }) => pnlPct / 100),
          { ddof: 0, periodsPerYear: 52 },
        ),
        3,
      ),
    }).toEqual(expected)
  })

  it('give the published result one by one in the books, within the rounding of the published prices', () => {
    let equity = initialCapital
    for (const trade of trades) {
      expect(trade.equityBefore).toBeCloseTo(equity, 2)
      const pnl = tradeNetPnlUsd(bookTrade(trade)).toNumber()
      // Prices are published to a centavo, the leverage to three decimals, the results to a cent.
      const ofPrices = (0.01 / trade.entryPrice) * trade.equityBefore * trade.leverage
      const tolerance = ofPrices + (0.0005 / trade.leverage) * Math.abs(pnl) + 0.01
      expect(Math.abs(pnl - trade.pnlUsd), `trade ${trade.id}: ${pnl} against ${trade.pnlUsd}`).toBeLessThan(
        tolerance,
      )
      equity = trade.equityAfter
    }
    expect(equity).toBeCloseTo(initialCapital + (expected['totalPnl'] ?? 0), 2)
  })

  it('fall on the days that the note of the data names: their bars trade while the spot market rests', () => {
    const usdCop = calendarById('USDCOP')
    const resting = trades
      .flatMap(({ entryTime, exitTime }) => [entryTime, exitTime])
      .filter((at) => !isOpen(usdCop, new Date(at)))
      .map((at) => at.slice(0, 10))
    expect(resting.every((day) => closureOf(usdCop, day) !== null)).toBe(true)
    expect(resting).toEqual([
      ...['2025-02-17', '2025-05-26', '2025-06-02', '2025-06-23', '2025-06-30', '2025-08-18'],
      ...['2025-09-01', '2025-10-13', '2025-12-25'],
    ])
  })
})
