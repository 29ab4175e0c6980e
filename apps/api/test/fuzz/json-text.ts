/** A number too large for JavaScript, as text in JSON. */
export const HUGE = '@@1e400@@'
/** A key that JSON text can hold and an object literal cannot. */
export const PROTO_KEY = '@@__proto__@@'

/** JSON text of a value in which the markers stand for what no value can say. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(`"${HUGE}"`, '1e400').replaceAll(PROTO_KEY, '__proto__')
}

/** What a server reads from that text, except for `__proto__`, which it must refuse anyway. */
export function asRead(value: unknown): unknown {
  if (value === HUGE) return Infinity
  if (Array.isArray(value)) return value.map(asRead)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asRead(item)]))
}

/** `encodeURIComponent` refuses a lone surrogate; a hostile client sends its bytes. */
export function percentEncode(text: string): string {
  return Array.from(text)
    .map((letter) => (/^[\ud800-\udfff]$/.test(letter) ? '%ED%A0%80' : encodeURIComponent(letter)))
    .join('')
    .replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E'))
}
