import { describe, expect, it } from 'vitest'
import { daysAgo, toCurl, validateRun } from './run-form.ts'

const form = {
  strategy_id: 'momentum_v1',
  start_date: '2024-01-01',
  end_date: '2025-12-31',
  initial_capital: '100000.00',
}

describe('validateRun', () => {
  it("accepts the contract's own example", () => {
    expect(validateRun(form)).toEqual({})
  })

  it('asks for a strategy and for an end after the start', () => {
    expect(validateRun({ ...form, strategy_id: '', end_date: '2024-01-01' })).toEqual({
      strategy_id: 'errStrategy',
      end_date: 'errOrder',
    })
  })

  it.each(['0', '-5', '1e5', '100,00', '1.234', ''])('refuses %j as capital', (initial_capital) => {
    expect(validateRun({ ...form, initial_capital })).toEqual({ initial_capital: 'errCapital' })
  })
})

describe('toCurl', () => {
  it('keeps a quote inside its shell string', () => {
    expect(toCurl({ ...form, strategy_id: "a'b" }, 'http://localhost:8000')).toContain(String.raw`a'\''b`)
  })
})

describe('daysAgo', () => {
  it('counts whole UTC days', () => {
    expect(daysAgo(Date.parse('2026-03-01T00:30:00Z'), 1)).toBe('2026-02-28')
  })
})
