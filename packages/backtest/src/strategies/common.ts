import type { SignalType } from '@quantdeck/domain'
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

  enter(
    signal: 'LONG' | 'SHORT',
    bar: StrategyBar,
    confidence: number,
    describe: () => string,
  ): StrategyDecision {
    const sign = signal === 'LONG' ? 1 : -1
    const decision = new Decision(signal, this.#size, confidence, describe)
    if (this.#stop > 0) decision.stopLoss = bar.close * (1 - sign * this.#stop)
    if (this.#target > 0) decision.takeProfit = bar.close * (1 + sign * this.#target)
    return decision
  }

  close(confidence: number, describe: () => string): StrategyDecision {
    return new Decision('CLOSE', 0, confidence, describe)
  }
}

/** A decision whose sentence is only written when somebody reads it, before the next bar: backtests never do. */
class Decision implements StrategyDecision {
  readonly signal: SignalType
  readonly size: number
  readonly confidence: number
  stopLoss: number | undefined = undefined
  takeProfit: number | undefined = undefined
  readonly order = undefined
  readonly #describe: () => string

  constructor(signal: SignalType, size: number, confidence: number, describe: () => string) {
    this.signal = signal
    this.size = size
    this.confidence = confidence
    this.#describe = describe
  }

  get reasoning(): string {
    return this.#describe()
  }
}

/** The HOLD of a strategy, one object for all its bars. */
export function lazyHold(describe: () => string): StrategyDecision {
  return new Decision('HOLD', 0, 0.5, describe)
}

/** 0.6 .. 1, rising with how far a measure is beyond its threshold (0 = just reached). Two decimals. */
export function confidenceOf(excess: number): number {
  return Math.round((0.6 + 0.4 * Math.tanh(Math.max(excess, 0))) * 100) / 100
}

/** A number with a fixed count of decimals, for reasons that people read. */
export function say(value: number, places = 2): string {
  return Number.isFinite(value) ? value.toFixed(places) : 'n/a'
}
