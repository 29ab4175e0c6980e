/** How a file writes its numbers: which sign stands before the decimals. */
export type DecimalSign = 'point' | 'comma'

const MISSING = new Set(['', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '-', '--', '.', '?'])
const MULTIPLIERS: Record<string, number> = { k: 3, m: 6, b: 9, t: 12 }
/** As many digits as the server keeps; more are an error, never rounded. */
const STORABLE = /^-?\d{1,30}(\.\d{1,18})?$/
const POINT_NUMBER = /^[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?(e[+-]?\d{1,3})?$/i
const COMMA_NUMBER = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?(e[+-]?\d{1,3})?$/i

/** True for the ways in which files say "no value". */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.trim().toLowerCase())
}

/** The cell without currency signs and codes, quotes and the spaces or apostrophes that group thousands. */
function strip(cell: string): string {
  return cell
    .replaceAll(/[\s\u00a0\u202f$€£¥'’]/g, '')
    .replace(/^(US|COP|USD|EUR|GBP|MXN)(?=[\d.,+-])/i, '')
    .replace(/(?<=\d)(COP|USD|EUR|GBP|MXN)$/i, '')
}

type Evidence = DecimalSign | 'comma-groups-or-decimals' | 'none'

function evidenceOf(cell: string): Evidence {
  const text = strip(cell)
  const commas = text.split(',').length - 1
  const points = text.split('.').length - 1
  if (commas > 0 && points > 0) return text.lastIndexOf(',') > text.lastIndexOf('.') ? 'comma' : 'point'
  if (commas > 1) return 'point'
  if (points > 1) return 'comma'
  if (commas === 1) return /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text) ? 'comma-groups-or-decimals' : 'comma'
  // A lone point is how nearly every file writes decimals; "1.234" alone is no sign of thousands.
  if (points === 1) return /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text) ? 'none' : 'point'
  return 'none'
}

/**
 * Decides by the evidence of all cells whether `1,234` and `1.234` are thousands or decimals.
 * @param cellsAreSeparatedByComma in such a file a decimal comma would have to be quoted in every cell
 * @returns null when the cells allow both readings: the caller asks the person
 */
export function inferDecimalSign(
  cells: Iterable<string>,
  cellsAreSeparatedByComma: boolean,
): DecimalSign | null {
  const count = { point: 0, comma: 0, 'comma-groups-or-decimals': 0, none: 0 }
  for (const cell of cells) count[evidenceOf(cell)] += 1
  if (count.point > count.comma) return 'point'
  if (count.comma > count.point) return 'comma'
  if (count['comma-groups-or-decimals'] === 0) return 'point'
  return cellsAreSeparatedByComma ? 'point' : null
}

/** A cell as a plain decimal string (`$4,008.70` -> `4008.70`, `1.2M` -> `1200000`); null when it is no number. */
export function parseNumber(cell: string, sign: DecimalSign): string | null {
  const text = strip(cell)
  const scale = MULTIPLIERS[text.at(-1)?.toLowerCase() ?? '']
  const digits = scale === undefined ? text : text.slice(0, -1)
  if (!/\d/.test(digits) || !(sign === 'point' ? POINT_NUMBER : COMMA_NUMBER).test(digits)) return null
  const plain = sign === 'point' ? digits.replaceAll(',', '') : digits.replaceAll('.', '').replace(',', '.')
  const [mantissa = '', exponent = '0'] = plain.toLowerCase().split('e')
  const value = shiftPoint(mantissa, Number(exponent) + (scale ?? 0))
  return STORABLE.test(value) ? value : null
}

/** Moves the decimal point of a plain decimal without rounding, and drops leading zeros and a leading plus. */
function shiftPoint(mantissa: string, places: number): string {
  const negative = mantissa.startsWith('-')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const digits = whole + fraction
  const at = whole.length + places
  const padded = at <= 0 ? '0'.repeat(1 - at) + digits : digits.padEnd(at, '0')
  const point = Math.max(at, 1)
  const integer = padded.slice(0, point).replace(/^0+(?=\d)/, '')
  const decimals = padded.slice(point)
  const value = decimals === '' ? integer : `${integer}.${decimals}`
  return negative && /[1-9]/.test(value) ? `-${value}` : value
}
