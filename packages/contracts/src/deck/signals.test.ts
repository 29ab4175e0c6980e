import { describe, expect, it } from 'vitest'
import { deckInferencesBody, toInferenceItems } from './models.ts'
import { deckSignalsBody, toSignalItems } from './signals.ts'

const signal = {
  strategy_code: 'ppo_v1',
  symbol: 'USD/COP',
  signal: 'LONG',
  confidence: 0.75,
  size: 0.5,
} as const

const problems = (body: unknown): string[] =>
  (deckSignalsBody.safeParse(body).error?.issues ?? []).map(({ path }) => path.join('.'))

describe('the body of POST /api/signals', () => {
  it('is one signal or several, and both are read the same', () => {
    expect(toSignalItems(deckSignalsBody.parse(signal))).toEqual([signal])
    expect(toSignalItems(deckSignalsBody.parse({ signals: [signal, signal] }))).toEqual([signal, signal])
  })
  it('is not both', () => {
    expect(problems({ ...signal, signals: [signal] })).toEqual([
      'strategy_code',
      'symbol',
      'signal',
      'confidence',
      'size',
    ])
  })
  it('names every field that is missing', () => {
    expect(problems({})).toEqual(['strategy_code', 'symbol', 'signal', 'confidence', 'size'])
    expect(problems({ signals: [{ ...signal, symbol: undefined }] })).toEqual(['signals.0.symbol'])
  })
  it('refuses numbers out of range and fields it does not know', () => {
    expect(problems({ ...signal, confidence: 1.01 })).toEqual(['confidence'])
    expect(problems({ ...signal, stop_loss: 0 })).toEqual(['stop_loss'])
    expect(problems({ ...signal, entry_price: 1e-9 })).toEqual(['entry_price'])
    expect(deckSignalsBody.safeParse({ ...signal, leverage: 3 }).success).toBe(false)
    expect(deckSignalsBody.safeParse({ signals: [{ ...signal, leverage: 3 }] }).success).toBe(false)
    expect(deckSignalsBody.safeParse({ signals: [] }).success).toBe(false)
  })
})

describe('the body of POST /api/inferences', () => {
  it('is one inference or several', () => {
    const inference = { strategy_code: 'ppo_v1', action: -0.25 }
    expect(toInferenceItems(deckInferencesBody.parse(inference))).toEqual([inference])
    expect(toInferenceItems(deckInferencesBody.parse({ inferences: [inference] }))).toEqual([inference])
    expect(deckInferencesBody.safeParse({ ...inference, inferences: [inference] }).success).toBe(false)
    expect(deckInferencesBody.safeParse({ strategy_code: 'ppo_v1' }).success).toBe(false)
    expect(deckInferencesBody.safeParse({ ...inference, action: 1.5 }).success).toBe(false)
  })
})
