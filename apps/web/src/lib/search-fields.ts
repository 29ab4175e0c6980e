/**
 * Fields of a URL's search, each a function that takes whatever stands there and gives a value or undefined. By hand and
 * not by a schema library: every page needs them before anything is shown, and the library is as large as the router.
 */
type Field<T> = (value: unknown) => T | undefined

type Read<Shape extends Record<string, Field<unknown>>> = { [Key in keyof Shape]?: ReturnType<Shape[Key]> }

export function filters<Shape extends Record<string, Field<unknown>>>(shape: Shape) {
  return {
    /** Knows its fields and nothing else; what it cannot read is undefined, or the router would keep what stood there. */
    parse(search: Record<string, unknown>): Read<Shape> {
      const known = Object.entries(shape).map(([key, field]) => [key, field(search[key])] as const)
      return Object.fromEntries(known) as Read<Shape>
    },
  }
}

export const text: Field<string> = (value) => (typeof value === 'string' && value !== '' ? value : undefined)

export const day: Field<string> = (value) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined

export const page: Field<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : undefined

export const flag: Field<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)

export function oneOf<const T extends readonly string[]>(values: T): Field<T[number]> {
  return (value) => values.find((known) => known === value)
}
