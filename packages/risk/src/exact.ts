/**
 * An exact decimal: `units` x 10^-places, or `big` x 10^-places where the units are beyond what a double holds exactly.
 * The hot path of a decision runs on plain numbers and is as exact as the rest: nothing is ever rounded but where a
 * function says so.
 */
export interface Exact {
  readonly units: number
  readonly places: number
  /** Null: `units` is the number. */
  readonly big: bigint | null
}

/** Decimals that an amount may be given with. */
export const MAX_PLACES = 18

const ZERO_CODE = 48
const MINUS_CODE = 45
const DOT_CODE = 46
/** So many digits always fit a double exactly. */
const SAFE_DIGITS = 15
/** Beyond 10^22 no double is exact, but nothing that is multiplied by one of those stays small either. */
const TEN: readonly number[] = Array.from({ length: 100 }, (_, n) => 10 ** n)
const BIG_TEN: readonly bigint[] = Array.from({ length: 100 }, (_, n) => 10n ** BigInt(n))

const small = (units: number, places: number): Exact => ({ units, places, big: null })
const large = (big: bigint, places: number): Exact => ({ units: 0, places, big })
const bigOf = ({ units, big }: Exact): bigint => big ?? BigInt(units)
const isSafe = (units: number): boolean => Math.abs(units) <= Number.MAX_SAFE_INTEGER
const power = (n: number): number => TEN[n] as number
const bigPower = (n: number): bigint => BIG_TEN[n] as bigint

/** A safe integer. */
export function whole(count: number): Exact {
  return small(count, 0)
}

/**
 * A plain decimal string with at most 18 decimals. Scanned by hand: this is what the time of a decision goes into, and a
 * regular expression alone took as long as the rest.
 * @throws {RangeError} on anything else: exponents, blanks, more decimals. Nothing is rounded silently.
 */
export function exact(text: string): Exact {
  const { length } = text
  const start = text.charCodeAt(0) === MINUS_CODE ? 1 : 0
  let value = 0
  let index = start
  for (; index < length; index += 1) {
    const digit = text.charCodeAt(index) - ZERO_CODE
    if (digit >>> 0 > 9) break
    value = value * 10 + digit
  }
  const point = index
  if (point === start) throw notDecimal(text)
  if (point < length) {
    if (text.charCodeAt(point) !== DOT_CODE || point === length - 1) throw notDecimal(text)
    for (index = point + 1; index < length; index += 1) {
      const digit = text.charCodeAt(index) - ZERO_CODE
      if (digit >>> 0 > 9) throw notDecimal(text)
      value = value * 10 + digit
    }
  }
  const places = point === length ? 0 : length - point - 1
  if (places > MAX_PLACES) throw notDecimal(text)
  const digits = point === length ? length - start : length - start - 1
  if (digits > SAFE_DIGITS) return large(BigInt(text.replace('.', '')), places)
  return small(start === 0 ? value : 0 - value, places)
}

function notDecimal(text: string): RangeError {
  return new RangeError(`not a decimal with at most 18 decimals: ${JSON.stringify(text)}`)
}

/** As `exact`, null stays null. */
export function exactOrNull(text: string | null): Exact | null {
  return text === null ? null : exact(text)
}

export function times(a: Exact, b: Exact): Exact {
  const units = a.units * b.units
  const places = a.places + b.places
  const fits = a.big === null && b.big === null && isSafe(units)
  return fits ? small(units, places) : large(bigOf(a) * bigOf(b), places)
}

export function plus(a: Exact, b: Exact): Exact {
  const places = Math.max(a.places, b.places)
  if (a.big === null && b.big === null) {
    const left = a.units * power(places - a.places)
    const right = b.units * power(places - b.places)
    if (isSafe(left) && isSafe(right) && isSafe(left + right)) return small(left + right, places)
  }
  return large(bigAt(a, places) + bigAt(b, places), places)
}

const bigAt = (value: Exact, places: number): bigint => bigOf(value) * bigPower(places - value.places)

export function negate({ units, places, big }: Exact): Exact {
  return big === null ? small(0 - units, places) : large(-big, places)
}

export function minus(a: Exact, b: Exact): Exact {
  return plus(a, negate(b))
}

/** Below 0, 0 or above 0. */
export function sign({ units, big }: Exact): number {
  return big === null ? Math.sign(units) : Number(big > 0n) - Number(big < 0n)
}

export function abs(value: Exact): Exact {
  return sign(value) < 0 ? negate(value) : value
}

/** Relative distance beyond which doubles decide a comparison: thousands of times what they may be wrong by. */
const CLEARLY = 1e-12

/** Below 0 when a < b, 0 when they are equal, above 0 when a > b. */
export function compare(a: Exact, b: Exact): number {
  if (a.places === b.places && a.big === null && b.big === null) return a.units - b.units
  const left = roughly(a)
  const right = roughly(b)
  return isClear(left, right) ? left - right : sign(minus(a, b))
}

const isClear = (left: number, right: number): boolean =>
  Math.abs(left - right) > CLEARLY * (Math.abs(left) + Math.abs(right))

const roughly = ({ units, places, big }: Exact): number =>
  (big === null ? units : Number(big)) / power(places)

/** True if the value is a whole number of steps. @param step above 0 */
export function isMultiple(value: Exact, step: Exact): boolean {
  const places = Math.max(value.places, step.places)
  if (value.big === null && step.big === null) {
    const units = value.units * power(places - value.places)
    const unit = step.units * power(places - step.places)
    if (isSafe(units) && isSafe(unit)) return units === Math.round(units / unit) * unit
  }
  return bigAt(value, places) % bigAt(step, places) === 0n
}

/** As `compare` of a x b with c x d: the products are made only where doubles do not tell. */
export function compareProducts(a: Exact, b: Exact, c: Exact, d: Exact): number {
  const left = roughly(a) * roughly(b)
  const right = roughly(c) * roughly(d)
  // A negative factor times 0 is -0, which nobody should see.
  return isClear(left, right) ? left - right : compare(times(a, b), times(c, d)) + 0
}

/** a / b, cut towards zero after so many decimals: for showing, never for comparing. @throws RangeError for b = 0 */
export function quotient(a: Exact, b: Exact, places: number): Exact {
  if (b.units === 0 && b.big === null) throw new RangeError('division by 0')
  const shift = places + b.places - a.places
  if (a.big === null && b.big === null) {
    const dividend = a.units * power(Math.max(shift, 0))
    const divisor = b.units * power(Math.max(-shift, 0))
    if (isSafe(dividend) && isSafe(divisor)) return small(divide(dividend, divisor), places)
  }
  return cut((roughly(a) / roughly(b)) * power(places), places) ?? bigQuotient(a, b, shift, places)
}

/** a x b / c, as `quotient`: the product is made only where doubles do not tell. @throws RangeError for c = 0 */
export function productQuotient(a: Exact, b: Exact, c: Exact, places: number): Exact {
  const rough = ((roughly(a) * roughly(b)) / roughly(c)) * power(places)
  return cut(rough, places) ?? quotient(times(a, b), c, places)
}

/** The whole part of what doubles came to, or null where they are too close to the next whole number to tell. */
function cut(rough: number, places: number): Exact | null {
  const units = Math.trunc(rough)
  const rest = Math.abs(rough - units)
  const doubt = CLEARLY * Math.abs(rough)
  return rest > doubt && 1 - rest > doubt ? small(0 + units, places) : null
}

function bigQuotient(a: Exact, b: Exact, shift: number, places: number): Exact {
  const dividend = bigOf(a) * bigPower(Math.max(shift, 0))
  return shrink(dividend / (bigOf(b) * bigPower(Math.max(-shift, 0))), places)
}

/** A big integer that came out small is a number again. */
function shrink(big: bigint, places: number): Exact {
  const units = Number(big)
  return isSafe(units) ? small(units, places) : large(big, places)
}

/**
 * Safe integers divided, cut towards zero. The double is never rounded up to the next whole number: that is at least
 * 1 / divisor away, and half a unit in the last place of the quotient is less. (The remainder operator of doubles takes
 * ten times as long.)
 */
function divide(dividend: number, divisor: number): number {
  return 0 + Math.trunc(dividend / divisor)
}

/** `| 0` keeps whole numbers below this. They become text without the search for digits that a double needs. */
const INTEGER_BELOW = 2 ** 31
/** The decimal point and so many zeros. */
const POINT: readonly string[] = Array.from({ length: 100 }, (_, zeros) => `.${'0'.repeat(zeros)}`)

/** A plain decimal string without trailing zeros, cut towards zero after so many decimals; never "-0". */
export function format(value: Exact, maxPlaces = MAX_PLACES): string {
  const { units, places, big } = value.places <= maxPlaces ? value : quotient(value, whole(1), maxPlaces)
  if (big !== null) return formatDigits(String(big < 0n ? -big : big), big < 0n, places)
  if (places === 0) return (units | 0) === units ? `${units | 0}` : String(0 + units)
  const size = Math.abs(units)
  const front = divide(size, power(places))
  const rest = size - front * power(places)
  if (rest >= INTEGER_BELOW) return formatDigits(String(size), units < 0, places)
  const head = front < INTEGER_BELOW ? front | 0 : front
  const text = rest === 0 ? String(head) : head + fraction(rest, places)
  return units < 0 ? '-' + text : text
}

/** ".05" of 5 with 2 places, of 50 with 3 ... Zeros are dropped by fours first: a division takes as long as the rest. */
function fraction(rest: number, places: number): string {
  let digits = rest | 0
  let length = places
  for (; digits % 10_000 === 0; length -= 4) digits = (digits / 10_000) | 0
  if (digits % 100 === 0) {
    digits = (digits / 100) | 0
    length -= 2
  }
  if (digits % 10 === 0) {
    digits = (digits / 10) | 0
    length -= 1
  }
  let width = 1
  while (digits >= power(width)) width += 1
  return (POINT[length - width] as string) + digits
}

function formatDigits(digits: string, isNegative: boolean, places: number): string {
  const padded = digits.length > places ? digits : digits.padStart(places + 1, '0')
  const split = padded.length - places
  let end = padded.length
  while (end > split && padded.charCodeAt(end - 1) === ZERO_CODE) end -= 1
  const size =
    end === split ? padded.slice(0, split) : `${padded.slice(0, split)}.${padded.slice(split, end)}`
  return isNegative ? `-${size}` : size
}
