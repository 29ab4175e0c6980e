import fc from 'fast-check'

/** JSON Schema as far as zod writes it. */
export interface Schema {
  $ref?: string
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  items?: Schema
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  propertyNames?: Schema
  additionalProperties?: Schema | boolean
  $defs?: Record<string, Schema>
}

/** Values that a field is likely to be tried with, by the field's name: ids of what exists, days with bars. */
export type Hints = Readonly<Record<string, readonly unknown[]>>

interface Walk {
  defs: Record<string, Schema>
  hints: Hints
  depth: number
}

const MAX_DEPTH = 4
const LARGEST_LIST = 3

/** Text with every kind of letter that one line may have. */
const WORDS = fc.oneof(
  fc.string({ maxLength: 24 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    "' OR 1=1 --",
    '../../etc/passwd',
    '%00',
    '\u202eabc',
    'ß—𝒳🙂',
    '<script>alert(1)</script>',
    'null',
  ),
)

/** Values that fit the schema, mostly: the caller asks zod which do. */
export function valuesOf(schema: Schema, defs: Record<string, Schema>, hints: Hints): fc.Arbitrary<unknown> {
  return walk(schema, { defs, hints, depth: 0 })
}

function walk(schema: Schema, state: Walk): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return walk(resolve(schema.$ref, state.defs), state)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return anyOf(options, state)
  switch (schema.type) {
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'integer':
      return integers(schema)
    case 'number':
      return fc.oneof(decimals(schema), integers(schema))
    case 'array':
      return lists(schema, state)
    case 'object':
      return objects(schema, state)
    case undefined:
    default:
      return texts(schema)
  }
}

function resolve(ref: string, defs: Record<string, Schema>): Schema {
  const found = defs[ref.replace('#/$defs/', '')]
  if (found === undefined) throw new Error(`the schema lacks ${ref}`)
  return found
}

function anyOf(options: readonly Schema[], state: Walk): fc.Arbitrary<unknown> {
  const isDeep = state.depth >= MAX_DEPTH
  const plain = options.filter(({ type }) => type !== 'array' && type !== 'object')
  return fc.oneof(...(isDeep && plain.length > 0 ? plain : options).map((option) => walk(option, state)))
}

function boundsOf(schema: Schema): { min: number; max: number } {
  const min =
    schema.minimum ?? (schema.exclusiveMinimum === undefined ? -1e9 : schema.exclusiveMinimum + 1e-6)
  return { min, max: schema.maximum ?? schema.exclusiveMaximum ?? 1e9 }
}

function integers(schema: Schema): fc.Arbitrary<number> {
  const { min, max } = boundsOf(schema)
  const [from, to] = [Math.ceil(min), Math.floor(max)]
  return fc.oneof(
    fc.integer({ min: from, max: Math.min(to, from + 5) }),
    fc.integer({ min: Math.max(from, -2147483648), max: Math.min(to, 2147483647) }),
    fc.constant(to),
  )
}

function decimals(schema: Schema): fc.Arbitrary<number> {
  const { min, max } = boundsOf(schema)
  return fc.double({ min, max, noNaN: true })
}

function lists(schema: Schema, state: Walk): fc.Arbitrary<unknown> {
  const minLength = schema.minItems ?? 0
  const item = walk(schema.items ?? {}, { ...state, depth: state.depth + 1 })
  return fc.array(item, {
    minLength,
    maxLength: Math.min(schema.maxItems ?? LARGEST_LIST, minLength + LARGEST_LIST),
  })
}

function objects(schema: Schema, state: Walk): fc.Arbitrary<unknown> {
  const next = { ...state, depth: state.depth + 1 }
  if (schema.properties === undefined) {
    const value = walk((schema.additionalProperties as Schema | undefined) ?? {}, next)
    if (state.depth >= MAX_DEPTH) return fc.constant({})
    return fc.dictionary(texts({ minLength: 1, maxLength: 12 }), value, {
      maxKeys: LARGEST_LIST,
      noNullPrototype: true,
    })
  }
  const fields = Object.entries(schema.properties).map(
    ([name, field]) => [name, fieldValues(name, field, next)] as const,
  )
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: schema.required ?? [],
    noNullPrototype: true,
  })
}

function fieldValues(name: string, schema: Schema, state: Walk): fc.Arbitrary<unknown> {
  const hinted = state.hints[name]
  const free = walk(schema, state)
  if (hinted === undefined) return free
  return fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...hinted) }, { weight: 1, arbitrary: free })
}

function texts(schema: Schema): fc.Arbitrary<string> {
  const patterns = [schema.pattern, ...(schema.allOf ?? []).map(({ pattern }) => pattern)].filter(
    (p) => p !== undefined,
  )
  // What the pattern forbids is left to zod: a pattern of forbidden letters says nothing about what to try.
  const shaped = patterns.filter((pattern) => !pattern.startsWith('^[^\\u0000') && pattern !== '\\S')
  const { minLength = 0, maxLength = 64 } = schema
  const fit = (text: string) => text.slice(0, maxLength).padEnd(minLength, 'x')
  if (shaped.length === 0) return WORDS.map(fit)
  return fc.oneof(...shaped.map((pattern) => fc.stringMatching(new RegExp(pattern))))
}
