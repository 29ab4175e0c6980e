type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Below these names stands what somebody sends, not what describes it. */
const VERBATIM = new Set(['example', 'default', 'enum', 'value'])
/** What 3.0 has no word for; each only narrows what the rest says. */
const UNKNOWN_WORDS = new Set([
  'propertyNames',
  '$schema',
  '$id',
  '$comment',
  'jsonSchemaDialect',
  'identifier',
])

/**
 * The same document for tools that know OpenAPI 3.0 only: null as `nullable`, `const` as an enum of one, exclusive
 * bounds as flags. What 3.0 cannot say is left out, so it allows a little more, never less.
 */
export function downConvert(document: Json): Json {
  const { schemas = {} } = (document['components'] ?? {}) as { schemas?: Record<string, Json> }
  const typeOf: TypeOf = (ref) => schemas[ref.replace('#/components/schemas/', '')]?.['type']
  const info = document['info'] as Json
  const license = { name: 'MIT', url: 'https://opensource.org/license/mit' }
  return { ...(convert({ ...document, info: { ...info, license } }, typeOf) as Json), openapi: '3.0.3' }
}

/** The `type` of a named schema. */
type TypeOf = (ref: string) => unknown

function convert(value: unknown, typeOf: TypeOf, isNameMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, typeOf))
  if (!isObject(value)) return value
  if (isNameMap) return mapValues(value, (item) => convert(item, typeOf))
  const entries = Object.entries(asOldSchema(value, typeOf)).filter(([key]) => !UNKNOWN_WORDS.has(key))
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      VERBATIM.has(key) ? item : convert(item, typeOf, key === 'properties'),
    ]),
  )
}

function mapValues(value: Json, change: (item: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]))
}

/** One schema's own words; objects that are no schemas have none of them. */
function asOldSchema(schema: Json, typeOf: TypeOf): Json {
  return withoutRefSiblings(withoutNull(withoutConst(withOldBounds(withOneExample(schema))), typeOf))
}

function withOneExample(schema: Json): Json {
  const { examples, ...rest } = schema
  return Array.isArray(examples) ? { ...rest, example: examples[0] } : schema
}

function withOldBounds(schema: Json): Json {
  const { exclusiveMinimum, exclusiveMaximum, ...rest } = schema
  const lower =
    typeof exclusiveMinimum === 'number' ? { minimum: exclusiveMinimum, exclusiveMinimum: true } : {}
  const upper =
    typeof exclusiveMaximum === 'number' ? { maximum: exclusiveMaximum, exclusiveMaximum: true } : {}
  return { ...rest, ...lower, ...upper }
}

function withoutConst(schema: Json): Json {
  if (!('const' in schema) || isObject(schema['const'])) return schema
  const { const: only, ...rest } = schema
  return { type: only === null ? 'null' : typeof only, ...rest, enum: [only] }
}

function withoutNull(schema: Json, typeOf: TypeOf): Json {
  const { type } = schema
  if (type === 'null') return { ...schema, type: 'string', nullable: true, enum: [null] }
  if (Array.isArray(type) && type.includes('null')) {
    const others: unknown[] = type.filter((name) => name !== 'null')
    return { ...withOneType(schema, others), nullable: true }
  }
  if (Array.isArray(type)) return withOneType(schema, type)
  for (const word of ['anyOf', 'oneOf'] as const) {
    const options = schema[word]
    if (!Array.isArray(options)) continue
    const others = options.filter((option) => !isObject(option) || option['type'] !== 'null')
    if (others.length === options.length) continue
    const rest = without(schema, word)
    const [first, ...more] = others as Json[]
    const nullable = asNullable(first ?? {}, typeOf)
    return more.length > 0 ? { ...rest, [word]: [nullable, ...more] } : { ...nullable, ...rest }
  }
  return schema
}

/** A choice of types is a choice of schemas; what else the schema says goes with it. */
function withOneType(schema: Json, types: readonly unknown[]): Json {
  const { type: _, ...rest } = schema
  const [first] = types
  return types.length === 1 ? { type: first, ...rest } : { anyOf: types.map((type) => ({ type })), ...rest }
}

/** Beside `nullable` there must be a type; a named schema without one takes null itself. */
function asNullable(schema: Json, typeOf: TypeOf): Json {
  const { $ref } = schema
  if (typeof $ref !== 'string') return { ...schema, nullable: true }
  const type = typeOf($ref)
  return type === undefined ? schema : { type, nullable: true, allOf: [{ $ref }] }
}

function without(schema: Json, word: string): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== word))
}

/** Beside `$ref` 3.0 reads nothing. */
function withoutRefSiblings(schema: Json): Json {
  const { $ref, ...rest } = schema
  if (typeof $ref !== 'string' || Object.keys(rest).length === 0) return schema
  return { ...rest, allOf: [{ $ref }] }
}
