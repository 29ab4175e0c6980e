import { createHash } from 'node:crypto'
import * as z from 'zod'
import * as contracts from '../src/index.ts'

/** Words may change without a new version; shapes may not. Properties that are *named* description stay. */
function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(([key, inner]) => !(['description', 'example'].includes(key) && typeof inner === 'string'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutWords(inner)]))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  return z.toJSONSchema(schema, { io })
}

function describeEndpoints(tree: contracts.EndpointTree): unknown {
  return contracts.listEndpoints(tree).map(({ name, endpoint }) => {
    const { method, path, access, rateLimit, status, contentType } = endpoint.meta
    return {
      name,
      method,
      path,
      access,
      rateLimit,
      status,
      contentType,
      input: schemaOf(endpoint.input, 'input'),
      output: schemaOf(endpoint.output, 'output'),
    }
  })
}

/** SHA-256 over everything a client can see of the wire: operations, stream, errors. */
export function schemaHash(): string {
  const wire = {
    v1: describeEndpoints(contracts.v1),
    rl: describeEndpoints(contracts.rl),
    deck: describeEndpoints(contracts.deck),
    stream: [schemaOf(contracts.rlStreamQuery, 'input'), schemaOf(contracts.rlStreamMessage, 'output')],
    errors: [contracts.v1Error, contracts.v1RateLimitError, contracts.v1LoginError, contracts.rlError].map(
      (error) => schemaOf(error, 'output'),
    ),
  }
  return createHash('sha256')
    .update(JSON.stringify(withoutWords(wire)))
    .digest('hex')
}
