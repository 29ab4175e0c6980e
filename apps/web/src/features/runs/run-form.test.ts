import { describe, expect, it } from 'vitest'
import { daysAgo, runBody, toCurl, validateRun } from './run-form.ts'

const form = {
  strategy_id: 'momentum_v1',
  start_date: '2024-01-01',
  end_date: '2025-12-31',
  initial_capital: '100000.00',
  fees: '',
  slippage: '',
  seed: '',
  parameters: {},
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

describe('runBody', () => {
  it("is the document's four fields when nothing else was given", () => {
    expect(Object.keys(runBody(form))).toEqual(['strategy_id', 'start_date', 'end_date', 'initial_capital'])
  })

  it('adds what was given, and refuses what is no such number', () => {
    expect(runBody({ ...form, fees: '2.5', seed: '7', parameters: { size: 0.4 } })).toMatchObject({
      fees: '2.5',
      seed: 7,
      parameters: { size: 0.4 },
    })
    expect(validateRun({ ...form, fees: 'two', slippage: '-1', seed: '1.5' })).toEqual({
      fees: 'errBasisPoints',
      slippage: 'errBasisPoints',
      seed: 'errSeed',
    })
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
