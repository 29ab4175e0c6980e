import * as z from 'zod'

/** Names of the fields that an object schema adds to what the published document shows. */
export function addedFieldsOf(schema: z.ZodType): ReadonlySet<string> {
  const names: unknown = schema.meta()?.['x-added-fields']
  return new Set(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [])
}

function documentedObject(schema: z.ZodObject): z.ZodType {
  const added = addedFieldsOf(schema)
  const shape: Record<string, z.ZodType> = {}
  for (const [name, field] of Object.entries(schema.shape)) {
    const documented = asDocumented(field as z.ZodType)
    shape[name] = added.has(name) ? documented.optional() : documented
  }
  return schema.def.catchall === undefined ? z.object(shape) : z.looseObject(shape)
}

/**
 * The same schema as the published documents know it: every field that is only ours (`x-added-fields`) is optional.
 * The documents' own examples parse with it, and so do the answers of other servers of these contracts.
 */
export function asDocumented(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) return documentedObject(schema)
  if (schema instanceof z.ZodArray) return z.array(asDocumented(schema.element as z.ZodType))
  if (schema instanceof z.ZodOptional) return asDocumented(schema.unwrap() as z.ZodType).optional()
  if (schema instanceof z.ZodNullable) return asDocumented(schema.unwrap() as z.ZodType).nullable()
  if (schema instanceof z.ZodUnion) {
    return z.union(schema.options.map((option) => asDocumented(option as z.ZodType)))
  }
  return schema
}
