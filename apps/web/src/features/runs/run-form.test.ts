import { describe, expect, it } from 'vitest'
import { daysAgo, formOf, runBody, toCurl, validateRun } from './run-form.ts'

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

describe('formOf', () => {
  const run = {
    strategy_id: 'momentum_v1',
    start_date: '2024-01-01',
    end_date: '2025-12-31',
    initial_capital: '100000.00',
    assumptions: {
      request: {
        seed: 7,
        fill: 'next_open',
        sizing: { of: 'allocation', kind: 'fraction' },
        costs: { fee_bps: 0.5, slippage_bps: 2, fixed_fee: 0, spread_bps: 0, slippage_model: 'fixed' },
        parameters: { lookback: 20 },
        is_risk_engine_on: true,
      },
    },
  }

  it('asks for the same again', () => {
    const { form: again, hasMore } = formOf(run)
    expect(runBody(again)).toEqual({
      ...{ strategy_id: 'momentum_v1', start_date: '2024-01-01', end_date: '2025-12-31' },
      ...{ initial_capital: '100000.00', fees: '0.5', slippage: '2', seed: 7, parameters: { lookback: 20 } },
    })
    expect(validateRun(again)).toEqual({})
    expect(hasMore).toBe(false)
  })

  it('says when the run had what the form cannot say', () => {
    const { request } = run.assumptions
    const more = (change: object) =>
      formOf({ ...run, assumptions: { request: { ...request, ...change } } }).hasMore
    expect(more({ fill: 'close' })).toBe(true)
    expect(more({ costs: { ...request.costs, spread_bps: 3 } })).toBe(true)
    expect(more({ sizing: { of: 'equity', kind: 'fraction' } })).toBe(true)
    expect(more({ is_risk_engine_on: false })).toBe(true)
  })

  it('makes do with a run that kept nothing of its request', () => {
    expect(formOf({ ...run, end_date: null, assumptions: {} })).toEqual({
      form: { ...form, end_date: '' },
      hasMore: false,
    })
  })
})
