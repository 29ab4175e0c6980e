import fc from 'fast-check'
import * as z from 'zod'

import { hintsFor } from './hints.ts'
import type { Input } from './requests.ts'
import { valuesOf, type Hints, type Schema } from './schema-values.ts'
import type { Target } from './targets.ts'

/** Inputs that the contract's schema accepts. */
export function validInputs({ id, input }: Target, hints: Hints): fc.Arbitrary<Input> {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as unknown as Schema
  const likely = hintsFor(id, hints)
  const values = valuesOf(schema, schema.$defs ?? {}, likely) as fc.Arbitrary<Input>
  return fc
    .tuple(values, fc.boolean(), fc.nat({ max: 2 }))
    .map(([value, isOrdered, kind]) => {
      const fields = kind === 0 ? withoutExtras(value, schema, likely) : value
      return isOrdered ? withOrderedDates(fields) : fields
    })
    .filter((value) => input.safeParse(value).success)
}

/** All optional fields at once hardly ever go together. */
function withoutExtras(input: Input, { required = [] }: Schema, likely: Hints): Input {
  const kept = Object.entries(input).filter(([field]) => required.includes(field) || field in likely)
  return Object.fromEntries(kept)
}

/** A range that ends before it starts is refused: half of them are put right. */
function withOrderedDates(input: Input): Input {
  return ordered(ordered(input, 'from_date', 'to_date'), 'start_date', 'end_date')
}

function ordered(input: Input, first: string, last: string): Input {
  const [from, to] = [input[first], input[last]]
  if (typeof from !== 'string' || typeof to !== 'string' || from <= to) return input
  return { ...input, [first]: to, [last]: from }
}
