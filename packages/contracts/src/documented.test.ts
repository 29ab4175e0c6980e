import * as z from 'zod'
import { describe, expect, it } from 'vitest'
import * as contracts from './index.ts'

describe('asDocumented', () => {
  it('makes only the added fields optional, at any depth', () => {
    const inner = z.object({ known: z.string(), extra: z.string() }).meta({ 'x-added-fields': ['extra'] })
    const documented = contracts.asDocumented(z.object({ rows: z.array(inner.nullable()) }))
    expect(documented.safeParse({ rows: [{ known: 'x' }, null] }).success).toBe(true)
    expect(documented.safeParse({ rows: [{ extra: 'x' }] }).success).toBe(false)
    expect(documented.safeParse({ rows: [{ known: 'x', extra: 1 }] }).success).toBe(false)
  })

  it('names only fields that exist', () => {
    const objects = Object.values<unknown>(contracts).filter((value) => value instanceof z.ZodObject)
    expect(objects.length).toBeGreaterThan(50)
    for (const schema of objects) {
      const unknown = [...contracts.addedFieldsOf(schema)].filter((name) => !(name in schema.shape))
      expect(unknown, schema.meta()?.id).toEqual([])
    }
  })
})
