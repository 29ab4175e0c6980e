import {
  rlError,
  v1Error,
  v1LoginError,
  v1RateLimitError,
  type Endpoint,
  type SecurityScheme,
} from '@quantdeck/contracts'
import type { AnyTRPCRouter } from '@trpc/server'
import { generateOpenApiDocument, type OpenApiRouter } from 'trpc-to-openapi'

import { listRoutes } from './bridge.ts'
import { isRlPath } from './errors.ts'
import { deprecationHeaders } from './deprecation.ts'
import { requestExamples, responseExamples, type Examples } from './openapi-examples.ts'
import { DESCRIPTION, ERROR_WORDS, HEADERS, SECURITY_SCHEMES, TAG_WORDS } from './openapi-parts.ts'

/** Schemas that say "any JSON" by pointing to themselves, which generators of clients stumble over. */
const ANY_JSON = ['JsonValue', 'JsonValueInput']

export const DOCUMENT_VERSION = '1.0.0'

type Json = Record<string, unknown>

/** The generator's output as far as it is edited here. */
interface Operation extends Json {
  parameters?: Json[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Json; example?: unknown }> }
  responses: Record<string, Json>
}
interface Document extends Json {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json> } & Json
}

/**
 * The OpenAPI 3.1 document of everything REST answers. Made from the router alone: needs no server and no database.
 */
export function buildOpenApiDocument(router: AnyTRPCRouter): Document {
  const routes = listRoutes(router)
  const document = generateOpenApiDocument(router as unknown as OpenApiRouter, {
    title: 'Quantdeck',
    description: DESCRIPTION,
    version: DOCUMENT_VERSION,
    openApiVersion: '3.1.0',
    baseUrl: '/',
    license: { name: 'MIT', identifier: 'MIT' },
    securitySchemes: SECURITY_SCHEMES,
    tags: [...new Set(routes.flatMap(({ endpoint }) => endpoint.meta.tags))].sort(),
    defs: {
      V1Error: v1Error,
      V1RateLimitError: v1RateLimitError,
      V1LoginError: v1LoginError,
      RlError: rlError,
    },
  }) as unknown as Document
  document['tags'] = describeTags(document['tags'])
  for (const { endpoint } of routes) rewrite(document, endpoint)
  for (const name of Object.keys(document.components.schemas)) {
    if (name.startsWith('error.')) delete document.components.schemas[name]
  }
  for (const name of ANY_JSON) {
    const { description } = document.components.schemas[name] ?? {}
    document.components.schemas[name] = { description }
  }
  document.components['headers'] = HEADERS
  giveIntegersExamples(document)
  return document
}

/** Without one, viewers show the largest integer that JSON can carry as if it were a likely one. */
function giveIntegersExamples(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  for (const child of Object.values(node)) giveIntegersExamples(child)
  const schema = node as Json
  const isOpen = schema['type'] === 'integer' && schema['maximum'] === Number.MAX_SAFE_INTEGER
  if (!isOpen || schema['example'] !== undefined || schema['default'] !== undefined) return
  schema['example'] = Math.max(1, Number(schema['minimum'] ?? 1))
}

function describeTags(tags: unknown): Json[] {
  return (tags as { name: string }[]).map(({ name }) => {
    const description = TAG_WORDS[name]
    if (description === undefined) throw new Error(`TAG_WORDS lacks the tag ${name}`)
    return { name, description }
  })
}

function rewrite(document: Document, endpoint: Endpoint): void {
  const { meta } = endpoint
  const operation = document.paths[meta.path]?.[meta.method.toLowerCase()]
  if (operation === undefined) throw new Error(`the document lacks ${meta.method} ${meta.path}`)
  operation['description'] = describe(endpoint)
  operation['security'] = securityOf(endpoint)
  operation['x-required-role'] = meta.access.role
  if (meta.deprecated !== undefined) operation['deprecated'] = true
  nameBody(document, operation, endpoint)
  forgetFilterExamples(operation)
  addHeaderParameters(operation, endpoint)
  operation.responses = { ...successes(operation, endpoint), ...failures(endpoint) }
}

function describe({ meta }: Endpoint): string {
  const { access, description, deprecated } = meta
  const role = access.role === 'public' ? 'Open to everybody.' : `Needs the role ${access.role} or above.`
  const scope = access.scope === undefined ? '' : ` An API key needs the scope \`${access.scope}\`.`
  const anonymous =
    access.anonymous === 'rl-public'
      ? ' Without a token only while the server is local or declared public, and then only public strategies.'
      : ''
  const end =
    deprecated === undefined
      ? undefined
      : `Deprecated since ${deprecated.since}, answers until ${deprecated.sunset}.` +
        (deprecated.successor === undefined ? '' : ` Use ${deprecated.successor} instead.`)
  return [description, `${role}${scope}${anonymous}`, end].filter((part) => part !== undefined).join('\n\n')
}

function securityOf({ meta }: Endpoint): Record<string, string[]>[] {
  const schemes: Record<string, string[]>[] = meta.security.map((name: SecurityScheme) => ({ [name]: [] }))
  return meta.access.anonymous === 'rl-public' ? [...schemes, {}] : schemes
}

function pascal(operationId: string): string {
  return operationId.replace(/(?:^|_)(\w)/g, (_match, letter: string) => letter.toUpperCase())
}

/** A client generator names a type after its schema: bodies get one, the examples of the documents stand beside it. */
function nameBody(document: Document, operation: Operation, endpoint: Endpoint): void {
  const { meta, input } = endpoint
  const body = operation.requestBody
  const content = body?.content['application/json']
  if (body === undefined || content === undefined) return
  const pathFields = [...meta.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
  const fields = Object.keys(input.shape).filter((field) => !pathFields.includes(field))
  if (meta.method === 'DELETE' || fields.length === 0) {
    delete operation.requestBody
    return
  }
  body.required = !input.safeParse({}).success || pathFields.length > 0
  const name = `${pascal(meta.operationId)}Request`
  document.components.schemas[name] = content.schema
  content.schema = { $ref: `#/components/schemas/${name}` }
  Object.assign(content, examplesOf(meta.examples?.request, requestExamples(endpoint)))
}

/** Swagger UI fills a form with its examples: every filter of a list at once, and so nothing would ever be found. */
function forgetFilterExamples({ parameters = [] }: Operation): void {
  for (const { in: place, required, schema } of parameters) {
    if (place === 'query' && required !== true) delete (schema as Json)['example']
  }
}

/** The endpoint's own example before the documents'. */
function examplesOf(own: unknown, published: Examples): Json {
  if (own !== undefined) return { example: own }
  return Object.keys(published).length === 0 ? {} : { examples: published }
}

function addHeaderParameters(operation: Operation, { meta }: Endpoint): void {
  const parameters = operation.parameters ?? []
  if (meta.idempotent) {
    parameters.push({
      in: 'header',
      name: 'Idempotency-Key',
      description:
        'The same key and body replays the first answer (`Idempotent-Replayed: true`); another body is 422.',
      schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[!-~]+$' },
    })
  }
  if (meta.operationId === 'update_strategy') {
    parameters.push({
      in: 'header',
      name: 'If-Match',
      description: 'The version this change is based on; 409 if it is no longer the current one.',
      schema: { type: 'string', maxLength: 200 },
    })
  }
  if (parameters.length > 0) operation.parameters = parameters
}

function headerRefs(names: readonly (keyof typeof HEADERS)[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

const DEPRECATION_HEADERS = ['Deprecation', 'Sunset', 'Link'] as const

function commonHeaders({ meta }: Endpoint): Json {
  const limited = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'] as const
  const going = DEPRECATION_HEADERS.filter(
    (name) => name.toLowerCase() in deprecationHeaders(meta.deprecated),
  )
  return headerRefs(['X-Request-ID', ...(meta.rateLimit === 'none' ? [] : limited), ...going])
}

function successes(operation: Operation, endpoint: Endpoint): Record<string, Json> {
  const { meta } = endpoint
  const generated = operation.responses['200'] as { content?: Record<string, { schema: Json }> }
  const schema = generated.content?.['application/json']?.schema ?? {}
  const examples = examplesOf(meta.examples?.response, responseExamples(endpoint, meta.status))
  const content = { [meta.contentType]: { schema, ...examples } }
  const replayed = meta.idempotent ? headerRefs(['Idempotent-Replayed']) : {}
  const headers = { ...commonHeaders(endpoint), ...replayed }
  const answers: Record<string, Json> = {
    [meta.status]: { description: 'Success', headers, content },
  }
  for (const [status, description] of Object.entries(meta.alternativeStatuses)) {
    answers[status] = { description, headers, content }
  }
  if (isList(endpoint)) {
    answers[meta.status] = {
      description: 'Success',
      headers: { ...headers, ...headerRefs(['ETag']) },
      content,
    }
    answers['304'] = {
      description: 'Not modified: If-None-Match named this list',
      headers: commonHeaders(endpoint),
    }
  }
  return answers
}

function isList({ meta, output }: Endpoint): boolean {
  if (meta.method !== 'GET' || !('shape' in output)) return false
  const { data } = output.shape as { data?: { _zod: { def: { type: string } } } }
  return data?._zod.def.type === 'array'
}

/** Every status the operation can answer. Its own two forms of 503 share one schema list. */
function failures(endpoint: Endpoint): Record<string, Json> {
  const { meta } = endpoint
  const statuses = new Set([400, 403, 500, ...meta.errors])
  if (meta.access.role !== 'public' || meta.security.length > 0) statuses.add(401)
  if (meta.operationId === 'login') statuses.add(401)
  if (meta.path.includes('{')) statuses.add(404)
  if (meta.rateLimit !== 'none') statuses.add(429)
  if (meta.method !== 'GET') for (const status of [413, 415]) statuses.add(status)
  if (meta.idempotent) for (const status of [409, 422]) statuses.add(status)
  const answers: Record<string, Json> = {}
  for (const status of [...statuses].sort((a, b) => a - b)) answers[status] = failure(endpoint, status)
  if (!(503 in meta.alternativeStatuses)) answers['503'] = failure(endpoint, 503)
  return answers
}

function failure(endpoint: Endpoint, status: number): Json {
  const { meta } = endpoint
  const retry = status === 429 || status === 503 ? headerRefs(['Retry-After']) : {}
  return {
    description: ERROR_WORDS[status] ?? 'Error',
    headers: { ...commonHeaders(endpoint), ...retry },
    content: {
      'application/json': {
        schema: { $ref: `#/components/schemas/${errorSchema(meta, status)}` },
        ...examplesOf(undefined, responseExamples(endpoint, status)),
      },
    },
  }
}

function errorSchema(meta: Endpoint['meta'], status: number): string {
  if (isRlPath(meta.path)) return 'RlError'
  if (status === 429) return 'V1RateLimitError'
  return meta.operationId === 'login' && status === 401 ? 'V1LoginError' : 'V1Error'
}
