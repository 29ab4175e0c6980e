import { describe, expect, it } from 'vitest'
import { Decimal, ZERO } from '../money.ts'
import type { OrderSide, Position } from '../trading.ts'
import { type BookFill, applyFill } from './apply-fill.ts'
import { tradeNetPnlUsd } from './valuation.ts'

const stock = { multiplier: new Decimal(1) }
const d = (value: string | number): Decimal => new Decimal(value)

function fill(
  side: OrderSide,
  quantity: string | number,
  price: string | number,
  extra: Partial<BookFill> = {},
) {
  return {
    mode: 'PAPER' as const,
    strategyId: 's',
    symbol: 'SPX',
    side,
    quantity: d(quantity),
    price: d(price),
    fee: d('1'),
    usdRate: d(1),
    filledAt: new Date('2026-01-07T15:00:00Z'),
    ...extra,
  }
}

/** Applies fills in order; returns every effect and the trades. */
function book(fills: readonly BookFill[], instrument = stock) {
  let position: Position | null = null
  let seq = 0
  const effects = fills.map((each) => {
    seq += 1
    const effect = applyFill(position, each, instrument, { positionId: `p${seq}`, seq })
    position = effect.position
    return effect
  })
  return { position: position as Position | null, effects, trades: effects.flatMap((e) => e.closed ?? []) }
}

const text = (value: Decimal | null | undefined): string | undefined => value?.toFixed()

describe('applyFill', () => {
  it('opens a long position with signed quantity and cost', () => {
    const { position, effects } = book([fill('BUY', 10, '150.25')])
    expect(position).toMatchObject({ side: 'BUY', positionId: 'p1', seq: 1, closedAt: null, exitPrice: null })
    expect(text(position?.costBasis)).toBe('1502.5')
    expect(effects[0]?.opened).toBe(position)
    expect(text(effects[0]?.netUsd)).toBe('-1')
  })

  it('keeps the bracket of a newly opened position', () => {
    const effect = applyFill(null, fill('BUY', 1, 100), stock, {
      positionId: 'p',
      seq: 1,
      stopLoss: d(95),
      takeProfit: d(110),
    })
    expect(text(effect.position?.stopLoss)).toBe('95')
    expect(text(effect.position?.takeProfit)).toBe('110')
  })

  it('averages the entry when scaling in and the exits when scaling out', () => {
    const { trades, effects } = book([
      fill('BUY', 1, 100),
      fill('BUY', 3, 104),
      fill('SELL', 2, 110),
      fill('SELL', 2, 112),
    ])
    const trade = trades[0]
    expect(trades).toHaveLength(1)
    expect(text(trade?.entryPrice)).toBe('103')
    expect(text(trade?.exitPrice)).toBe('111')
    expect(text(trade?.closedQuantity)).toBe('4')
    expect(text(trade?.peakQuantity)).toBe('4')
    expect(text(trade?.realizedQuote)).toBe('32')
    expect(text(trade?.feesUsd)).toBe('4')
    expect(trade && text(tradeNetPnlUsd(trade))).toBe('28')
    expect(effects.map((e) => text(e.realizedQuote))).toEqual(['0', '0', '14', '18'])
  })

  it('books a short with negative quantity and cost, and gains when the price falls', () => {
    const { trades, effects } = book([fill('SELL', 5, 100), fill('BUY', 5, 90)])
    expect(text(effects[0]?.position?.quantity)).toBe('-5')
    expect(text(effects[0]?.position?.costBasis)).toBe('-500')
    expect(text(trades[0]?.realizedUsd)).toBe('50')
    expect(trades[0]?.side).toBe('SELL')
  })

  it('flips: closes one position, opens one, and splits the fee by quantity', () => {
    const { position, trades, effects } = book([
      fill('BUY', 2, 100, { fee: ZERO }),
      fill('SELL', 3, 110, { fee: d('0.3') }),
    ])
    expect(trades).toHaveLength(1)
    expect(text(trades[0]?.feesUsd)).toBe('0.2')
    expect(text(trades[0]?.realizedUsd)).toBe('20')
    expect(text(position?.quantity)).toBe('-1')
    expect(text(position?.feesUsd)).toBe('0.1')
    expect(position?.positionId).toBe('p2')
    expect(text(effects[1]?.feeUsd)).toBe('0.3')
    expect(text(effects[1]?.netUsd)).toBe('19.7')
  })

  it('converts a realised COP amount once, at the fill, half-up at 1e-8', () => {
    const at = (price: string) => ({ usdRate: d(1).div(price) })
    const { trades } = book([
      fill('BUY', 1000, '4000', at('4000')),
      fill('SELL', 1000, '4010.5', at('4010.5')),
    ])
    expect(text(trades[0]?.realizedQuote)).toBe('10500')
    expect(text(trades[0]?.realizedUsd)).toBe('2.61812742')
    expect(text(trades[0]?.costUsd)).toBe('0')
  })

  it('loses nothing when a cost basis does not divide evenly', () => {
    const { trades } = book([
      fill('BUY', 1, 100),
      fill('BUY', 2, 101),
      fill('SELL', 1, 105),
      fill('SELL', 2, 105),
    ])
    expect(text(trades[0]?.realizedQuote)).toBe('13')
  })

  it('does not change the position it was given', () => {
    const before = book([fill('BUY', 2, 100)]).position
    const copy = { ...before }
    applyFill(before, fill('SELL', 1, 105), stock, { positionId: 'x', seq: 9 })
    expect(before).toEqual(copy)
  })

  it('refuses a fill without quantity, price or rate, and one of another position', () => {
    const ids = { positionId: 'p', seq: 1 }
    for (const bad of [
      { quantity: ZERO },
      { price: d(-1) },
      { usdRate: ZERO },
      { quantity: d(Number.NaN) },
    ]) {
      expect(() => applyFill(null, fill('BUY', 1, 1, bad), stock, ids)).toThrow(RangeError)
    }
    const held = book([fill('BUY', 1, 100)]).position
    for (const other of [{ symbol: 'X' }, { strategyId: 'x' }, { mode: 'LIVE' as const }]) {
      expect(() => applyFill(held, fill('SELL', 1, 1, other), stock, ids)).toThrow('does not belong')
    }
    const closed = book([fill('BUY', 1, 100), fill('SELL', 1, 100)]).trades[0] ?? null
    expect(() => applyFill(closed, fill('SELL', 1, 1), stock, ids)).toThrow('does not belong')
  })
})
