import { describe, expect, it } from 'vitest'
import { readFacts } from './run-facts.ts'

const COSTS = {
  fee_bps: 0.5,
  fixed_fee: 0,
  fee_per_unit: 0,
  minimum_fee: 0,
  spread_bps: 0,
  slippage_bps: 0.5,
  slippage_model: 'fixed',
}

const WIRE = {
  symbols: ['SPX'],
  bars: 504,
  warmup_bars: 11,
  gaps: [{ symbol: 'SPX', from_t: 1_700_000_000_000, to_t: 1_701_000_000_000 }],
  data_hash: 'e5c97e985e2de0cb',
  costs: COSTS,
  sizing: { kind: 'fraction', of: 'allocation', risk_per_trade: 0.015 },
  fill: 'next_open',
  final_exit: 'last_close',
  total_fees: '95.15262896',
  seed: 1,
  risk_engine: true,
  engine_version: '1.0.0',
  refusals: { MAX_RISK_PER_TRADE: 2 },
  request: { model_type: 'momentum', parameters: { size: 0.5, direction: 'long' }, signal_threshold: null },
}

describe('readFacts', () => {
  it('reads what a finished backtest answers', () => {
    expect(readFacts({ ...WIRE, notes: [] })).toEqual(WIRE)
  })

  it('knows every way of sizing', () => {
    for (const sizing of [
      { kind: 'all_in' },
      { kind: 'units', units: '10' },
      { kind: 'risk', fraction: 0.01 },
    ]) {
      expect(readFacts({ ...WIRE, sizing })?.sizing).toEqual(sizing)
    }
  })

  it('leaves what it does not know to the general list', () => {
    expect(readFacts({})).toBeNull()
    expect(readFacts({ ...WIRE, sizing: { kind: 'martingale' } })).toBeNull()
  })
})
