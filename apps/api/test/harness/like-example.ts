import { addedFieldsOf } from '@quantdeck/contracts'
import type { Fixture } from '@quantdeck/contracts/fixtures'
import * as z from 'zod'

/** The example's words for "some id": `uuid-123`, `uuid-new`. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const FORMATS: readonly { name: string; example: RegExp; answer: (example: string) => RegExp }[] = [
  { name: 'uuid', example: /^uuid-/, answer: () => UUID },
  { name: 'request id', example: /^req-uuid$/, answer: () => /^[A-Za-z0-9._-]{1,128}$/ },
  {
    name: 'UTC instant',
    example: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    answer: () => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/,
  },
  {
    name: 'instant with the offset of its zone',
    example: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/,
    answer: () => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/,
  },
  { name: 'day', example: /^\d{4}-\d\d-\d\d$/, answer: () => /^\d{4}-\d\d-\d\d$/ },
  {
    name: 'decimal string with at least the places of the example',
    example: /^-?\d+\.\d+$/,
    answer: (example) => new RegExp(`^-?\\d+\\.\\d{${example.split('.')[1]?.length ?? 0},}$`),
  },
  { name: 'absolute URL', example: /^https?:\/\//, answer: () => /^https?:\/\/[^/\s]+\/\S+$/ },
]

interface Place {
  path: string
  schema: z.ZodType | null
  problems: string[]
}

/**
 * How an answer differs from a document's example: a missing key, one that is neither in the example nor declared
 * in `x-added-fields`, another JSON type, another text format, or anything the endpoint's own schema refuses.
 */
export function differencesFromExample(answer: unknown, fixture: Fixture): string[] {
  const problems: string[] = []
  compare(answer, fixture.value, { path: '$', schema: fixture.schema, problems })
  const parsed = fixture.schema.safeParse(answer)
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map(({ path, message }) => `schema: ${path.join('.')}: ${message}`))
  }
  return problems
}

function compare(answer: unknown, example: unknown, place: Place): void {
  if (example === null) {
    if (answer !== null && typeof answer !== 'string') fail(place, `null or text, not ${typeof answer}`)
    return
  }
  if (kindOf(answer) !== kindOf(example)) {
    fail(place, `${kindOf(example)} expected, not ${kindOf(answer)} (${JSON.stringify(answer)})`)
    return
  }
  if (Array.isArray(example)) return compareLists(answer as unknown[], example, place)
  if (typeof example === 'object')
    return compareObjects(answer as Record<string, unknown>, example as Record<string, unknown>, place)
  if (typeof example === 'string') compareTexts(answer as string, example, place)
}

function compareLists(answer: unknown[], example: unknown[], place: Place): void {
  if (example.length === 0) return
  if (answer.length === 0) fail(place, 'an empty list shows nothing: seed a row')
  const schema = unwrapped(place.schema)
  const element = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : null
  answer.forEach((item, index) =>
    compare(item, example[0], { ...place, path: `${place.path}[${index}]`, schema: element }),
  )
}

function compareObjects(
  answer: Record<string, unknown>,
  example: Record<string, unknown>,
  place: Place,
): void {
  const schema = objectSchema(place.schema)
  for (const key of Object.keys(example)) {
    if (!Object.hasOwn(answer, key)) fail(place, `the key ${key} is missing`)
    else {
      const child = (schema?.shape[key] as z.ZodType | undefined) ?? null
      compare(answer[key], example[key], { ...place, path: `${place.path}.${key}`, schema: child })
    }
  }
  // A configuration or context is free; an object with a schema has declared what it adds.
  if (schema === null) return
  const added = addedFieldsOf(schema)
  const isExcerpt = Object.values(schema.shape).every((field) => field instanceof z.ZodOptional)
  for (const key of Object.keys(answer)) {
    const declared = added.has(key) || (isExcerpt && Object.hasOwn(schema.shape, key))
    if (!Object.hasOwn(example, key) && !declared) fail(place, `${key} is not declared as an added field`)
  }
}

function compareTexts(answer: string, example: string, place: Place): void {
  if (unwrapped(place.schema) === null) return
  const format = FORMATS.find((candidate) => candidate.example.test(example))
  if (format !== undefined && !format.answer(example).test(answer)) {
    fail(place, `${format.name} expected, not ${JSON.stringify(answer)}`)
  }
  if (answer === '') fail(place, 'an empty text')
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function unwrapped(schema: z.ZodType | null): z.ZodType | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return unwrapped(schema.unwrap() as z.ZodType)
  }
  return schema
}

function objectSchema(schema: z.ZodType | null): z.ZodObject | null {
  const inner = unwrapped(schema)
  return inner instanceof z.ZodObject ? inner : null
}

function fail({ path, problems }: Place, problem: string): void {
  problems.push(`${path}: ${problem}`)
}
