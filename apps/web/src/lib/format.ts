import { getPreferences, type Preferences } from './preferences.ts'

/** What the contracts send as a number: decimal strings in v1, numbers in rl. */
export type Numeric = string | number | null | undefined

export const DASH = '–'
const MINUS = '−'
const HIDDEN = '••••'

export function toNumber(value: Numeric): number | null {
  if (value === null || value === undefined || value === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

export function locale(preferences: Preferences = getPreferences()): string {
  return preferences.language === 'es' ? 'es-CO' : 'en-US'
}

const NUMBER_LOCALE = { point: 'en-US', comma: 'es-CO' } as const

function numberLocale(): string {
  const { numbers } = getPreferences()
  return numbers === 'language' ? locale() : NUMBER_LOCALE[numbers]
}

const cache = new Map<string, Intl.NumberFormat>()

function numberFormat(min: number, max: number, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = `${numberLocale()}|${min}|${max}|${JSON.stringify(options)}`
  let format = cache.get(key)
  if (!format) {
    format = new Intl.NumberFormat(numberLocale(), {
      minimumFractionDigits: min,
      maximumFractionDigits: max,
      ...options,
    })
    cache.set(key, format)
  }
  return format
}

/** A real minus sign, as wide as the plus, so that columns of signed numbers line up. */
function typographic(text: string): string {
  return text.replace('-', /[1-9]/.test(text) ? MINUS : '')
}

export function formatNumber(value: Numeric, digits = 2): string {
  const number = toNumber(value)
  return number === null ? DASH : typographic(numberFormat(digits, digits).format(number))
}

/** Prices and quantities keep the decimals they came with, at least two. */
export function formatPrice(value: Numeric, min = 2, max = 6): string {
  const number = toNumber(value)
  return number === null ? DASH : typographic(numberFormat(min, max).format(number))
}

export function formatQuantity(value: Numeric): string {
  const number = toNumber(value)
  return number === null ? DASH : typographic(numberFormat(0, 4).format(number))
}

export function formatInteger(value: Numeric): string {
  return formatNumber(value, 0)
}

interface AmountOptions {
  signed?: boolean
  digits?: number
}

/** US dollars. Hidden behind dots when the reader asked for that. */
export function formatUsd(value: Numeric, { signed = false, digits = 2 }: AmountOptions = {}): string {
  const number = toNumber(value)
  if (number === null) return DASH
  if (getPreferences().hideAmounts) return `$${HIDDEN}`
  const text = numberFormat(digits, digits).format(Math.abs(number))
  return `${signOf(number, text, signed)}$${text}`
}

/** A number already in percent. */
export function formatPercent(value: Numeric, { signed = false, digits = 2 }: AmountOptions = {}): string {
  const number = toNumber(value)
  if (number === null) return DASH
  const text = numberFormat(digits, digits).format(Math.abs(number))
  return `${signOf(number, text, signed)}${text} %`
}

/** A fraction 0..1 shown in percent. */
export function formatFraction(value: Numeric, digits = 1): string {
  const number = toNumber(value)
  return number === null ? DASH : formatPercent(number * 100, { digits })
}

/** The contracts disagree on a drawdown's sign; on screen it is always a negative percentage. */
export function formatDrawdown(value: Numeric, digits = 2): string {
  const number = toNumber(value)
  if (number === null) return DASH
  return formatPercent(number === 0 ? 0 : -Math.abs(number), { digits })
}

/** What rounds to nothing has no sign: neither a loss of 0.00 nor a gain. */
function signOf(number: number, text: string, signed: boolean): string {
  if (!/[1-9]/.test(text)) return ''
  if (number < 0) return MINUS
  return signed && number > 0 ? '+' : ''
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()

/** Making one takes longer than drawing the row it stands in: each is made once. */
function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()}|${JSON.stringify(options)}`
  let format = dateFormats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(locale(), options)
    dateFormats.set(key, format)
  }
  return format
}

function zoneName(): string | undefined {
  const { zone } = getPreferences()
  return zone === 'local' ? undefined : zone
}

export function formatDate(value: string | null | undefined): string {
  if (!value) return DASH
  const dayOnly = value.length === 10
  return dateFormat({ dateStyle: 'medium', timeZone: dayOnly ? 'UTC' : zoneName() }).format(new Date(value))
}

const MINUTE = {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const

function formatInstant(value: string | number | null | undefined, seconds: boolean): string {
  if (value === null || value === undefined || value === '') return DASH
  const date = new Date(value)
  // Today's year goes without saying; any other is shown.
  const year = date.getUTCFullYear() === new Date().getUTCFullYear() ? {} : ({ year: 'numeric' } as const)
  const second = seconds ? ({ second: '2-digit' } as const) : {}
  return dateFormat({ ...MINUTE, ...year, ...second, timeZone: zoneName() }).format(date)
}

export function formatDateTime(value: string | number | null | undefined): string {
  return formatInstant(value, true)
}

/** To the minute, where seconds tell nothing. */
export function formatMinute(value: string | number | null | undefined): string {
  return formatInstant(value, false)
}

export function formatTime(value: string | number): string {
  return dateFormat({
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: zoneName(),
  }).format(new Date(value))
}

/** SI symbols: the same in every language. */
const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** The two largest units: "13 h 58 min", "4 d 2 h", "51 s". */
export function formatDuration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds))
  const first = UNITS.findIndex(([, size]) => total >= size)
  if (first === -1) return '0 s'
  let rest = total
  const parts: string[] = []
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return parts.join(' ')
}

/** `mm:ss`, for countdowns. */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(whole / 60))}:${pad(whole % 60)}`
}
