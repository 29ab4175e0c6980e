import type { Endpoint } from '@quantdeck/contracts'
import { AppError } from '@quantdeck/domain'
import { callTRPCProcedure, type AnyTRPCRouter } from '@trpc/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import type * as z from 'zod'

import type { Deps } from '../deps.ts'
import { admit, gateOf, type Gate } from '../auth/guard.ts'
import { newResponseState, type Context, type ResponseState } from '../trpc/context.ts'
import { findAppError } from '../trpc/errors.ts'
import { assertKnownFields, readBody } from './body.ts'
import { callerOfRequest } from './caller.ts'
import { deprecationHeaders } from './deprecation.ts'
import { isRlPath } from './errors.ts'
import type { OriginPolicy } from './origins.ts'
import { readQuery } from './query.ts'
import { cacheKey } from './read-cache.ts'
import { JSON_TYPE, type ReadyAnswer, readyAnswer, sendOther, sendReady } from './send.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'] as const

interface Route {
  readonly name: string
  readonly type: 'query' | 'mutation'
  readonly endpoint: Endpoint
  readonly gate: Gate
  /** Its answer may be given again for a moment. */
  readonly isReusable: boolean
  readonly pathFields: readonly string[]
  readonly otherFields: Readonly<Record<string, z.core.$ZodType>>
  readonly bodyFields: ReadonlySet<string>
}

export interface BridgeParts {
  readonly deps: Deps
  readonly router: AnyTRPCRouter
  readonly origins: OriginPolicy
}

function endpointOf(procedure: unknown): Endpoint | null {
  if (typeof procedure !== 'function' || !('endpoint' in procedure)) return null
  return procedure.endpoint as Endpoint
}

/** The contract endpoints of a router with their dotted names. */
export function listRoutes(router: AnyTRPCRouter): Route[] {
  return Object.entries(router._def.procedures as Record<string, unknown>).flatMap(([name, procedure]) => {
    const endpoint = endpointOf(procedure)
    if (endpoint === null) return []
    const pathFields = [...endpoint.meta.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
    const shape = endpoint.input.shape as Record<string, z.core.$ZodType>
    const otherFields = Object.fromEntries(
      Object.entries(shape).filter(([field]) => !pathFields.includes(field)),
    )
    const type = endpoint.meta.method === 'GET' ? ('query' as const) : ('mutation' as const)
    const isReusable = (procedure as { isReusable?: boolean }).isReusable === true
    const about = { name, type, endpoint, gate: gateOf(endpoint), isReusable }
    return [{ ...about, pathFields, otherFields, bodyFields: new Set(Object.keys(otherFields)) }]
  })
}

/** REST from the contract: each endpoint-carrying procedure gets its route, and its path a 405 for other methods. */
export function registerBridge(app: FastifyInstance, parts: BridgeParts): void {
  const methodsByPath = new Map<string, string[]>()
  for (const route of listRoutes(parts.router)) {
    const { method, path, maxBodyBytes } = route.endpoint.meta
    const url = path.replace(/\{(\w+)\}/g, ':$1')
    methodsByPath.set(url, [...(methodsByPath.get(url) ?? []), method])
    app.route({
      method,
      url,
      bodyLimit: maxBodyBytes,
      handler: (request, reply) => answer(parts, route, request, reply),
    })
  }
  for (const [url, methods] of methodsByPath) refuseOtherMethods(app, url, methods)
}

/** Without this an unknown method on a known path would read as an unknown path. */
export function refuseOtherMethods(app: FastifyInstance, url: string, methods: readonly string[]): void {
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
  app.route({
    method: METHODS.filter((method) => !methods.includes(method)),
    url,
    handler: () => {
      throw new AppError('METHOD_NOT_ALLOWED', 'Method not allowed', { allow })
    },
  })
}

interface Asked {
  route: Route
  request: FastifyRequest
  reply: FastifyReply
  ctx: Context
}

async function answer(parts: BridgeParts, route: Route, request: FastifyRequest, reply: FastifyReply) {
  const response = newResponseState({ canStream: true })
  void reply.headers(deprecationHeaders(route.endpoint.meta.deprecated))
  try {
    const asked = { route, request, reply, ctx: contextOf(parts, route, request, response) }
    return await (route.isReusable ? answerAgain(parts, asked) : answerAnew(parts, asked))
  } catch (error) {
    applyState(reply, response)
    throw isRlPath(request.url) ? nameBadParameter(error, route, request) : error
  }
}

/** Who asks is let in as for any answer; what they get may have been made a moment ago. */
async function answerAgain(parts: BridgeParts, { route, request, reply, ctx }: Asked): Promise<FastifyReply> {
  const { reads } = parts.deps
  const actor = await admit(ctx, route.gate, async () => ({}))
  const key = cacheKey(actor, ctx.caller, request.url)
  const known = reads.find(key)
  if (known !== null) {
    applyState(reply, ctx.response)
    return sendReady(request, reply, known)
  }
  const { writes } = reads
  const asked = { route, request, reply, ctx: { ...ctx, admitted: actor } }
  return answerAnew(parts, asked, (ready) => reads.keep(key, ready, writes))
}

async function answerAnew(
  { router }: BridgeParts,
  { route, request, reply, ctx }: Asked,
  keep: (ready: ReadyAnswer) => void = () => {},
): Promise<FastifyReply> {
  const { response } = ctx
  const output: unknown = await callTRPCProcedure({
    router,
    path: route.name,
    type: route.type,
    ctx,
    getRawInput: async () => readInput(route, request),
    signal: undefined,
    batchIndex: 0,
  })
  applyState(reply, response)
  const status = response.status ?? route.endpoint.statusOf(output)
  const { contentType } = route.endpoint.meta
  if (response.stream !== null)
    return sendOther(reply.code(status), contentType, Readable.from(response.stream))
  if (contentType !== JSON_TYPE) return sendOther(reply.code(status), contentType, output)
  const ready = readyAnswer(status, output)
  if (saysNothingElse(response)) keep(ready)
  return sendReady(request, reply, ready)
}

/** What a handler says besides its body is said once. */
function saysNothingElse({ status, headers, cookies }: ResponseState): boolean {
  return status === null && cookies.length === 0 && Object.keys(headers).length === 0
}

function contextOf(
  { deps, origins }: BridgeParts,
  route: Route,
  request: FastifyRequest,
  response: ResponseState,
): Context {
  return {
    deps,
    door: 'rest',
    caller: callerOfRequest(request, origins),
    response,
    idempotencyKey: route.endpoint.meta.idempotent ? idempotencyKeyOf(request) : null,
    ifMatch: ifMatchOf(request),
  }
}

function queryOf(request: FastifyRequest): URLSearchParams {
  const start = request.url.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : request.url.slice(start + 1))
}

function readInput(route: Route, request: FastifyRequest): Record<string, unknown> {
  const params = request.params as Record<string, string>
  const path = Object.fromEntries(route.pathFields.map((field) => [field, params[field]]))
  assertPossibleIds(route, path)
  const { method } = route.endpoint.meta
  const body = readBody(request.body as Buffer | undefined, request.headers['content-type'])
  if (method === 'GET') return { ...readQuery(route.otherFields, queryOf(request)), ...path }
  if (method === 'DELETE') {
    assertKnownFields(body, new Set())
    return { ...readQuery(route.otherFields, queryOf(request)), ...path }
  }
  assertKnownFields(body, route.bodyFields)
  return { ...body, ...path }
}

/** What cannot be an id (empty, endless, with control characters) is not found, like any id of nobody. */
function assertPossibleIds({ endpoint }: Route, path: Readonly<Record<string, string | undefined>>): void {
  const shape = endpoint.input.shape as Record<string, z.ZodType>
  for (const [field, id] of Object.entries(path)) {
    if (shape[field]?.safeParse(id).success === false) throw new AppError('NOT_FOUND', 'Not found')
  }
}

function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key === 'string' && /^[\x21-\x7e]{1,128}$/.test(key)) return key
  const details = [{ field: 'Idempotency-Key', message: 'Must be 1 to 128 visible characters' }]
  throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
}

function ifMatchOf(request: FastifyRequest): string | null {
  const match = /^(?:W\/)?"([^"]{0,200})"$/.exec(request.headers['if-match'] ?? '')
  return match?.[1] ?? null
}

function applyState(reply: FastifyReply, response: ResponseState): void {
  for (const [name, value] of Object.entries(response.headers)) void reply.header(name, value)
  for (const cookie of response.cookies) void reply.header('set-cookie', cookie)
  const { limit } = response
  if (limit === null) return
  void reply.header('x-ratelimit-limit', String(limit.limit))
  void reply.header('x-ratelimit-remaining', String(limit.remaining))
  void reply.header('x-ratelimit-reset', String(limit.resetAtSeconds))
}

/** rl names a bad enum parameter in the code itself: `INVALID_PERIOD`, with what was received and what is allowed. */
function nameBadParameter(error: unknown, route: Route, request: FastifyRequest): unknown {
  const known = findAppError(error)
  if (known?.code !== 'VALIDATION_ERROR' || route.endpoint.meta.method !== 'GET') return error
  const issues = known.cause instanceof Error && 'issues' in known.cause ? known.cause.issues : []
  const issue = (issues as z.core.$ZodIssue[]).find(
    ({ code, path }) => code === 'invalid_value' && path.length === 1,
  )
  if (issue?.code !== 'invalid_value') return error
  const name = String(issue.path[0])
  const received = queryOf(request).get(name)?.slice(0, 100) ?? null
  return new AppError('INVALID_PARAM', known.message, { param: { name, received, allowed: issue.values } })
}
