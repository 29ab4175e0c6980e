import type { MoneyScale, Tape } from './money.ts'
import { roundHalfUp } from './money.ts'

/** What a fill costs. Money in the account's currency; basis points are 1/10,000 of the price or notional. */
export interface CostModel {
  /** Commission in basis points of the notional. */
  feeBps: number
  /** Commission per unit (share). */
  feePerUnit: number
  /** Least commission of a fill; 0: none. */
  minimumFee: number
  /** Added to each fill. */
  fixedFee: number
  /** Market and stop fills are worse than the price by so much. */
  slippageBps: number
  /**
   * `uniform`: drawn evenly from 0 to twice `slippageBps`, by the run's seed. `square_root`: grows with the root of the
   * order's share of the bar's volume and is `slippageBps` at 1 % of it (the square-root law of market impact; R. Almgren
   * et al., Direct Estimation of Equity Market Impact, 2005). Bars without a volume slip by `slippageBps`.
   */
  slippageModel: 'fixed' | 'uniform' | 'square_root'
  /** Full spread, paid at the entry: longs pay more, shorts receive less; exits are at the plain price. */
  spreadBps: number
}

/** The defaults are not zero, and equal to those of the simulated broker. */
export const DEFAULT_COSTS: CostModel = Object.freeze<CostModel>({
  feeBps: 0.5,
  feePerUnit: 0,
  minimumFee: 0,
  fixedFee: 0,
  slippageBps: 0.5,
  slippageModel: 'fixed',
  spreadBps: 0,
})

/** No costs at all, for comparisons with tools that charge none. */
export const NO_COSTS: CostModel = Object.freeze<CostModel>({ ...DEFAULT_COSTS, feeBps: 0, slippageBps: 0 })

/** A {@link CostModel} in the whole numbers of one tape. */
export class Costs {
  readonly #rate: number
  readonly #perLot: number
  readonly #minimum: number
  readonly #fixed: number
  readonly #slippage: number
  readonly #spread: number
  readonly #draw: (() => number) | null
  readonly #isImpact: boolean
  readonly #lotSize: number

  constructor(model: CostModel, tape: Tape, scale: MoneyScale, random: () => number) {
    this.#rate = model.feeBps / 10_000
    this.#perLot = model.feePerUnit * tape.lotSize * scale.unit
    this.#minimum = scale.toUnits(model.minimumFee)
    this.#fixed = scale.toUnits(model.fixedFee)
    this.#slippage = model.slippageBps / 10_000
    this.#spread = model.spreadBps / 10_000
    this.#draw = model.slippageModel === 'uniform' ? random : null
    this.#isImpact = model.slippageModel === 'square_root'
    this.#lotSize = tape.lotSize
  }

  /** Commission of a fill in money units, rounded half-up. `notional` and `lots` are positive. */
  fee(notional: number, lots: number): number {
    const charged = notional * this.#rate + lots * this.#perLot + this.#fixed
    return roundHalfUp(charged < this.#minimum ? this.#minimum : charged)
  }

  /**
   * Ticks of a fill of some `lots` in a bar with such a `volume`: slipped against the trader (`sign` 1 buys, -1 sells), an
   * entry also pays the spread.
   */
  slip(ticks: number, fill: { sign: number; isEntry: boolean; lots: number; volume: number }): number {
    const share = this.#slipped(fill.lots, fill.volume) + (fill.isEntry ? this.#spread : 0)
    return share === 0 ? ticks : Math.max(1, Math.round(ticks * (1 + fill.sign * share)))
  }

  #slipped(lots: number, volume: number): number {
    if (this.#draw !== null) return this.#slippage * 2 * this.#draw()
    if (!this.#isImpact || !(volume > 0)) return this.#slippage
    return this.#slippage * Math.sqrt((100 * lots * this.#lotSize) / volume)
  }
}
