import { describe, expect, it } from 'vitest'
import { Decimal } from '../money.ts'
import type { SignalType } from '../trading.ts'
import { planSignal, sideOfSignal } from './plan-signal.ts'

const held = (quantity: number) => (quantity === 0 ? null : { quantity: new Decimal(quantity) })

function plan(signal: SignalType, quantity: number, entry = 5): string[] {
  const { intents, reasons } = planSignal({
    signal,
    position: held(quantity),
    entryQuantity: new Decimal(entry),
  })
  return [...intents.map((i) => `${i.kind} ${i.side} ${i.quantity.toFixed()}`), ...reasons]
}

describe('planSignal', () => {
  it.each<[SignalType, number, string[]]>([
    ['LONG', 0, ['open BUY 5']],
    ['SHORT', 0, ['open SELL 5']],
    ['LONG', 3, ['ALREADY_LONG']],
    ['SHORT', -3, ['ALREADY_SHORT']],
    ['LONG', -3, ['close BUY 3', 'open BUY 5']],
    ['SHORT', 3, ['close SELL 3', 'open SELL 5']],
    ['HOLD', 3, ['HOLD']],
    ['HOLD', 0, ['HOLD']],
    ['CLOSE', 3, ['close SELL 3']],
    ['CLOSE', -3, ['close BUY 3']],
    ['CLOSE', 0, ['NO_POSITION']],
  ])('%s with a position of %i: %j', (signal, quantity, expected) => {
    expect(plan(signal, quantity)).toEqual(expected)
  })

  it('leaves out an entry below one lot and still closes', () => {
    expect(plan('LONG', 0, 0)).toEqual(['QUANTITY_BELOW_LOT'])
    expect(plan('LONG', -3, 0)).toEqual(['close BUY 3', 'QUANTITY_BELOW_LOT'])
  })

  it('marks closes as reduce-only and entries as entries', () => {
    const { intents } = planSignal({ signal: 'LONG', position: held(-1), entryQuantity: new Decimal(2) })
    expect(intents.map((i) => [i.reduceOnly, i.isEntry])).toEqual([
      [true, false],
      [false, true],
    ])
  })

  it('treats a position of quantity 0 as flat', () => {
    expect(
      planSignal({ signal: 'CLOSE', position: { quantity: new Decimal(0) }, entryQuantity: new Decimal(1) })
        .reasons,
    ).toEqual(['NO_POSITION'])
  })
})

describe('sideOfSignal', () => {
  it('shows the side that a CLOSE trades, and hold where nothing is traded', () => {
    expect(sideOfSignal('LONG', null)).toBe('buy')
    expect(sideOfSignal('SHORT', null)).toBe('sell')
    expect(sideOfSignal('HOLD', held(1))).toBe('hold')
    expect(sideOfSignal('CLOSE', held(1))).toBe('sell')
    expect(sideOfSignal('CLOSE', held(-1))).toBe('buy')
    expect(sideOfSignal('CLOSE', null)).toBe('hold')
  })
})
