import { SeededRandom } from './random.ts'

export interface StandInOptions {
  seed: number
  /** Positive follows the last move, negative fades it. */
  bias: number
  /** Share of noise in the action, 0..1. */
  noise: number
  /** |action| from which it wants a position. */
  threshold: number
  /** Bars it stays in before it listens to the other side. */
  minimumHold: number
  stopPct: number
  takePct: number
  maxRoundTrips: number
}

export interface StandInAnswer {
  /** What the policy put out, in [-1, 1]: an inference. */
  action: number
  signal: 'LONG' | 'SHORT' | 'HOLD' | 'CLOSE'
  confidence: number
  size: number
  stopLoss: number | null
  takeProfit: number | null
  reasoning: string
}

export interface StandInSnapshot {
  random: number
  lastPrice: number | null
  variance: number | null
  session: string
  roundTrips: number
  barsInPosition: number
}

/**
 * Stands in for a trained model in the demo: a stateless policy on the last standardised move plus noise (so its
 * action distribution is stationary), and a thin rule that turns actions into signals. It says what it is in `reasoning`.
 */
export class ModelStandIn {
  readonly #options: StandInOptions
  readonly #random: SeededRandom
  #lastPrice: number | null = null
  #variance: number | null = null
  #session = ''
  #roundTrips = 0
  #barsInPosition = 0

  constructor(options: StandInOptions) {
    this.#options = options
    this.#random = new SeededRandom(options.seed)
  }

  snapshot(): StandInSnapshot {
    return {
      random: this.#random.state,
      lastPrice: this.#lastPrice,
      variance: this.#variance,
      session: this.#session,
      roundTrips: this.#roundTrips,
      barsInPosition: this.#barsInPosition,
    }
  }

  restore(snapshot: StandInSnapshot): void {
    this.#random.state = snapshot.random
    this.#lastPrice = snapshot.lastPrice
    this.#variance = snapshot.variance
    this.#session = snapshot.session
    this.#roundTrips = snapshot.roundTrips
    this.#barsInPosition = snapshot.barsInPosition
  }

  /** From now on prices come `factor` times as often: a move's variance shrinks with the interval. */
  speakFaster(factor: number): void {
    if (this.#variance !== null) this.#variance /= factor
  }

  /** `position` is the signed quantity held now; `session` names the trading day its round trips are counted in. */
  onPrice(price: number, position: number, session: string): StandInAnswer {
    const z = this.#standardisedMove(price)
    const { bias, noise, threshold } = this.#options
    const action = round2(Math.tanh((1 - noise) * bias * z + noise * this.#random.normal()))
    if (session !== this.#session) {
      this.#session = session
      this.#roundTrips = 0
    }
    this.#barsInPosition = position === 0 ? 0 : this.#barsInPosition + 1
    const wants = action > threshold ? 1 : action < -threshold ? -1 : 0
    return this.#answer(price, action, z, this.#choose(wants, Math.sign(position)))
  }

  #choose(wants: number, held: number): StandInAnswer['signal'] {
    if (held === 0) {
      if (wants === 0 || this.#roundTrips >= this.#options.maxRoundTrips) return 'HOLD'
      this.#roundTrips += 1
      return wants > 0 ? 'LONG' : 'SHORT'
    }
    const turned = wants === -held && this.#barsInPosition >= this.#options.minimumHold
    return turned || this.#barsInPosition >= this.#options.minimumHold * 4 ? 'CLOSE' : 'HOLD'
  }

  #answer(price: number, action: number, z: number, signal: StandInAnswer['signal']): StandInAnswer {
    const entry = signal === 'LONG' || signal === 'SHORT'
    const direction = signal === 'SHORT' ? -1 : 1
    const confidence = round2(Math.min(1, 0.5 + Math.abs(action) / 2))
    return {
      action,
      signal,
      confidence,
      size: entry ? round2(0.3 + 0.4 * confidence) : 0,
      stopLoss: entry ? round2(price * (1 - direction * this.#options.stopPct)) : null,
      takeProfit: entry ? round2(price * (1 + direction * this.#options.takePct)) : null,
      reasoning: `Demo stand-in: last move ${z >= 0 ? '+' : ''}${z.toFixed(2)} sigma, action ${action.toFixed(2)}`,
    }
  }

  #standardisedMove(price: number): number {
    const previous = this.#lastPrice
    this.#lastPrice = price
    if (previous === null) return 0
    const move = Math.log(price / previous)
    const z = this.#variance === null || this.#variance === 0 ? 0 : move / Math.sqrt(this.#variance)
    this.#variance = this.#variance === null ? move * move : 0.97 * this.#variance + 0.03 * move * move
    return Math.max(-4, Math.min(4, z))
  }
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
