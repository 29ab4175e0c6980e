/**
 * How column values become JavaScript values, for both engines alike: pg and PGlite disagree by default on
 * numeric, int8, date, intervals, bytea and arrays.
 */
export type ValueParser = (text: string) => unknown

const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  json: 114,
  float4: 700,
  float8: 701,
  boolArray: 1000,
  int2Array: 1005,
  int4Array: 1007,
  textArray: 1009,
  varcharArray: 1015,
  int8Array: 1016,
  float4Array: 1021,
  float8Array: 1022,
  date: 1082,
  timestamp: 1114,
  timestamptzArray: 1185,
  timestamptz: 1184,
  dateArray: 1182,
  interval: 1186,
  numericArray: 1231,
  numeric: 1700,
  uuidArray: 2951,
  jsonb: 3802,
} as const

export function parseSafeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint beyond the safe integers: ${text}`)
  return value
}

/** `2026-01-07 16:30:00.123+00`, whatever the session's zone; the columns keep milliseconds. */
export function parseTimestamptz(text: string): Date {
  const offset = /[+-]\d{2}(:\d{2})?$/.exec(text)?.[0]
  if (offset === undefined) throw new RangeError(`not an instant: ${text}`)
  const zone = offset.length === 3 ? `${offset}:00` : offset
  const at = new Date(`${text.slice(0, -offset.length).replace(' ', 'T')}${zone}`)
  if (Number.isNaN(at.getTime())) throw new RangeError(`not an instant: ${text}`)
  return at
}

function parseBytea(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex')
}

/** A one-dimensional array literal `{1,"a \"quoted\" one",NULL}`. */
export function parseArray<T>(text: string, parseElement: (element: string) => T): (T | null)[] {
  const elements: (T | null)[] = []
  let at = 1
  while (at < text.length - 1) {
    const quoted = text[at] === '"'
    const end = quoted ? endOfQuoted(text, at + 1) : endOfPlain(text, at)
    const raw = quoted ? text.slice(at + 1, end).replace(/\\(.)/gs, '$1') : text.slice(at, end)
    elements.push(!quoted && raw === 'NULL' ? null : parseElement(raw))
    at = (quoted ? end + 1 : end) + 1
  }
  return elements
}

function endOfPlain(text: string, from: number): number {
  const comma = text.indexOf(',', from)
  return comma === -1 ? text.length - 1 : comma
}

function endOfQuoted(text: string, from: number): number {
  let at = from
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

const same: ValueParser = (text) => text
const arrayOf =
  (parseElement: ValueParser): ValueParser =>
  (text) =>
    parseArray(text, parseElement)
const isTrue: ValueParser = (text) => text === 't'

/** Element types first: PGlite derives its own array parsers from these. */
export const typeParsers: Readonly<Record<number, ValueParser>> = {
  [OID.bool]: isTrue,
  [OID.bytea]: parseBytea,
  [OID.int8]: parseSafeInteger,
  [OID.int2]: Number,
  [OID.int4]: Number,
  [OID.text]: same,
  [OID.float4]: Number,
  [OID.float8]: Number,
  [OID.json]: JSON.parse,
  [OID.jsonb]: JSON.parse,
  [OID.numeric]: same,
  [OID.date]: same,
  [OID.interval]: same,
  [OID.timestamp]: same,
  [OID.timestamptz]: parseTimestamptz,
  [OID.boolArray]: arrayOf(isTrue),
  [OID.int2Array]: arrayOf(Number),
  [OID.int4Array]: arrayOf(Number),
  [OID.int8Array]: arrayOf(parseSafeInteger),
  [OID.float4Array]: arrayOf(Number),
  [OID.float8Array]: arrayOf(Number),
  [OID.textArray]: arrayOf(same),
  [OID.varcharArray]: arrayOf(same),
  [OID.uuidArray]: arrayOf(same),
  [OID.numericArray]: arrayOf(same),
  [OID.dateArray]: arrayOf(same),
  [OID.timestamptzArray]: arrayOf(parseTimestamptz),
}
