import { HUGE, PROTO_KEY } from './json-text.ts'

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

/** Values for any field: wrong types, edges, and what breaks careless servers. Which are wrong says the schema. */
export const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  9_007_199_254_740_992,
  -1e308,
  HUGE,
  [],
  {},
  [[]],
  [null],
  { a: 1 },
  { [PROTO_KEY]: { isAdmin: true } },
  { constructor: { prototype: { isAdmin: true } } },
  { toString: 1, valueOf: null, toJSON: 'x' },
  nested(40),
  nested(500),
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\u202e\u0007\u001b[31m',
  '\r\nset-cookie: a=b',
  'NaN',
  'Infinity',
  '-0',
  '1e400',
  '1e-400',
  '0x10',
  '١٢٣',
  '1'.repeat(400),
  `0.${'0'.repeat(300)}1`,
  'x'.repeat(20_000),
  '🙂'.repeat(3_000),
  '2026-02-30',
  '9999-99-99T99:99:99Z',
  '+275760-09-13T00:00:00.000Z',
  "'; DROP TABLE users; --",
  '../../../../etc/passwd',
  '..',
  '%2e%2e%2f',
  '${jndi:ldap://x}',
  '__proto__',
  'constructor',
  'hasOwnProperty',
]

/** Query strings and paths say these in text alone. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...HOSTILE_VALUES.filter((value) => typeof value === 'string' && value !== HUGE && value.length < 3_000),
  'x'.repeat(2_000),
  'true',
  'null',
  '[object Object]',
  '-1',
  '0',
  '101',
  '1.5',
  '99999999999999999999',
] as string[]

/** Names that no operation has. */
export const UNKNOWN_FIELDS = [
  'unexpected',
  'is_admin',
  'role_',
  PROTO_KEY,
  'constructor',
  'toString',
  'ünïcode',
  ' ',
  '$where',
]

/** Bodies that are no JSON object, whatever the operation. */
export const BROKEN_BODIES: readonly (string | Buffer)[] = [
  '{',
  '{"a":',
  '{"a":1,}',
  "{'a':1}",
  '[]',
  '[{}]',
  'null',
  '5',
  '"text"',
  'undefined',
  '{"a":01}',
  '\u0000',
  ' ',
  '\ufeff{"a":1}',
  '['.repeat(20_000),
  '{"a":'.repeat(10_000),
  '{"__proto__":{"isAdmin":true}}',
  '{"a":{"constructor":{"prototype":{}}}}',
  Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
  Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]),
]

/** Types that no body of ours has. */
export const WRONG_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/xml',
  '',
]

/** Headers that a read might stumble over. */
export const HOSTILE_HEADERS: readonly (readonly [string, string])[] = [
  ['accept', 'image/png'],
  ['accept', '*/*;q=oops, ,,'],
  ['accept-encoding', 'br;q=2, identity;q=0'],
  ['accept-language', 'x'.repeat(3_000)],
  ['content-type', '\u00ff\u00fe'],
  ['cookie', `qd_refresh=; ${'a=b; '.repeat(200)}`],
  ['idempotency-key', 'a b'],
  ['if-match', '"'],
  ['if-modified-since', 'yesterday'],
  ['if-none-match', '*'],
  ['if-none-match', `W/"${'x'.repeat(5_000)}"`],
  ['origin', 'https://evil.example'],
  ['range', 'bytes=0-0,-1,9-'],
  ['user-agent', '${jndi:ldap://x}\u0080'],
  ['x-api-key', ' '],
  ['x-forwarded-for', '::1, unknown, 300.1.1.1'],
  ['x-http-method-override', 'DELETE'],
  ['x-request-id', '<script>'],
  ['x-request-id', 'x'.repeat(129)],
]

/** What stands in tRPC's `input` or body and is no input of ours. Its `meta` would build dates, maps and errors. */
export const BROKEN_ENVELOPES = [
  '{',
  'x',
  '{"json":[1]}',
  '{"json":"text"}',
  '{"json":5}',
  '{"json":{"__proto__":{"isAdmin":true}}}',
  '{"json":{"a":{"constructor":{}}}}',
  '{"json":[1],"meta":{"values":{"0":["Date"]}}}',
  '{"json":[1],"meta":{"values":{"__proto__.polluted":["Date"]}}}',
  '{"json":[1],"meta":{"values":["Error"]}}',
  '{"json":["x"],"meta":{"values":{"0":["regexp"]}}}',
  '{"json":["x"],"meta":{"values":{"0":[["custom","decimal"]]}}}',
  '{"json":["x"],"meta":{"values":{"0":["bigint"]}}}',
  '{"json":[1],"meta":{"referentialEqualities":{"0":["constructor.prototype"]}}}',
  '{"json":[1],"meta":5}',
  `{"json":${'['.repeat(400)}${']'.repeat(400)}}`,
]
