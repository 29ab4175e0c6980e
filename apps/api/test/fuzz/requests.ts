import type { Endpoint } from '@quantdeck/contracts'
import fc from 'fast-check'
import * as z from 'zod'

import {
  BROKEN_BODIES,
  BROKEN_ENVELOPES,
  HOSTILE_TEXTS,
  HOSTILE_VALUES,
  UNKNOWN_FIELDS,
  WRONG_TYPES,
} from './hostile.ts'
import { asRead, HUGE, PROTO_KEY, percentEncode, toJsonText } from './json-text.ts'
import type { RawRequest } from './client.ts'
import { valuesOf, type Hints, type Schema } from './schema-values.ts'

export type Door = 'rest' | 'trpc'
/** Node itself refuses longer ones, below everything that is ours. */
const LONGEST_URL = 14_000

type Input = Record<string, unknown>

/** An operation to be fuzzed: its procedure's dotted name and its contract. */
export interface Target {
  name: string
  endpoint: Endpoint
}

/** Inputs that the contract's schema accepts. */
export function validInputs({ endpoint }: Target, hints: Hints): fc.Arbitrary<Input> {
  const schema = z.toJSONSchema(endpoint.input, { io: 'input', unrepresentable: 'any' }) as unknown as Schema
  return fc
    .tuple(valuesOf(schema, schema.$defs ?? {}, hints) as fc.Arbitrary<Input>, fc.boolean())
    .map(([input, isOrdered]) => (isOrdered ? withOrderedDates(input) : input))
    .filter((input) => endpoint.input.safeParse(input).success)
}

/** A range that ends before it starts is refused: half of them are put right. */
function withOrderedDates(input: Input): Input {
  const { from_date: from, to_date: to } = input
  if (typeof from !== 'string' || typeof to !== 'string' || from <= to) return input
  return { ...input, from_date: to, to_date: from }
}

/** A request of the contract, through one of the doors. */
export function requestOf(target: Target, door: Door, input: Input): RawRequest {
  return door === 'rest' ? restRequest(target, input) : trpcRequest(target, toJsonText({ json: input }))
}

function pathFieldsOf({ endpoint }: Target): string[] {
  return [...endpoint.meta.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

const hasQuery = ({ endpoint: { meta } }: Target) => meta.method === 'GET' || meta.method === 'DELETE'

function restRequest(target: Target, input: Input): RawRequest {
  const { method, path } = target.endpoint.meta
  const pathFields = pathFieldsOf(target)
  const filled = path.replace(/\{(\w+)\}/g, (_match, name: string) =>
    percentEncode(String(input[name] ?? '')),
  )
  const others = Object.entries(input).filter(([name]) => !pathFields.includes(name))
  if (!hasQuery(target)) {
    if (others.length === 0) return { method, path: filled, headers: {} }
    return jsonRequest(method, filled, toJsonText(Object.fromEntries(others)))
  }
  const query = others
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(String(value))}`)
    .join('&')
  return { method, path: query === '' ? filled : `${filled}?${query}`, headers: {} }
}

function jsonRequest(
  method: string,
  path: string,
  body: string | Buffer,
  type = 'application/json',
): RawRequest {
  const headers: Record<string, string> = { 'content-length': String(Buffer.byteLength(body)) }
  if (type !== '') headers['content-type'] = type
  return { method, path, headers, body }
}

function trpcRequest({ name, endpoint }: Target, envelope: string): RawRequest {
  if (endpoint.meta.method !== 'GET') return jsonRequest('POST', `/trpc/${name}`, envelope)
  return { method: 'GET', path: `/trpc/${name}?input=${percentEncode(envelope)}`, headers: {} }
}

/** A request that must be refused, unless there is nothing in it that its operation looks at. */
export interface Malformed extends RawRequest {
  isIgnored?: true
}

/** Requests with one thing wrong each; what a schema happens to accept is not among them. */
export function malformedRequests(target: Target, door: Door, hints: Hints): fc.Arbitrary<Malformed> {
  const valid = validInputs(target, hints)
  const broken = door === 'rest' ? brokenRest(target, valid) : brokenTrpc(target)
  const fields = Object.keys(target.endpoint.input.shape)
  const inputs = malformedInputs(target, door, valid, fields)
  if (inputs === null) return broken
  const wrong = inputs
    .map((input) => requestOf(target, door, input))
    .filter(({ path }) => path.length < LONGEST_URL)
  return fc.oneof({ weight: 4, arbitrary: wrong }, { weight: 1, arbitrary: broken })
}

/** Null where nothing that is a JSON object can be wrong: a read without parameters ignores them all. */
function malformedInputs(target: Target, door: Door, valid: fc.Arbitrary<Input>, fields: string[]) {
  const takesBody = door === 'rest' && !hasQuery(target)
  const kinds: fc.Arbitrary<Input>[] = []
  const set = (input: Input, name: string, value: unknown): Input => ({ ...input, [name]: value })
  if (fields.length > 0) {
    const values = fc.constantFrom(...HOSTILE_VALUES)
    kinds.push(
      fc
        .tuple(valid, fc.constantFrom(...fields), values)
        .map(([input, name, value]) => set(input, name, value)),
    )
    kinds.push(fc.tuple(valid, fc.constantFrom(...fields)).map(([input, name]) => without(input, name)))
  }
  if (takesBody) {
    const names = fc.constantFrom(...UNKNOWN_FIELDS)
    kinds.push(fc.tuple(valid, names).map(([input, name]) => set(input, name, 1)))
  }
  if (kinds.length === 0) return null
  return fc
    .oneof(...kinds)
    .map((input) => asSent(target, door, input))
    .filter((input) => isWrong(target, door, input))
}

function without(input: Input, name: string): Input {
  return Object.fromEntries(Object.entries(input).filter(([key]) => key !== name))
}

/** Paths and queries carry text only: other values become a text as hostile as they are. */
function asSent(target: Target, door: Door, input: Input): Input {
  if (door === 'trpc') return input
  const textual = hasQuery(target) ? Object.keys(input) : pathFieldsOf(target)
  const change = Object.fromEntries(
    textual.filter((name) => name in input).map((name) => [name, asText(input[name])]),
  )
  return { ...input, ...change }
}

function asText(value: unknown): string {
  if (value === HUGE) return '1e400'
  if (typeof value === 'string') return value.slice(0, 2_000)
  const text = JSON.stringify(value) ?? ''
  return text.length > 2_000 ? (HOSTILE_TEXTS[text.length % HOSTILE_TEXTS.length] ?? '') : text
}

/** Refused by the schema, whichever way text is read, or by the rules that stand before every schema. */
function isWrong(target: Target, door: Door, input: Input): boolean {
  const { endpoint } = target
  const pathFields = pathFieldsOf(target)
  if (door === 'rest') {
    if (pathFields.some((name) => input[name] === undefined)) return true
    if (hasQuery(target)) return !endpoint.input.safeParse(readQuery(target, input)).success
    if (Object.keys(input).some((name) => !(name in endpoint.input.shape))) return true
  }
  if (JSON.stringify(input).includes(PROTO_KEY)) return true
  return !endpoint.input.safeParse(asRead(input)).success
}

/** A query says 5 and "5" alike: each field as its schema would rather have it. */
function readQuery({ endpoint }: Target, input: Input): Input {
  const shape = endpoint.input.shape as Record<string, z.ZodType>
  const entries = Object.entries(input).map(([name, value]) => {
    // Bytes that are no UTF-8 arrive as U+FFFD.
    const text = String(value).toWellFormed()
    const readings: unknown[] = [text, text === 'true' || text === 'false' ? text === 'true' : text]
    if (/^-?\d+(?:\.\d+)?$/.test(text)) readings.push(Number(text))
    return [name, readings.find((reading) => shape[name]?.safeParse(reading).success) ?? text]
  })
  return Object.fromEntries(entries) as Input
}

/** Bodies that are no JSON object, types that are not ours, too much, and headers that cannot be. */
function brokenRest(target: Target, valid: fc.Arbitrary<Input>): fc.Arbitrary<Malformed> {
  const { method, maxBodyBytes, idempotent } = target.endpoint.meta
  if (method === 'GET') return strangeReads(target, valid)
  const path = valid.map((input) => restRequest(target, input).path)
  const bodies = fc.tuple(path, fc.constantFrom(...BROKEN_BODIES))
  const kinds = [
    { weight: 8, arbitrary: bodies.map(([url, body]) => jsonRequest(method, url, body)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(path, fc.constantFrom(...WRONG_TYPES))
        .map(([url, type]) => jsonRequest(method, url, '{"a":1}', type)),
    },
  ]
  if (maxBodyBytes < 100_000) {
    const large = `{"a":"${'x'.repeat(maxBodyBytes)}"}`
    kinds.push({ weight: 1, arbitrary: path.map((url) => jsonRequest(method, url, large)) })
  }
  if (idempotent) {
    const keys = fc.constantFrom('', ' ', 'a b', 'x'.repeat(129), '\u00ff')
    kinds.push({
      weight: 1,
      arbitrary: fc.tuple(valid, keys).map(([input, key]) => {
        const request = restRequest(target, input)
        return { ...request, headers: { ...request.headers, 'idempotency-key': key } }
      }),
    })
  }
  return fc.oneof(...kinds)
}

/** A read has no body to break: unknown parameters, bodies and types are ignored, whatever is in them. */
function strangeReads(target: Target, valid: fc.Arbitrary<Input>): fc.Arbitrary<Malformed> {
  const path = valid.map((input) => restRequest(target, input).path)
  const queries = fc.tuple(path, fc.constantFrom(...UNKNOWN_FIELDS), fc.constantFrom(...HOSTILE_TEXTS))
  const bodies = fc.tuple(
    path,
    fc.constantFrom(...BROKEN_BODIES),
    fc.constantFrom('application/json', ...WRONG_TYPES),
  )
  return fc.oneof(
    queries.map(([url, name, value]): Malformed => {
      const separator = url.includes('?') ? '&' : '?'
      const extra = `${percentEncode(name)}=${percentEncode(value)}`
      return { method: 'GET', path: `${url}${separator}${extra}`, headers: {}, isIgnored: true }
    }),
    bodies.map(([url, body, type]): Malformed => ({
      ...jsonRequest('GET', url, body, type),
      isIgnored: true,
    })),
  )
}

function brokenTrpc(target: Target): fc.Arbitrary<RawRequest> {
  return fc.constantFrom(...BROKEN_ENVELOPES).map((envelope) => trpcRequest(target, envelope))
}
