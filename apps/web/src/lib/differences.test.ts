import { describe, expect, it } from 'vitest'
import { differences } from './differences.ts'

describe('differences', () => {
  it('names each changed field with both values, and nothing else', () => {
    const before = { status: 'active', config: { risk_per_trade_pct: '1.5', features: ['a'] } }
    const after = { status: 'active', config: { risk_per_trade_pct: '1.0', features: ['a', 'b'] } }
    expect(differences(before, after)).toEqual([
      { path: 'config.risk_per_trade_pct', before: '1.5', after: '1.0' },
      { path: 'config.features', before: ['a'], after: ['a', 'b'] },
    ])
  })

  it('shows a new thing as added and a gone one as removed', () => {
    expect(differences(null, { name: 'x' })).toEqual([{ path: 'name', before: undefined, after: 'x' }])
    expect(differences({ name: 'x' }, null)).toEqual([{ path: 'name', before: 'x', after: undefined }])
  })

  it('finds nothing between equal values', () => {
    expect(differences({ a: { b: [1, { c: null }] } }, { a: { b: [1, { c: null }] } })).toEqual([])
    expect(differences(null, null)).toEqual([])
  })
})
