import { snakeCase } from '@quantdeck/db'

/** `max_drawdown` -> `maxDrawdown`. */
export function camelCase(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

type Renamed = { [key: string]: unknown }

/** The same object with its keys, and those of the objects in it, as they are on the wire. Lists stay as they are. */
export function snakeKeys(value: object): Renamed {
  return renamed(value, snakeCase)
}

/** The same object with its keys, and those of the objects in it, as they are in the code. */
export function camelKeys(value: object): Renamed {
  return renamed(value, camelCase)
}

function renamed(value: object, rename: (key: string) => string): Renamed {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      rename(key),
      typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? renamed(inner, rename) : inner,
    ]),
  )
}
