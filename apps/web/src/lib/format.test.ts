import { beforeAll, describe, expect, it, vi } from 'vitest'
import type * as Format from './format.ts'

let format: typeof Format

beforeAll(async () => {
  // Preferences read the browser as they load.
  vi.stubGlobal('window', {
    matchMedia: () => ({ matches: false, addEventListener() {} }),
    location: { search: '' },
  })
  vi.stubGlobal('navigator', { language: 'en-US' })
  vi.stubGlobal('localStorage', { getItem: () => null, setItem() {} })
  vi.stubGlobal('document', { documentElement: { classList: { toggle() {} }, dataset: {} } })
  format = await import('./format.ts')
})

describe('formatting', () => {
  it('gives what rounds to nothing no sign', () => {
    expect(format.formatPercent(-0.002)).toBe('0.00 %')
    expect([format.formatNumber(-0.001), format.formatNumber(-0.006)]).toEqual(['0.00', '−0.01'])
    expect(format.formatDrawdown(0.004)).toBe('0.00 %')
    expect(format.formatUsd(-0.004, { signed: true })).toBe('$0.00')
    expect(format.formatUsd(0.004, { signed: true })).toBe('$0.00')
  })

  it('keeps the sign of what is left', () => {
    expect(format.formatPercent(-0.006)).toBe('−0.01 %')
    expect(format.formatUsd(1022.1, { signed: true })).toBe('+$1,022.10')
    expect(format.formatDrawdown('8.45')).toBe('−8.45 %')
  })

  it('shows a dash for what is no number', () => {
    for (const value of [null, undefined, '', 'NaN', Number.NaN, Infinity]) {
      expect(format.formatNumber(value)).toBe(format.DASH)
      expect(format.formatUsd(value)).toBe(format.DASH)
      expect(format.formatPercent(value)).toBe(format.DASH)
    }
  })
})
