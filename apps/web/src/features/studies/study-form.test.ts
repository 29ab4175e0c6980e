import { describe, expect, it } from 'vitest'
import { newStudy, studyBody } from './study-form.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const good = {
  ...newStudy(now, 365),
  strategyId: 'momentum_v1',
  axes: [{ name: 'lookback', values: '10, 20' }],
}

describe('a study as typed', () => {
  it('becomes the request of the contract', () => {
    expect(studyBody(good)).toEqual({
      strategy_id: 'momentum_v1',
      start_date: '2025-11-22',
      end_date: '2026-11-22',
      metric: 'sharpe_ratio',
      axes: [{ name: 'lookback', values: [10, 20] }],
    })
  })

  it('is nothing to send while a part of it is missing or wrong', () => {
    const bad = [{ strategyId: '' }, { to: good.from }, { axes: [{ name: '', values: '1' }] }]
    expect(bad.map((change) => studyBody({ ...good, ...change }))).toEqual([null, null, null])
    expect(studyBody(newStudy(now, 365))).toBeNull()
  })
})
