import { describe, expect, it } from 'vitest'
import { createStrategy, REFERENCE_MODEL_TYPES, validateParameters } from './catalog.ts'

function bar(t: number, close: number) {
  return { t, open: close, high: close, low: close, close, volume: 1 }
}

/** Decisions of a strategy on closes, held flat or at a fixed position. */
function decide(type: string, params: Record<string, unknown>, closes: number[], position = 0) {
  const strategy = createStrategy(type, params)
  if (!strategy) throw new Error(`no strategy ${type}`)
  return closes.map((close, i) => {
    const decision = strategy.onBar(bar(i, close), { position })
    return decision === null ? null : { ...decision }
  })
}

describe('createStrategy', () => {
  it('answers null for a model that lives outside', () => {
    expect(createStrategy('xgboost', {})).toBeNull()
  })

  it('takes a whole configuration and reads numbers from decimal strings', () => {
    const config = {
      model_type: 'momentum',
      risk_per_trade_pct: '1.5',
      stop_loss_pct: '2.0',
      features: ['a'],
    }
    expect(createStrategy('momentum', config)?.warmupBars).toBeGreaterThan(0)
  })

  it('refuses a bad parameter with a sentence that names it', () => {
    expect(() => createStrategy('momentum', { lookback: 0 })).toThrow('lookback must be at least 1, got 0')
    expect(() => createStrategy('sma_cross', { fast_period: 30, slow_period: 10 })).toThrow(
      'fast_period must be below slow_period',
    )
  })

  it('gives every reference type defaults that pass its own checks', () => {
    for (const type of REFERENCE_MODEL_TYPES) expect(validateParameters(type, {}).problems).toEqual([])
  })

  it('names unknown parameters when asked to', () => {
    const { problems } = validateParameters('momentum', { lookbak: 5 })
    expect(problems.map((problem) => problem.field)).toEqual(['lookbak'])
  })
})

describe('reference strategies', () => {
  it('sma_cross goes long on the bar on which fast crosses above slow', () => {
    const closes = [10, 9, 8, 7, 6, 8.9, 12]
    const signals = decide('sma_cross', { fast_period: 2, slow_period: 4 }, closes).map((d) => d?.signal)
    expect(signals).toEqual([undefined, undefined, undefined, undefined, 'HOLD', 'HOLD', 'LONG'])
  })

  it('momentum enters once per crossing, with its stop', () => {
    const closes = [100, 100, 100, 103, 106, 109]
    const decisions = decide(
      'momentum',
      { lookback: 1, trend_period: 2, entry_pct: 2, stop_loss_pct: 3 },
      closes,
    )
    expect(decisions.map((d) => d?.signal)).toEqual([undefined, 'HOLD', 'HOLD', 'LONG', 'HOLD', 'HOLD'])
    expect(decisions[3]?.stopLoss).toBeCloseTo(99.91, 10)
  })

  it('momentum closes when the change turns', () => {
    const decisions = decide('momentum', { lookback: 1, trend_period: 2 }, [100, 101, 102, 101], 5)
    expect(decisions.at(-1)?.signal).toBe('CLOSE')
  })

  it('mean_reversion buys the dip and closes at the mean', () => {
    const params = { period: 3, entry_z: 1 }
    expect(decide('mean_reversion', params, [10, 10.1, 10, 10.1, 8]).at(-1)?.signal).toBe('LONG')
    expect(decide('mean_reversion', params, [10, 10.1, 10, 8, 10.2], 5).at(-1)?.signal).toBe('CLOSE')
  })

  it('donchian trades a breakout of the bars before, not of its own bar', () => {
    const decisions = decide('donchian', { entry_period: 2, exit_period: 2 }, [10, 11, 10.5, 11.5])
    expect(decisions.map((d) => d?.signal)).toEqual([undefined, undefined, 'HOLD', 'LONG'])
  })

  it('buy_and_hold asks until it holds and never again', () => {
    const strategy = createStrategy('buy_and_hold', {})
    const signals = [0, 0, 3, 0].map((position, i) => strategy?.onBar(bar(i, 10), { position })?.signal)
    expect(signals).toEqual(['LONG', 'LONG', 'HOLD', 'HOLD'])
  })

  it('signals are replayed on the first bar that closes at or after them, the last of several', () => {
    const signal = { size: 1, confidence: 0.9, stopLoss: 9, takeProfit: null, reasoning: 'model' }
    const signals = [
      { at: 25, signal: 'CLOSE', ...signal },
      { at: 15, signal: 'SHORT', ...signal },
      { at: 20, signal: 'LONG', ...signal },
    ]
    const strategy = createStrategy('signals', { signals })
    const seen = [0, 10, 20].map(
      (t) => strategy?.onBar({ ...bar(t, 10), closeT: t + 10 }, { position: 0 })?.signal,
    )
    expect(seen).toEqual(['HOLD', 'LONG', 'CLOSE'])
  })

  it('the same bars give the same decisions', () => {
    const closes = Array.from({ length: 300 }, (_, i) => 100 + 10 * Math.sin(i / 7) + 3 * Math.sin(i / 2))
    for (const type of REFERENCE_MODEL_TYPES) {
      expect(decide(type, {}, closes)).toEqual(decide(type, {}, closes))
    }
  })
})
