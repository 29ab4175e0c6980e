import type * as z from 'zod'

import type { RawRequest } from './client.ts'
import { percentEncode, toJsonText } from './json-text.ts'
import type { Door, Target } from './targets.ts'

export type Input = Record<string, unknown>

/** A request as it goes over the wire alone, and over tRPC what stands for it in a batch. */
export interface FuzzRequest extends RawRequest {
  envelope?: string
}

/** A request of the contract, through one of the doors. */
export function requestOf(target: Target, door: Door, input: Input): FuzzRequest {
  if (door === 'rest') return restRequest(target, input)
  const envelope = toJsonText({ json: input })
  return { ...trpcRequest(target, envelope), envelope }
}

export function pathFieldsOf({ endpoint }: Target): string[] {
  return [...(endpoint?.meta.path ?? '').matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

/** Fields that are not in the path travel in the query; else they are the body. */
export function hasQuery({ endpoint }: Target): boolean {
  return endpoint?.meta.method === 'GET' || endpoint?.meta.method === 'DELETE'
}

export function restRequest(target: Target, input: Input): RawRequest {
  if (target.endpoint === null) throw new Error(`REST has no ${target.id}`)
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

export function jsonRequest(
  method: string,
  path: string,
  body: string | Buffer,
  type = 'application/json',
): RawRequest {
  const headers: Record<string, string> = { 'content-length': String(Buffer.byteLength(body)) }
  if (type !== '') headers['content-type'] = type
  return { method, path, headers, body }
}

export function trpcRequest({ name, type }: Target, envelope: string | Buffer): RawRequest {
  if (type === 'mutation') return jsonRequest('POST', `/trpc/${name}`, envelope)
  return { method: 'GET', path: `/trpc/${name}?input=${percentEncode(envelope.toString())}`, headers: {} }
}

/** A query says 5 and "5" alike: each field as its schema would rather have it. */
export function readQuery({ input: schema }: Target, input: Input): Input {
  const shape = schema.shape as Record<string, z.ZodType>
  const entries = Object.entries(input).map(([name, value]) => {
    // Bytes that are no UTF-8 arrive as U+FFFD.
    const text = String(value).toWellFormed()
    const readings: unknown[] = [text, text === 'true' || text === 'false' ? text === 'true' : text]
    if (/^-?\d+(?:\.\d+)?$/.test(text)) readings.push(Number(text))
    return [name, readings.find((reading) => shape[name]?.safeParse(reading).success) ?? text]
  })
  return Object.fromEntries(entries) as Input
}
