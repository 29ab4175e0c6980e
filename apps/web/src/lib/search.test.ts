import { describe, expect, it } from 'vitest'
import { alertsSearch, ordersSearch, overviewSearch } from './search.ts'

describe('filters in the URL', () => {
  it('keep what they know', () => {
    const search = { status: 'REJECTED', from: '2026-01-01', page: 3 }
    expect(ordersSearch.parse(search)).toEqual(search)
  })

  it('ignore unknown values instead of failing', () => {
    expect(overviewSearch.parse({ period: '2w' }).period).toBeUndefined()
    expect(ordersSearch.parse({ status: 'LOST', page: -1, from: 'yesterday' })).toEqual({})
  })

  it('tell false from absent', () => {
    expect(alertsSearch.parse({ acknowledged: false }).acknowledged).toBe(false)
    expect(alertsSearch.parse({}).acknowledged).toBeUndefined()
  })
})
