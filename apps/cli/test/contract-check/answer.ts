import { type Endpoint, listEndpoints, rl, v1 } from '@quantdeck/contracts'
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { OPERATIONS, Refused } from './operations.ts'
import { ACCESS_TOKEN, isoAt, type Row, type State } from './state.ts'

/** A request as a deviation may bend it before it is answered. */
export interface Request {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
  text: string
  /** False: the rate limit does not count it. */
  isCounted: boolean
}

/** An answer as a deviation may bend it before it is sent. */
export interface Exchange {
  request: Request
  operation: string | null
  status: number
  headers: Record<string, string>
  // Deviations reach into any answer.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
}

interface Route {
  endpoint: Endpoint
  pattern: RegExp
}

const LIMITS: Record<string, number> = { 'document-read': 100, write: 60, controls: 10, runs: 5, login: 30 }
const ROUTES: Route[] = [...listEndpoints(v1), ...listEndpoints(rl)].map(({ endpoint }) => ({
  endpoint,
  pattern: new RegExp(`^${endpoint.meta.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}))
const CORS = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type',
}

export function isRl(path: string): boolean {
  return /^\/(?:api|ws)(?:\/|$)/.test(path)
}

/** Answers as both documents say. */
export function answer(request: Request, state: State, nowMs: number): Exchange {
  const given = request.headers['x-request-id'] ?? ''
  const requestId = /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : `req-${randomUUID()}`
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-request-id': requestId }
  const origin = request.headers['origin']
  if (origin !== undefined) headers['access-control-allow-origin'] = origin
  const exchange: Exchange = { request, operation: null, status: 200, headers, body: null }
  try {
    answerInto(exchange, state, nowMs)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    exchange.status = error.status
    exchange.body = isRl(request.path) ? rlBody(error, request, nowMs) : v1Body(error, requestId, headers)
  }
  return exchange
}

function answerInto(exchange: Exchange, state: State, nowMs: number): void {
  const { request, headers } = exchange
  const { path, method } = request
  if (method === 'OPTIONS') {
    exchange.status = 204
    Object.assign(headers, CORS)
    return
  }
  if (path === '/docs' || path === '/redoc') {
    headers['content-type'] = 'text/html; charset=utf-8'
    exchange.body = `<!doctype html><html><body>${path}</body></html>`
    return
  }
  if (path === '/openapi.json') {
    exchange.body = openApi()
    return
  }
  const { endpoint, params } = match(exchange)
  exchange.operation = endpoint.meta.operationId
  const bearer = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? null
  authenticate(endpoint, bearer)
  limit(exchange, endpoint, state, nowMs)
  const run = OPERATIONS[endpoint.meta.operationId]
  if (run === undefined) throw new Error(`no ${endpoint.meta.operationId}`)
  exchange.body = structuredClone(run(readInput(endpoint, request, params), { state, nowMs, bearer }))
  exchange.status = endpoint.meta.status
}

function match({ request, headers }: Exchange): { endpoint: Endpoint; params: Row } {
  const atPath = ROUTES.filter(({ pattern }) => pattern.test(request.path))
  if (atPath.length === 0) throw new Refused(404, 'NOT_FOUND')
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const route = atPath.find(({ endpoint }) => endpoint.meta.method === method)
  if (route === undefined) {
    headers['allow'] = atPath.map(({ endpoint }) => endpoint.meta.method).join(', ')
    throw new Refused(405, 'METHOD_NOT_ALLOWED')
  }
  const params = { ...route.pattern.exec(request.path)?.groups }
  return { endpoint: route.endpoint, params }
}

function authenticate({ meta }: Endpoint, bearer: string | null): void {
  if (meta.access.role === 'public' || bearer === ACCESS_TOKEN) return
  if (bearer !== null || meta.access.anonymous === undefined) throw new Refused(401, 'UNAUTHORIZED')
}

/** Reads are counted but never refused: a test must not wait for a minute. */
function limit({ request, headers }: Exchange, { meta }: Endpoint, state: State, nowMs: number): void {
  const { rateLimit } = meta
  const most = LIMITS[rateLimit] ?? 100
  const count = (state.requests.get(rateLimit) ?? 0) + (request.isCounted ? 1 : 0)
  state.requests.set(rateLimit, count)
  const isOver = rateLimit === 'runs' && count > most
  headers['x-ratelimit-limit'] = String(most)
  headers['x-ratelimit-remaining'] = String(
    rateLimit === 'runs' ? Math.max(0, most - count) : most - 1 - (count % most),
  )
  headers['x-ratelimit-reset'] = String(Math.ceil(nowMs / 1000) + 42)
  if (isOver) throw new Refused(429, 'RATE_LIMIT_EXCEEDED')
}

function readInput(endpoint: Endpoint, request: Request, params: Row): Row {
  const fields = endpoint.meta.method === 'GET' ? fromQuery(endpoint, request.query) : fromBody(request)
  const result = endpoint.input.safeParse({ ...fields, ...params })
  if (result.success) return result.data
  const details = result.error.issues.map((issue) => ({
    field: issue.code === 'unrecognized_keys' ? issue.keys[0] : String(issue.path[0] ?? ''),
    message: issue.message,
  }))
  throw new Refused(400, 'VALIDATION_ERROR', details)
}

function fromQuery({ input }: Endpoint, query: URLSearchParams): Row {
  const known = [...query].filter(([name]) => name in input.shape)
  return Object.fromEntries(
    known.map(([name, text]) => [name, fromText(text, input.shape[name] as z.ZodType)]),
  )
}

function fromText(text: string, schema: z.ZodType): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return fromText(text, schema.unwrap() as z.ZodType)
  }
  if (schema instanceof z.ZodNumber) return text === '' ? text : Number(text)
  if (schema instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text
  return text
}

function fromBody({ headers, text }: Request): Row {
  if (text === '') return {}
  if (text.length > 64 * 1024) throw new Refused(413, 'PAYLOAD_TOO_LARGE')
  if (!headers['content-type']?.startsWith('application/json'))
    throw new Refused(415, 'UNSUPPORTED_MEDIA_TYPE')
  try {
    return JSON.parse(text) as Row
  } catch {
    throw new Refused(400, 'INVALID_JSON')
  }
}

function v1Body(
  { status, code, details }: Refused,
  request_id: string,
  headers: Record<string, string>,
): Row {
  if (code === 'INVALID_CREDENTIALS') return { detail: 'Invalid credentials' }
  if (status !== 429) return { error: { code, message: code, details }, request_id }
  headers['retry-after'] = '42'
  return {
    error: { code, message: 'Too many requests. Try again in 42 seconds.', retry_after: 42 },
    request_id,
  }
}

function rlBody({ code, details }: Refused, { query }: Request, nowMs: number): Row {
  const timestamp = isoAt(nowMs)
  if (code !== 'VALIDATION_ERROR' || !query.has('period'))
    return { error: code, message: code, details: { fields: details }, timestamp }
  const allowed = ['1d', '7d', '30d', '90d', 'all']
  const message = `Period must be one of: ${allowed.join(', ')}`
  return { error: 'INVALID_PERIOD', message, details: { received: query.get('period'), allowed }, timestamp }
}

function openApi(): Row {
  const paths: Record<string, Row> = {}
  for (const { endpoint } of ROUTES) {
    const { path, method, operationId } = endpoint.meta
    paths[path] = { ...paths[path], [method.toLowerCase()]: { operationId } }
  }
  return { openapi: '3.1.0', paths }
}
