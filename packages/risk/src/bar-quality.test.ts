import { Decimal } from '@quantdeck/domain'
import { describe, expect, it } from 'vitest'
import { type BarDefect, type BarLevel, type BarValues, judgeBar, splitOf } from './bar-quality.ts'

function bar(open: string, high: string, low: string, close: string, volume = '1'): BarValues {
  const decimal = (text: string) => new Decimal(text)
  return {
    open: decimal(open),
    high: decimal(high),
    low: decimal(low),
    close: decimal(close),
    volume: decimal(volume),
  }
}

function flat(price: string): BarValues {
  return bar(price, price, price, price)
}

/** The fate of each close in turn; a released bar counts as accepted. */
function fates(...closes: string[]): (BarDefect | 'accepted')[] {
  let level: BarLevel<BarValues> = { close: null, pending: [] }
  const bars = closes.map(flat)
  const result = new Map<BarValues, BarDefect | 'accepted'>()
  for (const each of bars) {
    const judged = judgeBar(level, each)
    level = judged.level
    result.set(each, judged.verdict.accepted ? 'accepted' : judged.verdict.defect)
    if (judged.verdict.accepted)
      for (const earlier of judged.verdict.released) result.set(earlier, 'accepted')
  }
  return bars.map((each) => result.get(each) ?? 'accepted')
}

describe('judgeBar', () => {
  it.each([
    [bar('10', '11', '9', '0'), 'PRICE_NOT_POSITIVE'],
    [bar('-1', '11', '9', '10'), 'PRICE_NOT_POSITIVE'],
    [bar('10', '8', '9', '10'), 'HIGH_BELOW_LOW'],
    [bar('10', '11', '9', '12'), 'PRICE_OUTSIDE_RANGE'],
    [bar('8', '11', '9', '10'), 'PRICE_OUTSIDE_RANGE'],
    [bar('10', '11', '9', '10', '-1'), 'NEGATIVE_VOLUME'],
    [bar('10', '110', '9', '10.5'), 'POWER_OF_TEN_JUMP'],
    [bar('10', '11', '0.1', '10'), 'POWER_OF_TEN_JUMP'],
  ])('refuses a bar that contradicts itself, whatever came before (%#)', (defective, defect) => {
    const { verdict, level } = judgeBar({ close: null, pending: [] }, defective)
    expect(verdict).toMatchObject({ accepted: false, defect })
    expect(level.close).toBeNull()
  })

  it('accepts a change of exactly 20 % and refuses a larger one', () => {
    expect(fates('0.3', '0.36')).toEqual(['accepted', 'accepted'])
    // As doubles 20.00000000000002 %.
    expect(fates('0.57', '0.684')).toEqual(['accepted', 'accepted'])
    expect(fates('0.57', '0.68400000001')).toEqual(['accepted', 'PRICE_JUMP'])
    expect(fates('100', '80')).toEqual(['accepted', 'accepted'])
    expect(fates('100', '120.01')).toEqual(['accepted', 'PRICE_JUMP'])
    expect(fates('100', '79.99')).toEqual(['accepted', 'PRICE_JUMP'])
  })

  it('accepts the return to the level before a spike, so that one bad bar costs one bar', () => {
    expect(fates('100', '150', '101', '102')).toEqual(['accepted', 'PRICE_JUMP', 'accepted', 'accepted'])
  })

  it('accepts all three when three bars in a row stand at the new level', () => {
    expect(fates('100', '150', '151')).toEqual(['accepted', 'PRICE_JUMP', 'PRICE_JUMP'])
    expect(fates('100', '150', '151', '149', '150')).toEqual(Array(5).fill('accepted'))
  })

  it('accepts a level that is confirmed on its way back, as after the crash of a real bank share', () => {
    expect(fates('83.6', '59.5', '60.8', '70.5', '69.9')).toEqual(Array(5).fill('accepted'))
    expect(fates('100', '125', '101', '102', '103')).toEqual([
      'accepted',
      'PRICE_JUMP',
      ...Array(3).fill('accepted'),
    ])
  })

  it('starts counting again when the level changes before it is confirmed', () => {
    expect(fates('100', '150', '200', '201', '202')).toEqual([
      'accepted',
      'PRICE_JUMP',
      'accepted',
      'accepted',
      'accepted',
    ])
    expect(fates('100', '150', '300', '150')).toEqual(['accepted', 'PRICE_JUMP', 'PRICE_JUMP', 'PRICE_JUMP'])
  })

  it('names a jump by a power of ten, as USD/MXN once made from 17.529 to 175290', () => {
    expect(fates('17.529', '175290.0', '17.53')).toEqual(['accepted', 'POWER_OF_TEN_JUMP', 'accepted'])
    expect(fates('4008.7', '40.087')).toEqual(['accepted', 'POWER_OF_TEN_JUMP'])
    expect(fates('100', '1300')).toEqual(['accepted', 'PRICE_JUMP'])
  })

  it.each([
    ['100', '50', '2-for-1'],
    ['100', '51.9', '2-for-1'],
    ['100', '52.2', null],
    ['90', '60', '3-for-2'],
    ['700', '35.2', '20-for-1'],
    ['499', '24.5', '20-for-1'],
    ['6', '60', '1-for-10'],
    ['100', '255', '2-for-5'],
    ['100', '100', null],
    ['100', '130', null],
  ])('reads the jump from %s to %s as the split %s', (before, after, split) => {
    expect(splitOf(new Decimal(before), new Decimal(after))).toBe(split)
  })

  it('takes no split for another, whatever the price does beside it on that day', () => {
    const whole = [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50].map((news) => [news, 1] as const)
    const forward = [...whole, [3, 2] as const, [5, 2] as const]
    const reverse = forward.map(([news, old]) => [old, news] as const)
    for (const [news, old] of [...forward, ...reverse])
      for (const move of [0.962, 0.98, 1, 1.02, 1.039]) {
        const after = new Decimal(1_000).times(old).div(news).div(move)
        expect(splitOf(new Decimal(1_000), after)).toBe(`${news}-for-${old}`)
      }
  })

  it('tells whoever decides on a jump that it has the ratio of a split, and waits for it all the same', () => {
    const detailOf = (close: string) => {
      const { verdict } = judgeBar({ close: new Decimal(100), pending: [] }, flat(close))
      return verdict.accepted ? null : verdict.detail
    }
    expect(detailOf('50.5')).toBe('close 50.5 after 100: -49.5 %, the ratio of a 2-for-1 split')
    expect(detailOf('10')).toBe('close 10 after 100: about 10^-1 times, the ratio of a 10-for-1 split')
    expect(detailOf('70')).toBe('close 70 after 100: -30.0 %')
    expect(fates('100', '50', '50.2', '49.8')).toEqual(['accepted', 'accepted', 'accepted', 'accepted'])
  })
})
