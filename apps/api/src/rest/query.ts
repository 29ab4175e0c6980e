import { AppError, type ErrorDetail } from '@quantdeck/domain'
import * as z from 'zod'

type Kind = 'integer' | 'number' | 'boolean' | 'enum' | 'text'

const INTEGER = /^-?(?:0|[1-9]\d{0,15})$/
const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/

/** What a query parameter's text stands for, found by walking the schema. Nothing of zod's is changed by it. */
function kindOf(schema: z.core.$ZodType): Kind {
  const { def } = schema._zod
  if ('innerType' in def) return kindOf(def.innerType as z.core.$ZodType)
  if (schema instanceof z.core.$ZodPipe) return kindOf(schema._zod.def.in)
  if (schema instanceof z.core.$ZodNumberFormat) return 'integer'
  if (schema instanceof z.core.$ZodNumber) return 'number'
  if (schema instanceof z.core.$ZodBoolean) return 'boolean'
  if (schema instanceof z.core.$ZodEnum) return 'enum'
  return 'text'
}

function convert(text: string, kind: Kind): { value: unknown } | { problem: string } {
  switch (kind) {
    case 'integer':
      return INTEGER.test(text) ? { value: Number(text) } : { problem: 'Must be an integer' }
    case 'number':
      return NUMBER.test(text) ? { value: Number(text) } : { problem: 'Must be a number' }
    case 'boolean':
      if (text !== 'true' && text !== 'false') return { problem: 'Must be true or false' }
      return { value: text === 'true' }
    case 'enum':
      return { value: text }
    case 'text':
      return text === '' ? { problem: 'Must not be empty' } : { value: text }
  }
}

/**
 * The text of a query string as the input its schema wants. Unknown parameters are ignored; a repeated, empty or
 * wrongly typed one is an error. (An empty enum parameter goes on to the schema, which names the allowed values.)
 * @param shape the schema's fields without the path's
 * @throws AppError VALIDATION_ERROR
 */
export function readQuery(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  query: URLSearchParams,
): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  const details: ErrorDetail[] = []
  for (const [field, schema] of Object.entries(shape)) {
    const texts = query.getAll(field)
    if (texts.length > 1) details.push({ field, message: 'Given more than once' })
    const [text] = texts
    if (texts.length !== 1 || text === undefined) continue
    const result = convert(text, kindOf(schema))
    if ('value' in result) input[field] = result.value
    else details.push({ field, message: result.problem })
  }
  if (details.length > 0) throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
  return input
}
