import fc from 'fast-check'
import * as z from 'zod'

import {
  BROKEN_BODIES,
  BROKEN_ENVELOPES,
  HOSTILE_HEADERS,
  HOSTILE_TEXTS,
  HOSTILE_VALUES,
  UNKNOWN_FIELDS,
  WRONG_TYPES,
} from './hostile.ts'
import { asRead, HUGE, percentEncode, PROTO_KEY, toJsonText } from './json-text.ts'
import {
  hasQuery,
  jsonRequest,
  pathFieldsOf,
  readQuery,
  requestOf,
  restRequest,
  trpcRequest,
  type FuzzRequest,
  type Input,
} from './requests.ts'
import type { Hints } from './schema-values.ts'
import type { Door, Target } from './targets.ts'
import { validInputs } from './valid.ts'

/** Node itself refuses longer ones, below everything that is ours. */
const LONGEST_URL = 14_000

/** A request that must be refused, unless there is nothing in it that its operation looks at. */
export interface Malformed extends FuzzRequest {
  isIgnored?: true
}

/** Inputs to spoil: enough of them that no two requests are alike, few enough to be made in no time. */
const BASES = 100

/**
 * Requests with one thing wrong each; what a schema happens to accept is not among them.
 * @param seed of the valid inputs that they are made from
 */
export function malformedRequests(
  target: Target,
  door: Door,
  { hints, seed }: { hints: Hints; seed: number },
): fc.Arbitrary<Malformed> {
  const valid = fc.constantFrom(...fc.sample(validInputs(target, hints), { numRuns: BASES, seed }))
  const broken = door === 'rest' ? brokenRest(target, valid) : brokenTrpc(target)
  const inputs = malformedInputs(target, door, valid)
  if (inputs === null) return broken
  const wrong = inputs
    .map((input) => requestOf(target, door, input))
    .filter(({ path }) => path.length < LONGEST_URL)
  return fc.oneof({ weight: 4, arbitrary: wrong }, { weight: 1, arbitrary: broken })
}

/** Any value that JSON has, those that break careless servers first. */
const STRANGE = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_VALUES) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })) },
)

/** Null where nothing that is a JSON object can be wrong: a read without parameters ignores them all. */
function malformedInputs(target: Target, door: Door, valid: fc.Arbitrary<Input>): fc.Arbitrary<Input> | null {
  const fields = Object.keys(target.input.shape)
  const kinds: { weight: number; arbitrary: fc.Arbitrary<Input> }[] = []
  if (fields.length > 0) {
    const field = fc.constantFrom(...fields)
    const wrong = fc.tuple(valid, field, STRANGE).map(([input, name, value]) => ({ ...input, [name]: value }))
    const deep = fc.tuple(valid, fc.nat(), STRANGE).map(([input, at, value]) => replacedAt(input, at, value))
    const missing = fc.tuple(valid, field).map(([input, name]) => without(input, name))
    kinds.push(
      { weight: 3, arbitrary: wrong },
      { weight: 2, arbitrary: deep },
      { weight: 2, arbitrary: missing },
    )
  }
  if (refusesUnknown(target, door)) {
    const extra = fc.tuple(valid, fc.constantFrom(...UNKNOWN_FIELDS), STRANGE)
    const arbitrary = extra.map(([input, name, value]) => ({ ...input, [name]: value }))
    kinds.push({ weight: 2, arbitrary })
  }
  if (kinds.length === 0) return null
  return fc
    .oneof(...kinds)
    .map((input) => asSent(target, door, input))
    .filter((input) => isWrong(target, door, input))
}

function refusesUnknown(target: Target, door: Door): boolean {
  if (door === 'rest') return !hasQuery(target)
  return target.input.def.catchall instanceof z.ZodNever
}

/** The input with one of its values, however deep, replaced. */
function replacedAt(input: Input, at: number, value: unknown): Input {
  const copy = structuredClone(input)
  const places = placesIn(copy)
  const place = places[at % Math.max(1, places.length)]
  if (place === undefined) return copy
  Object.defineProperty(place.holder, place.key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  })
  return copy
}

interface Place {
  holder: object
  key: string
}

function placesIn(holder: object): Place[] {
  return Object.entries(holder).flatMap(([key, value]): Place[] => {
    const below: Place[] = typeof value === 'object' && value !== null ? placesIn(value as object) : []
    return [{ holder, key }, ...below]
  })
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
  const schema = target.input
  if (door === 'rest') {
    if (pathFieldsOf(target).some((name) => input[name] === undefined)) return true
    if (hasQuery(target)) return !schema.safeParse(readQuery(target, input)).success
    if (Object.keys(input).some((name) => !(name in schema.shape))) return true
  }
  if (!schema.safeParse(asRead(input)).success) return true
  return JSON.stringify(input).includes(PROTO_KEY)
}

/** Bodies that are no JSON object, types that are not ours, too much, and headers that cannot be. */
function brokenRest(target: Target, valid: fc.Arbitrary<Input>): fc.Arbitrary<Malformed> {
  if (target.endpoint === null) throw new Error(`REST has no ${target.id}`)
  const { method, maxBodyBytes, idempotent } = target.endpoint.meta
  if (method === 'GET') {
    const repeated = repeatedParameters(target, valid)
    return repeated === null ? strangeReads(target, valid) : fc.oneof(strangeReads(target, valid), repeated)
  }
  const path = valid.map((input) => restRequest(target, input).path)
  const types = fc.tuple(path, fc.constantFrom(...WRONG_TYPES))
  const kinds = [
    {
      weight: 8,
      arbitrary: fc.tuple(path, BROKEN).map(([url, body]) => jsonRequest(method, url, body)),
    },
    { weight: 3, arbitrary: types.map(([url, type]) => jsonRequest(method, url, '{"a":1}', type)) },
    // It only says how much will come.
    {
      weight: 1,
      arbitrary: path.map((url) => {
        const headers = { 'content-type': 'application/json', 'content-length': String(maxBodyBytes + 1) }
        return { method, path: url, headers, body: '{' }
      }),
    },
  ]
  if (maxBodyBytes < 100_000) {
    const large = `{"a":"${'x'.repeat(maxBodyBytes)}"}`
    kinds.push({ weight: 1, arbitrary: path.map((url) => jsonRequest(method, url, large)) })
  }
  if (idempotent) kinds.push({ weight: 1, arbitrary: badIdempotencyKeys(target, valid) })
  return fc.oneof(...kinds)
}

/** No JSON object: as broken as can be, and otherwise valid JSON. */
const BROKEN: fc.Arbitrary<string | Buffer> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BROKEN_BODIES) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map((bytes) => Buffer.from(bytes))
      .filter(isNoObject),
  },
  { weight: 1, arbitrary: fc.json({ maxDepth: 2 }).filter(isNoObject) },
)

function isNoObject(text: string | Buffer): boolean {
  try {
    const value = JSON.parse(text.toString()) as unknown
    return typeof value !== 'object' || value === null || Array.isArray(value)
  } catch {
    return true
  }
}

function badIdempotencyKeys(target: Target, valid: fc.Arbitrary<Input>): fc.Arbitrary<Malformed> {
  const keys = fc.constantFrom('', ' ', 'a b', 'x'.repeat(129), '\u00ff')
  return fc.tuple(valid, keys).map(([input, key]) => {
    const request = restRequest(target, input)
    return { ...request, headers: { ...request.headers, 'idempotency-key': key } }
  })
}

/** Which of the two should it be? Null without parameters. */
function repeatedParameters(target: Target, valid: fc.Arbitrary<Input>): fc.Arbitrary<Malformed> | null {
  const pathFields = pathFieldsOf(target)
  const names = Object.keys(target.input.shape).filter((name) => !pathFields.includes(name))
  if (names.length === 0) return null
  const field = fc.constantFrom(...names)
  return fc.tuple(valid, field, fc.boolean()).map(([input, name, isSame]) => {
    const { path } = restRequest(target, without(input, name))
    const separator = path.includes('?') ? '&' : '?'
    return { method: 'GET', path: `${path}${separator}${name}=1&${name}=${isSame ? '1' : '2'}`, headers: {} }
  })
}

/** A read has no body to break: unknown parameters, bodies, types and headers are ignored, whatever is in them. */
function strangeReads(target: Target, valid: fc.Arbitrary<Input>): fc.Arbitrary<Malformed> {
  const path = valid.map((input) => restRequest(target, input).path)
  const names = fc.constantFrom(...UNKNOWN_FIELDS)
  const texts = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'grapheme', maxLength: 30 }))
  const types = fc.constantFrom('application/json', ...WRONG_TYPES)
  const headers = fc.constantFrom(...HOSTILE_HEADERS)
  return fc.oneof(
    fc.tuple(path, names, texts).map(([url, name, value]): Malformed => {
      const separator = url.includes('?') ? '&' : '?'
      const extra = `${percentEncode(name)}=${percentEncode(value)}`
      return { method: 'GET', path: `${url}${separator}${extra}`, headers: {}, isIgnored: true }
    }),
    fc.tuple(path, BROKEN, types).map(([url, body, type]): Malformed => ({
      ...jsonRequest('GET', url, body, type),
      isIgnored: true,
    })),
    fc.tuple(path, headers).map(([url, [name, value]]): Malformed => ({
      method: 'GET',
      path: url,
      headers: { [name]: value },
      isIgnored: true,
    })),
  )
}

/** Nobody asks `session.refresh` and `session.logout` for anything: their tRPC never looks at what is sent. */
function brokenTrpc(target: Target): fc.Arbitrary<Malformed> {
  const isIgnored = target.endpoint === null && Object.keys(target.input.shape).length === 0
  const envelopes = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...BROKEN_ENVELOPES) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter(isNoObject) },
    {
      weight: 1,
      // Nothing and null stand for no input.
      arbitrary: fc
        .jsonValue({ maxDepth: 2 })
        .filter((value) => value !== null && (typeof value !== 'object' || Array.isArray(value)))
        .map((json) => toJsonText({ json })),
    },
  )
  return envelopes.map((envelope) => {
    const request = trpcRequest(target, envelope)
    return isIgnored ? { ...request, isIgnored: true } : request
  })
}
