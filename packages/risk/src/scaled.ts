/**
 * Exact decimal arithmetic on BigInt for the hot path: a value is an integer count of 1e-18. Products of two values
 * count 1e-36; comparisons are made between products of the same number of factors, so nothing is ever rounded.
 */
export type Scaled = bigint

/** Decimals of a scaled value. */
export const SCALE = 18
/** 1 as a scaled value; also the factor that lifts an amount to the scale of a product. */
export const ONE_SCALED: Scaled = 10n ** 18n

const POWERS: bigint[] = Array.from({ length: SCALE + 1 }, (_, places) => 10n ** BigInt(SCALE - places))
const ZERO_CODE = 48
const NINE_CODE = 57
const MINUS_CODE = 45
const DOT_CODE = 46
/** Up to 15 digits fit a double exactly and convert several times faster than a string. */
const SAFE_DIGITS = 15

/**
 * A plain decimal string (at most 18 decimals) as an exact integer count of 1e-18. Scanned by hand: this is what the
 * time of a decision goes into, and a regular expression alone took as long as the rest.
 * @throws {RangeError} on anything else: exponents, blanks, more decimals. Nothing is rounded silently.
 */
export function toScaled(text: string): Scaled {
  const start = text.charCodeAt(0) === MINUS_CODE ? 1 : 0
  let dot = -1
  let value = 0
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code >= ZERO_CODE && code <= NINE_CODE) value = value * 10 + (code - ZERO_CODE)
    else if (code === DOT_CODE && dot < 0 && index > start) dot = index
    else throw notDecimal(text)
  }
  const places = dot < 0 ? 0 : text.length - dot - 1
  const digits = text.length - start - (dot < 0 ? 0 : 1)
  if (digits === 0 || places > SCALE || (dot >= 0 && places === 0)) throw notDecimal(text)
  const integer = digits <= SAFE_DIGITS ? BigInt(start === 0 ? value : -value) : BigInt(text.replace('.', ''))
  return integer * (POWERS[places] as bigint)
}

function notDecimal(text: string): RangeError {
  return new RangeError(`not a decimal with at most 18 decimals: ${JSON.stringify(text)}`)
}

/** As `toScaled`, null stays null. */
export function toScaledOrNull(text: string | null): Scaled | null {
  return text === null ? null : toScaled(text)
}

export function absScaled(value: bigint): bigint {
  return value < 0n ? -value : value
}

/**
 * A plain decimal string without trailing zeros.
 * @param factors 1 for a scaled value, 2 for a product of two (1e-36), and so on
 * @param maxPlaces cut towards zero after so many decimals; default all
 */
export function formatScaled(value: bigint, factors = 1, maxPlaces = SCALE * factors): string {
  const places = SCALE * factors
  const digits = absScaled(value)
    .toString()
    .padStart(places + 1, '0')
  const whole = digits.slice(0, -places)
  const fraction = digits.slice(-places, digits.length - places + maxPlaces).replace(/0+$/, '')
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return value < 0n && text !== '0' ? `-${text}` : text
}

/** part / whole as a scaled fraction, cut towards zero; null when whole is 0. Only for showing, never for comparing. */
export function ratioForDisplay(part: bigint, whole: bigint): Scaled | null {
  return whole === 0n ? null : (part * ONE_SCALED) / whole
}
