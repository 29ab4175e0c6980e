import { Decimal } from '@quantdeck/domain'

/** How an instrument's prices and quantities count. Decimal strings; prices in the quote currency per unit. */
export interface BacktestInstrument {
  symbol: string
  tickSize: string
  lotSize: string
  /** Quote currency per unit and price point. */
  multiplier: string
  /** Smallest entry in units; null: one lot. */
  minQuantity?: string | null
  /**
   * True for a pair like USD/COP traded in a USD account: amounts in the quote currency are worth amount / price.
   * False where the quote currency is the account's.
   */
  quotedInverse?: boolean
  /** Cash that a unit binds while it is held, as a future's margin does; absent or null: what the unit costs. */
  margin?: string | null
}

/** Whole numbers up to here are exact in a double. */
const EXACT_LIMIT = 2 ** 53
/** Room for growth: the account may multiply by this before amounts leave the exact range. */
const HEADROOM = 100
/** The finest money unit that is ever useful: 1e-8, at which converted amounts are booked. */
const FINEST_DECIMALS = 8

/** Half away from zero, to a whole number. */
export function roundHalfUp(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value)
}

/**
 * Exact money: amounts are whole numbers of 10^-decimals account currency, held in doubles. `decimals` is as fine as the
 * capital allows (at most 8), and never coarser than one tick of one lot.
 */
export class MoneyScale {
  readonly decimals: number
  /** Units per 1.00 of the account's currency. */
  readonly unit: number

  /** @throws {RangeError} if the capital is too large to be counted exactly in the instruments' steps */
  constructor(capital: Decimal, instruments: readonly BacktestInstrument[]) {
    const needed = Math.max(2, ...instruments.map(neededDecimals))
    const possible = Math.floor(Math.log10(EXACT_LIMIT / HEADROOM / Math.max(capital.toNumber(), 1)))
    if (possible < needed) {
      throw new RangeError(
        `capital ${capital.toFixed()} is too large to be counted exactly in steps of 1e-${needed}`,
      )
    }
    this.decimals = Math.min(possible, FINEST_DECIMALS)
    this.unit = 10 ** this.decimals
  }

  /** Why such a capital cannot be used with these instruments, in a sentence; null if it can. */
  static findProblem(capital: Decimal, instruments: readonly BacktestInstrument[]): string | null {
    try {
      return new MoneyScale(capital, instruments).decimals < 0 ? 'the capital cannot be counted' : null
    } catch (error) {
      if (error instanceof RangeError) return error.message
      throw error
    }
  }

  /** Account currency as whole units, rounded half-up. */
  toUnits(amount: Decimal | number | string): number {
    return new Decimal(amount).times(this.unit).toDecimalPlaces(0).toNumber()
  }

  /** Whole units as a decimal string without superfluous zeros, at least two decimals. */
  format(units: number): string {
    return formatScaled(units, this.decimals, 2)
  }
}

function neededDecimals(instrument: BacktestInstrument): number {
  // A pair quoted the other way round is converted and rounded in any case.
  if (instrument.quotedInverse) return 2
  return new Decimal(instrument.tickSize)
    .times(instrument.lotSize)
    .times(instrument.multiplier)
    .decimalPlaces()
}

/** A whole number of 10^-decimals as a decimal string: trailing zeros cut, at least `minimum` decimals. */
export function formatScaled(value: number, decimals: number, minimum: number): string {
  if (Math.abs(value) >= EXACT_LIMIT) throw new RangeError(`amount outside the exact range: ${value}`)
  const scale = 10 ** decimals
  const amount = Math.abs(value)
  const whole = Math.floor(amount / scale)
  let fraction = amount - whole * scale
  let places = decimals
  for (; places > minimum && fraction % 10 === 0; places--) fraction /= 10
  const shown = (places === 0 ? '' : String(fraction).padStart(places, '0')).padEnd(minimum, '0')
  const text = shown === '' ? String(whole) : `${whole}.${shown}`
  return value < 0 ? `-${text}` : text
}

/** One instrument in whole numbers: prices in ticks, quantities in lots, money in units of a {@link MoneyScale}. */
export class Tape {
  readonly instrument: BacktestInstrument
  /** Units per 1.00, whole numbers or the reciprocal of the tick. */
  readonly ticksPerPoint: number
  readonly lotSize: number
  readonly minimumLots: number
  /** Value of one tick of one lot in money units (the reciprocal form is divided by the price in ticks). */
  readonly value: number
  readonly #inverse: boolean
  /** Money units that a lot binds; null: its value. */
  readonly #margin: number | null
  /** A step as a whole number of 10^-decimals: 0.25 is 25 and 2. */
  readonly #tickDigits: number
  readonly #tickDecimals: number
  readonly #lotDigits: number
  readonly #lotDecimals: number

  constructor(instrument: BacktestInstrument, scale: MoneyScale) {
    this.instrument = instrument
    const tick = new Decimal(instrument.tickSize)
    const lot = new Decimal(instrument.lotSize)
    this.#tickDecimals = tick.decimalPlaces()
    this.#tickDigits = tick.times(10 ** this.#tickDecimals).toNumber()
    this.#lotDecimals = lot.decimalPlaces()
    this.#lotDigits = lot.times(10 ** this.#lotDecimals).toNumber()
    this.ticksPerPoint = new Decimal(1).div(tick).toNumber()
    this.lotSize = lot.toNumber()
    this.minimumLots = new Decimal(instrument.minQuantity ?? instrument.lotSize).div(lot).ceil().toNumber()
    this.#inverse = instrument.quotedInverse ?? false
    const margin = instrument.margin ?? null
    this.#margin = margin === null ? null : lot.times(margin).times(scale.unit).toNumber()
    const perLot = lot.times(instrument.multiplier).times(scale.unit)
    this.value = (this.#inverse ? perLot : perLot.times(tick)).toNumber()
  }

  /** A price as the nearest whole tick. */
  ticks(price: number): number {
    // Half-up like Math.round, which costs V8 as much again as the rest of a bar.
    return Math.floor(price * this.ticksPerPoint + 0.5)
  }

  /** Money value of a move of `ticks` on `lots` (both signed), at the price at which it is converted. */
  worth(lots: number, ticks: number, atTicks: number): number {
    return this.#inverse ? roundHalfUp((lots * ticks * this.value) / atTicks) : lots * ticks * this.value
  }

  /** Money value of one tick on `lots`; 0 where it depends on the price. */
  perTick(lots: number): number {
    return this.#inverse ? 0 : lots * this.value
  }

  /** Money value of one lot at a price. */
  lotValue(atTicks: number): number {
    return this.#inverse ? this.value : atTicks * this.value
  }

  /** Money that a lot bought at a price binds until it is sold. */
  lotBinds(atTicks: number): number {
    return this.#margin ?? this.lotValue(atTicks)
  }

  formatPrice(ticks: number): string {
    return formatScaled(ticks * this.#tickDigits, this.#tickDecimals, Math.max(this.#tickDecimals, 2))
  }

  formatQuantity(lots: number): string {
    return formatScaled(lots * this.#lotDigits, this.#lotDecimals, 0)
  }
}
