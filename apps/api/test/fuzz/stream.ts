import {
  rlError,
  rlStreamMessage,
  rlStreamQuery,
  STREAM_CLOSE_CODES,
  STREAM_PATH,
} from '@quantdeck/contracts'
import fc from 'fast-check'
import * as z from 'zod'

import { frame, type Conversation } from './frames.ts'
import { HOSTILE_TEXTS, UNKNOWN_FIELDS } from './hostile.ts'
import { percentEncode } from './json-text.ts'
import { valuesOf, type Schema } from './schema-values.ts'

/** A handshake and what is said after it. */
export interface Visit {
  handshake: string
  bytes: Buffer[]
}

const TEXT = 1
const CLOSE = 8
/** A protocol error, a text that is none, a frame that is too large; and the stream's own. */
const CLOSE_CODES = new Set<number>([1000, 1002, 1005, 1007, 1009, ...Object.values(STREAM_CLOSE_CODES)])

type Headers = Record<string, string>

const UPGRADE: Headers = {
  host: 'localhost',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

function handshake(path: string, headers: Headers, method = 'GET'): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

function pathOf(query: readonly (readonly [string, string])[]): string {
  const text = query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&')
  return text === '' ? STREAM_PATH : `${STREAM_PATH}?${text}`
}

const schema = z.toJSONSchema(rlStreamQuery, { io: 'input' }) as unknown as Schema

/** Parameters that the contract takes. */
const validQuery = valuesOf(schema, schema.$defs ?? {}, {}) as fc.Arbitrary<Record<string, string>>

/** What a client may say after the handshake: mostly what nobody expects. */
const bytes: fc.Arbitrary<Buffer[]> = fc.array(
  fc.oneof(
    fc.constant(frame(TEXT, Buffer.from('ping'))),
    fc.constant(frame(9, Buffer.from('pinged'))),
    fc.string({ unit: 'binary', maxLength: 60 }).map((text) => frame(TEXT, Buffer.from(text))),
    fc.json().map((text) => frame(TEXT, Buffer.from(text))),
    fc
      .tuple(fc.nat({ max: 15 }), fc.uint8Array({ maxLength: 30 }), fc.boolean(), fc.boolean())
      .map(([opcode, payload, isFinal, isMasked]) =>
        frame(opcode, Buffer.from(payload), { isFinal, isMasked }),
      ),
    fc.constant(frame(TEXT, Buffer.from([0xff, 0xfe]))),
    fc.constant(frame(TEXT, Buffer.alloc(17_000, 'x'))),
    fc.constant(frame(TEXT, Buffer.from('half'), { says: 60_000 })),
    fc.constant(frame(CLOSE, Buffer.from([0]))),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((garbage) => Buffer.from(garbage)),
  ),
  { maxLength: 4 },
)

export function validVisits(token: string): fc.Arbitrary<Visit> {
  const headers = { ...UPGRADE, authorization: `Bearer ${token}` }
  const asked = fc.oneof(
    { weight: 3, arbitrary: validQuery.map(({ ticket: _ticket, ...query }) => query) },
    { weight: 1, arbitrary: validQuery },
  )
  return fc
    .tuple(
      asked.filter((query) => rlStreamQuery.safeParse(query).success),
      bytes,
    )
    .map(([query, said]) => ({ handshake: handshake(pathOf(Object.entries(query)), headers), bytes: said }))
}

/** Handshakes of which the path, a parameter or a header is wrong. */
export function malformedVisits(token: string): fc.Arbitrary<Visit> {
  const headers = { ...UPGRADE, authorization: `Bearer ${token}` }
  const texts = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }))
  const names = fc.constantFrom('since', 'snapshot', 'ticket')
  const wrongQueries = fc
    .tuple(validQuery, names, texts, fc.constantFrom(...UNKNOWN_FIELDS))
    .map(([query, name, text, extra]) => ({ ...query, [name]: text.slice(0, 1_000), [extra]: '1' }))
    .filter((query) => !rlStreamQuery.safeParse(asReceived(query)).success)
    .map((query) => pathOf(Object.entries(query)))
  const repeated = fc.tuple(names, fc.nat()).map(([name, at]) => {
    const value = name === 'since' ? String(at) : '1'
    return pathOf([
      [name, value],
      [name, value],
    ])
  })
  const strangePaths = fc.constantFrom(
    ...[
      '//',
      `//${STREAM_PATH}`,
      `${STREAM_PATH}/`,
      '/ws',
      '/ws/%2e%2e/trading-signals',
      '/trpcx',
      '/ws/\u00ff',
    ],
    ...[`http://[${STREAM_PATH}`, '*', `${STREAM_PATH}?${'a=b&'.repeat(1_000)}`],
  )
  const strangeHeaders = fc.constantFrom<Headers>(
    { upgrade: 'h2c' },
    { 'sec-websocket-version': '99' },
    { 'sec-websocket-key': 'short' },
    { 'sec-websocket-protocol': 'a b, ,' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { host: 'evil.example' },
    { host: '[' },
  )
  const method = fc.constantFrom('POST', 'HEAD', 'PUT', 'OPTIONS')
  const visit = (path: string, changed: Headers = {}, verb = 'GET') => ({
    handshake: handshake(path, { ...headers, ...changed }, verb),
    bytes: [],
  })
  return fc.oneof(
    { weight: 6, arbitrary: wrongQueries.map((path) => visit(path)) },
    { weight: 2, arbitrary: repeated.map((path) => visit(path)) },
    { weight: 2, arbitrary: strangePaths.map((path) => visit(path)) },
    { weight: 2, arbitrary: strangeHeaders.map((changed) => visit(STREAM_PATH, changed)) },
    { weight: 1, arbitrary: method.map((verb) => visit(STREAM_PATH, {}, verb)) },
  )
}

/** Bytes that are no UTF-8 arrive as U+FFFD. */
function asReceived(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value.toWellFormed()]))
}

/** @returns what is wrong with the answer, null if nothing is */
export function judgeRefusal({ status, text }: Conversation): string | null {
  if (status < 400 || status >= 500) return `answered ${status}`
  // What the WebSocket library itself refuses, it says in a word of its own.
  if (!text.startsWith('{')) return null
  const { error } = rlError.safeParse(JSON.parse(text))
  return error === undefined ? null : `no error of the document: ${z.prettifyError(error)}`
}

/** @returns what is wrong with what the stream said, null if nothing is */
export function judgeStream({ status, frames }: Conversation): string | null {
  if (status !== 101) return `answered ${status}`
  for (const { opcode, payload } of frames) {
    if (opcode === TEXT) {
      const text = payload.toString('utf8')
      if (text === 'pong') continue
      const { error } = rlStreamMessage.safeParse(JSON.parse(text))
      if (error !== undefined) return `no message of the document: ${z.prettifyError(error)}`
    }
    if (opcode === CLOSE && payload.length >= 2 && !CLOSE_CODES.has(payload.readUInt16BE(0))) {
      return `closed with ${payload.readUInt16BE(0)}`
    }
  }
  return null
}
