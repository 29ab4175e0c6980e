import { describe, expect, it } from 'vitest'
import { nameOf, subjectOf } from './scopes.ts'

describe('a scope of the kill switch', () => {
  it.each([
    ['global', 'global', {}],
    ['strategy:momentum_v1', 'momentum_v1', { strategy_id: 'momentum_v1' }],
    ['symbol:USD/COP', 'USD/COP', { symbol: 'USD/COP' }],
    ['symbol:strategy:x', 'strategy:x', { symbol: 'strategy:x' }],
  ])('%s is confirmed as %s', (scope, name, subject) => {
    expect(nameOf(scope)).toBe(name)
    expect(subjectOf(scope)).toEqual(subject)
  })
})
