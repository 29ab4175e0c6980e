const DASH = '–'

/** 1234567.891 as `1,234,567.89`. */
export function money(value: number | string | null): string {
  if (value === null) return DASH
  const number = Number(value)
  const text = Math.abs(number)
    .toFixed(2)
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return number < 0 && !/^[0.,]+$/.test(text) ? `-${text}` : text
}

/** A fraction as percent with two places. */
export function percent(value: number | null): string {
  if (value === null) return DASH
  const text = (value * 100).toFixed(2)
  return `${text === '-0.00' ? '0.00' : text} %`
}

/** A plain number with fixed places; a dash where it is undefined. */
export function decimal(value: number | null, places = 2): string {
  return value === null ? DASH : value.toFixed(places)
}

/** `2026-01-07 21:00` UTC; the time is left out at midnight. */
export function instant(ms: number): string {
  const text = new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
  return text.endsWith('00:00') ? text.slice(0, 10) : text
}
