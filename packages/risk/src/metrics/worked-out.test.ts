import { describe, expect, it } from 'vitest'
import * as m from './index.ts'

const DAY_MS = 86_400_000
const monthly = { periodsPerYear: 12 }
const returns = [0.02, -0.1, -0.05, 0.08, 0.1, -0.02, 0.01]
const benchmark = [0.01, -0.03, 0, 0.02, 0.05, -0.01, 0.02]

/** Of each figure a value from another implementation (Python: statistics, math), no library of this field. */
describe('figures of seven returns, worked out in Python', () => {
  it.each<[string, () => number | null, number]>([
    ['skew', () => m.skew(returns), -0.081_088_984_348_163_11],
    ['kurtosis', () => m.kurtosis(returns), -0.702_993_488_762_866_6],
    ['the chance of a Sharpe ratio above 0', () => m.probabilisticSharpe(returns), 0.578_677_541_170_433_2],
    ['above a tenth', () => m.probabilisticSharpe(returns, 0.1), 0.481_904_993_665_022_5],
    ['above minus a fifth', () => m.probabilisticSharpe(returns, -0.2), 0.753_731_854_041_565_8],
    ['above the best of two', () => m.deflatedSharpe(returns, 2, 0.01), 0.528_600_045_376_273_4],
    ['above the best of ten', () => m.deflatedSharpe(returns, 10, 0.04), 0.284_498_694_923_686_1],
    ['above the best of ten alike', () => m.deflatedSharpe(returns, 10, 0), 0.578_677_541_170_433_2],
    ['beta', () => m.beta(returns, benchmark), 2.536_764_705_882_352],
    ['alpha', () => m.alpha(returns, benchmark), -0.982_959_060_772_377_5],
    ['alpha by months', () => m.alpha(returns, benchmark, monthly), -0.176_269_008_150_625_96],
    ['the information ratio', () => m.informationRatio(returns, benchmark), -0.059_699_276_076_042_72],
    ['capture', () => m.capture(returns, benchmark), 0.210_002_251_526_349_24],
    ['capture by months', () => m.capture(returns, benchmark, 'all', monthly), 0.422_997_634_586_938_5],
    ['capture of rises', () => m.capture(returns, benchmark, 'up', monthly), 2.427_956_509_307_136],
    ['capture of falls', () => m.capture(returns, benchmark, 'down', monthly), 2.452_698_330_878_748_7],
    ['stability', () => m.stability(returns), 0.199_862_321_906_329_5],
    ['the tail ratio', () => m.tailRatio(returns), 1.105_882_352_941_176_3],
    ['the value at risk', () => m.valueAtRisk(returns), -0.085],
    ['the value at risk of a fifth', () => m.valueAtRisk(returns, 0.2), -0.044],
    ['the Gaussian value at risk', () => m.gaussianValueAtRisk(returns), -0.101_194_744_373_166_74],
    ['that of a hundredth', () => m.gaussianValueAtRisk(returns, 0.01), -0.145_489_195_729_021_33],
    ['the Martin ratio', () => m.martinRatio(returns), 20.173_250_948_883_904],
    ['that by months', () => m.martinRatio(returns, monthly), 0.603_200_150_144_691_7],
    [
      'that above a rate',
      () => m.martinRatio(returns, { ...monthly, annualRiskFree: 0.03 }),
      0.192_755_863_040_250_3,
    ],
    ['the pain ratio', () => m.painRatio(returns, monthly), 0.877_264_762_888_840_4],
    [
      'that above a rate',
      () => m.painRatio(returns, { ...monthly, annualRiskFree: 0.03 }),
      0.280_334_688_983_212,
    ],
    ['the Burke ratio', () => m.burkeRatio(returns, monthly), 0.301_209_083_880_358_05],
    ['the Calmar ratio', () => m.calmar(returns), 10.168_922_286_224_232],
    ['that by months', () => m.calmar(returns, monthly), 0.304_060_831_117_530_96],
    ['kappa of order 3 beyond a rate', () => m.kappa(returns, 3, 0.005), 0.012_394_915_291_460_161],
  ])('%s', (_, metric, expected) => expect((metric() ?? Number.NaN) / expected).toBeCloseTo(1, 11))
})

describe('the normal distribution', () => {
  it.each([
    [-9, 1.128_588_405_953_842_2e-19],
    [-5, 2.866_515_718_791_946e-7],
    [-3.6, 0.000_159_108_590_157_534],
    [-3.54, 0.000_200_063_516_007_320_56],
    [-3.53, 0.000_207_779_833_480_621_4],
    [-3, 0.001_349_898_031_630_095_7],
    [-2.5, 0.006_209_665_325_776_139],
    [-1, 0.158_655_253_931_457_07],
    [-0.1, 0.460_172_162_722_971],
    [0.3, 0.617_911_422_188_952_6],
    [1, 0.841_344_746_068_542_9],
    [2, 0.977_249_868_051_820_8],
    [3.55, 0.999_807_384_424_364_3],
    [6, 0.999_999_999_013_412_3],
  ])('has below %s the share %s', (z, share) => {
    expect(m.normalCdf(z) / share).toBeCloseTo(1, 11)
  })

  it.each([
    [1e-40, -13.310_921_371_425_17],
    [1e-20, -9.262_340_089_798_405],
    [1e-9, -5.997_807_015_007_686_5],
    [0.0001, -3.719_016_485_455_68],
    [0.01, -2.326_347_874_040_840_8],
    [0.3, -0.524_400_512_708_040_7],
    [0.5, 0],
    [0.75, 0.674_489_750_196_081_7],
    [0.999, 3.090_232_306_167_813],
  ])('has the share %s below %s', (share, z) => {
    expect(m.normalQuantile(share)).toBeCloseTo(z, 10)
  })
})

describe('calendar periods', () => {
  it('are ISO weeks, which belong to the year of their Thursday', () => {
    const weeks = {
      '2015-12-31': '2015-W53',
      '2016-01-03': '2015-W53',
      '2018-12-31': '2019-W01',
      '2021-01-03': '2020-W53',
      '2021-01-04': '2021-W01',
      '2023-01-01': '2022-W52',
      '2024-12-29': '2024-W52',
      '2024-12-30': '2025-W01',
      '2026-01-04': '2026-W01',
      '2026-01-05': '2026-W02',
      '2026-02-15': '2026-W07',
    }
    for (const [day, week] of Object.entries(weeks)) {
      expect(m.periodOf(Date.parse(day), 'week')).toBe(week)
      expect(m.periodOf(Date.parse(day) + DAY_MS - 1, 'week')).toBe(week)
    }
  })

  it('are quarters of three months, months and years', () => {
    const quarters = Array.from({ length: 12 }, (_, month) => m.periodOf(Date.UTC(2026, month, 1), 'quarter'))
    expect(quarters).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4].map((quarter) => `2026-Q${quarter}`))
    const last = Date.parse('2025-12-31T23:59:59.999Z')
    expect([m.periodOf(last, 'month'), m.periodOf(last, 'year')]).toEqual(['2025-12', '2025'])
    expect([m.periodOf(last + 1, 'month'), m.periodOf(last + 1, 'year')]).toEqual(['2026-01', '2026'])
  })
})
