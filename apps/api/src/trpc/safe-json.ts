import { AppError } from '@quantdeck/domain'

const MAX_DEPTH = 32
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

function refuse(message: string): never {
  throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details: [{ field: '', message }] })
}

/**
 * Nothing behind the guard meets a key that could reach a prototype, or nesting that could exhaust a stack.
 * @throws AppError VALIDATION_ERROR
 */
export function assertSafeJson(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null) return
  if (depth >= MAX_DEPTH) refuse(`Nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) {
    for (const item of value) assertSafeJson(item, depth + 1)
    return
  }
  // superjson builds dates, maps and errors where the caller says so; inputs of ours are JSON.
  if (Object.getPrototypeOf(value) !== Object.prototype) refuse('Only plain JSON is taken')
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) refuse(`The key ${key} is not allowed`)
    assertSafeJson((value as Record<string, unknown>)[key], depth + 1)
  }
}
