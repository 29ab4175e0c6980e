import type { Decimal } from '@quantdeck/domain'

/** Why a bar cannot be believed; in this order the first one is named. */
export const BAR_DEFECTS = [
  'PRICE_NOT_POSITIVE',
  'HIGH_BELOW_LOW',
  'PRICE_OUTSIDE_RANGE',
  'NEGATIVE_VOLUME',
  'POWER_OF_TEN_JUMP',
  'PRICE_JUMP',
] as const
export type BarDefect = (typeof BAR_DEFECTS)[number]

/** What a bar says: prices in quote currency per unit, volume in units. */
export interface BarValues {
  open: Decimal
  high: Decimal
  low: Decimal
  close: Decimal
  volume: Decimal
}

/** What is known of a series so far. `pending` are the quarantined bars of a new level that is not confirmed yet. */
export interface BarLevel<B extends BarValues> {
  /** Close of the last accepted bar; null before the first. */
  close: Decimal | null
  pending: readonly B[]
}

export interface BarQualityLimits {
  /** A fraction: a larger change between two closes is a jump (0.2). */
  maxJump: number
  /** So many bars in a row at a new level confirm it (3). */
  barsToConfirm: number
}

export const DEFAULT_BAR_QUALITY_LIMITS: BarQualityLimits = { maxJump: 0.2, barsToConfirm: 3 }

export type BarVerdict<B extends BarValues> =
  /** `released`: earlier bars of the same new level that this one confirms, oldest first. */
  { accepted: true; released: readonly B[] } | { accepted: false; defect: BarDefect; detail: string }

/**
 * Rule A08 of the risk specification, as a fold over the bars of one series in time order: a bar whose own values
 * contradict each other is refused; a close more than 20 % away from the last bar **received** is refused until three
 * bars in a row stand at the new level, which accepts all three; a return to the level before is accepted at once.
 * @returns the verdict and the level that the next bar is measured against
 */
export function judgeBar<B extends BarValues>(
  level: BarLevel<B>,
  bar: B,
  limits: BarQualityLimits = DEFAULT_BAR_QUALITY_LIMITS,
): { verdict: BarVerdict<B>; level: BarLevel<B> } {
  const own = findOwnDefect(bar)
  if (own !== null) return { verdict: { accepted: false, ...own }, level }
  const latest = level.pending.at(-1)
  const isSameLevel = latest !== undefined && isNear(bar.close, latest.close, limits.maxJump)
  if (isSameLevel && level.pending.length + 1 >= limits.barsToConfirm) return accept(bar, level.pending)
  if (level.close === null || isNear(bar.close, level.close, limits.maxJump)) return accept(bar, [])
  const pending = isSameLevel ? [...level.pending, bar] : [bar]
  return { verdict: jump(bar, level.close), level: { close: level.close, pending } }
}

function accept<B extends BarValues>(bar: B, released: readonly B[]) {
  return { verdict: { accepted: true as const, released }, level: { close: bar.close, pending: [] } }
}

interface Defect {
  defect: BarDefect
  detail: string
}

function findOwnDefect(bar: BarValues): Defect | null {
  const { open, high, low, close, volume } = bar
  for (const [name, value] of Object.entries({ open, high, low, close })) {
    if (!value.gt(0)) return { defect: 'PRICE_NOT_POSITIVE', detail: `${name} is ${value.toFixed()}` }
  }
  if (high.lt(low))
    return { defect: 'HIGH_BELOW_LOW', detail: `high ${high.toFixed()} < low ${low.toFixed()}` }
  for (const [name, value] of Object.entries({ open, close })) {
    if (value.gt(high) || value.lt(low)) {
      const detail = `${name} ${value.toFixed()} is outside ${low.toFixed()}..${high.toFixed()}`
      return { defect: 'PRICE_OUTSIDE_RANGE', detail }
    }
  }
  if (volume.lt(0)) return { defect: 'NEGATIVE_VOLUME', detail: `volume is ${volume.toFixed()}` }
  for (const [name, value] of Object.entries({ high, low })) {
    const power = powerOfTen(value, close)
    if (power !== 0) {
      return {
        defect: 'POWER_OF_TEN_JUMP',
        detail: `${name} ${value.toFixed()} is 10^${power} times the close`,
      }
    }
  }
  return null
}

function jump<B extends BarValues>(bar: B, before: Decimal): BarVerdict<B> {
  const change = `close ${bar.close.toFixed()} after ${before.toFixed()}`
  const split = splitOf(before, bar.close)
  const hint = split === null ? '' : `, the ratio of a ${split} split`
  const power = powerOfTen(bar.close, before)
  if (power !== 0) {
    return {
      accepted: false,
      defect: 'POWER_OF_TEN_JUMP',
      detail: `${change}: about 10^${power} times${hint}`,
    }
  }
  const percent = bar.close.minus(before).div(before).times(100).toFixed(1)
  return { accepted: false, defect: 'PRICE_JUMP', detail: `${change}: ${percent} %${hint}` }
}

/**
 * New shares for old ones, as companies split theirs; the other way round they are reverse splits. No two are so near to
 * each other that one price fits both.
 */
const SPLITS: readonly (readonly [news: number, old: number])[] = [
  ...[2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50].map((news) => [news, 1] as const),
  [3, 2],
  [5, 2],
]
/** A price moves on the day of its split as on any other. */
const SPLIT_TOLERANCE = 0.04

/**
 * A jump by the ratio of a known kind of split (A08): whoever decides on the quarantined bar is told. It is not taken
 * for true by that: a wrong price can have the same ratio.
 * @returns "2-for-1", "1-for-10" ...; null where none fits
 */
export function splitOf(before: Decimal, after: Decimal): string | null {
  const ratio = before.toNumber() / after.toNumber()
  for (const [news, old] of SPLITS) {
    if (Math.abs((ratio * old) / news - 1) <= SPLIT_TOLERANCE) return `${news}-for-${old}`
    if (Math.abs((ratio * news) / old - 1) <= SPLIT_TOLERANCE) return `${old}-for-${news}`
  }
  return null
}

const CLOSE_TO_LIMIT = 1e-9

/** Doubles decide unless the ratio is within rounding of the limit; then decimals do, so that exactly 20 % passes. */
function isNear(value: Decimal, reference: Decimal, maxJump: number): boolean {
  const distance = Math.abs(value.toNumber() / reference.toNumber() - 1) - maxJump
  if (Math.abs(distance) > CLOSE_TO_LIMIT) return distance < 0
  return value.minus(reference).abs().lte(reference.times(maxJump))
}

const POWER_TOLERANCE = Math.log10(1.2)

/** n when a / b is within 20 % of 10^n, n not 0: a misplaced decimal point or another unit. */
function powerOfTen(a: Decimal, b: Decimal): number {
  const exponent = Math.log10(a.toNumber() / b.toNumber())
  const power = Math.round(exponent)
  return Math.abs(exponent - power) <= POWER_TOLERANCE ? power : 0
}
