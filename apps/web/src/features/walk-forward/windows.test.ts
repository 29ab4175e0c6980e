import { describe, expect, it } from 'vitest'
import { countWindows, readDays } from './windows.ts'

const form = { inSample: '365', outOfSample: '90', purge: '5', embargo: '0' }

describe('the windows of a walk-forward study', () => {
  it('are read as the contract takes them', () => {
    expect(readDays(form)).toEqual({
      in_sample_days: 365,
      out_of_sample_days: 90,
      purge_days: 5,
      embargo_days: 0,
    })
  })

  it('are no number, too short or too long', () => {
    const bad = [
      { inSample: '0' },
      { outOfSample: '3661' },
      { purge: '-1' },
      { embargo: '1.5' },
      { inSample: '' },
    ]
    expect(bad.map((change) => readDays({ ...form, ...change }))).toEqual(bad.map(() => null))
  })

  it('fit into a period as often as something of it is left', () => {
    const days = { in_sample_days: 10, out_of_sample_days: 5, purge_days: 0, embargo_days: 0 }
    const count = (to: string) => countWindows({ from: '2026-01-01', to }, days)
    expect([count('2026-01-10'), count('2026-01-11'), count('2026-01-15'), count('2026-01-16')]).toEqual([
      0, 1, 1, 2,
    ])
  })
})
