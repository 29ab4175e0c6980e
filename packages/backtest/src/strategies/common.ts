import type { ParameterSpec, ParameterValues } from './parameters.ts'
import { numberOf } from './parameters.ts'
import type { StrategyBar, StrategyDecision } from './port.ts'

/** Parameters that every directional strategy has. Percentages are percent, as in a strategy's configuration. */
export function commonParameters(defaults: {
  size: number
  stopLossPct: number
  takeProfitPct: number
  direction: 'long' | 'short' | 'both'
}): ParameterSpec[] {
  return [
    {
      name: 'size',
      label: 'Size of an entry, fraction of the allocation',
      kind: 'number',
      default: defaults.size,
      minimum: 0.01,
      maximum: 1,
    },
    {
      name: 'stop_loss_pct',
      label: 'Stop distance in percent of the entry, 0 = none',
      kind: 'number',
      default: defaults.stopLossPct,
      minimum: 0,
      maximum: 90,
    },
    {
      name: 'take_profit_pct',
      label: 'Target distance in percent of the entry, 0 = none',
      kind: 'number',
      default: defaults.takeProfitPct,
      minimum: 0,
      maximum: 1000,
    },
    {
      name: 'direction',
      label: 'Sides it may take',
      kind: 'choice',
      default: defaults.direction,
      choices: ['long', 'short', 'both'],
    },
  ]
}

/** Builds a strategy's decisions from its common parameters. */
export class Decisions {
  readonly longs: boolean
  readonly shorts: boolean
  readonly #size: number
  readonly #stop: number
  readonly #target: number

  constructor(values: ParameterValues) {
    this.#size = numberOf(values, 'size')
    this.#stop = numberOf(values, 'stop_loss_pct') / 100
    this.#target = numberOf(values, 'take_profit_pct') / 100
    this.longs = values.direction !== 'short'
    this.shorts = values.direction !== 'long'
  }

  enter(signal: 'LONG' | 'SHORT', bar: StrategyBar, confidence: number, reasoning: string): StrategyDecision {
    const sign = signal === 'LONG' ? 1 : -1
    return {
      signal,
      size: this.#size,
      confidence,
      ...(this.#stop > 0 && { stopLoss: bar.close * (1 - sign * this.#stop) }),
      ...(this.#target > 0 && { takeProfit: bar.close * (1 + sign * this.#target) }),
      reasoning,
    }
  }

  close(confidence: number, reasoning: string): StrategyDecision {
    return { signal: 'CLOSE', size: 0, confidence, reasoning }
  }
}

/** A HOLD whose sentence is only written when somebody reads it: most bars end here, also ten million of them. */
export function lazyHold(describe: () => string): StrategyDecision {
  return {
    signal: 'HOLD',
    size: 0,
    confidence: 0.5,
    get reasoning() {
      return describe()
    },
  }
}

/** 0.6 .. 1, rising with how far a measure is beyond its threshold (0 = just reached). Two decimals. */
export function confidenceOf(excess: number): number {
  return Math.round((0.6 + 0.4 * Math.tanh(Math.max(excess, 0))) * 100) / 100
}

/** A number with a fixed count of decimals, for reasons that people read. */
export function say(value: number, places = 2): string {
  return Number.isFinite(value) ? value.toFixed(places) : 'n/a'
}
