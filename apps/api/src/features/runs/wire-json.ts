import { snakeCase } from '@quantdeck/db'
import type { JsonValue } from '@quantdeck/domain'

type WireObject = { [key: string]: JsonValue }

/** Stored JSON with its keys in snake_case, as everything on the wire. Codes (in capitals) stay as they are. */
export function toWire(stored: object): WireObject {
  const convert = (value: unknown): JsonValue => {
    if (Array.isArray(value)) return value.map(convert)
    if (typeof value === 'object' && value !== null) return toWire(value)
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  }
  return Object.fromEntries(Object.entries(stored).map(([key, value]) => [wireKey(key), convert(value)]))
}

function wireKey(key: string): string {
  return /^[A-Z0-9_]+$/.test(key) ? key : snakeCase(key)
}
