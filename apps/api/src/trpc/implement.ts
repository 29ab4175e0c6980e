import type { Endpoint } from '@quantdeck/contracts'
import type { TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server'
import type * as z from 'zod'

import { isAlwaysOpen } from '../admission.ts'
import type { Actor } from '../auth/actor.ts'
import type { Caller } from '../auth/caller.ts'
import { admit, gateOf, type Gate } from '../auth/guard.ts'
import type { Deps } from '../deps.ts'
import { runOnce } from '../rest/idempotency.ts'
import type { Context, ResponseState } from './context.ts'
import { findAppError, toTrpcError } from './errors.ts'
import { t, type Meta } from './init.ts'
import { assertSafeJson } from './safe-json.ts'

export interface HandlerOptions<Input> {
  readonly deps: Deps
  readonly actor: Actor
  readonly input: Input
  readonly caller: Caller
  /** For what an answer says besides its body: another status, a cookie, a header. */
  readonly response: ResponseState
  /**
   * A uuid made of principal, operation and Idempotency-Key (null without a key). An operation that creates uses
   * it as the new row's id: a retry after a crash between effect and answer then meets the same row.
   */
  readonly idempotencyId: string | null
  /** REST's If-Match header without its quotes, else null. */
  readonly ifMatch: string | null
}

export type Handler<E extends Endpoint> = (
  options: HandlerOptions<z.output<E['input']>>,
) => Promise<z.input<E['output']>> | z.input<E['output']>

/** `query()` without an argument, where no field is required. */
type ClientInput<E extends Endpoint> = OptionalArgument<z.input<E['input']>>
type OptionalArgument<Input> =
  Input extends Record<string, never> ? Input | void : Partial<Input> extends Input ? Input | void : Input

interface ProcedureTypes<E extends Endpoint> {
  input: ClientInput<E>
  output: z.output<E['output']>
  meta: Meta
}

/** A tRPC procedure that knows which contract endpoint it fulfils: the REST bridge and the document read it. */
export type Implementation<E extends Endpoint> = (E['meta']['method'] extends 'GET'
  ? TRPCQueryProcedure<ProcedureTypes<E>>
  : TRPCMutationProcedure<ProcedureTypes<E>>) & { readonly endpoint: E }

/** The whole of a contract tree, implemented: `satisfies Implements<typeof v1.alerts>`. */
export type Implements<Tree> = {
  readonly [K in keyof Tree]: Tree[K] extends Endpoint ? Implementation<Tree[K]> : Implements<Tree[K]>
}

/**
 * The one step in front of every handler: who is it, is it within the limit, may it (all three declared on the
 * endpoint), and one vocabulary of errors behind it. One middleware, because each costs about 3 microseconds.
 */
export function guarded(gate: Gate) {
  return t.middleware(async ({ ctx, getRawInput, next }) => {
    try {
      // REST was decided by its URL, before anything was done for it.
      if (ctx.door !== 'rest' && !isAlwaysOpen(gate.operationId)) ctx.deps.admission.assertOpen()
      const readInput = once(async () => {
        const raw = await getRawInput()
        assertSafeJson(raw)
        return raw ?? {}
      })
      const actor = ctx.admitted ?? (await admit(ctx, gate, readInput))
      // tRPC takes both at once; its types offer one or the other.
      const forward = { ctx: { actor }, getRawInput: readInput } as { ctx: { actor: Actor } }
      const result = await next(forward)
      if (result.ok) return result
      throw result.error
    } catch (error) {
      const known = findAppError(error)
      throw known === null ? error : toTrpcError(known)
    }
  })
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null
  return () => (result ??= read())
}

function openApiMeta({ meta }: Endpoint): NonNullable<Meta['openapi']> {
  return {
    method: meta.method,
    path: meta.path,
    operationId: meta.operationId,
    summary: meta.summary,
    description: meta.description,
    tags: [...meta.tags],
    protect: meta.access.role !== 'public',
  }
}

export interface ImplementOptions {
  /**
   * REST may give the answer again for a moment, as long as nothing is written (see ReadCache): for a GET that only looks,
   * at what is in the database alone.
   */
  isReusable?: boolean
}

/** A contract endpoint and what it does, as a tRPC procedure (query for GET, else mutation), REST route and OpenAPI entry. */
export function implement<E extends Endpoint>(
  endpoint: E,
  handler: Handler<E>,
  { isReusable = false }: ImplementOptions = {},
): Implementation<E> {
  const builder = t.procedure
    .meta({ endpoint, openapi: openApiMeta(endpoint) })
    .use(guarded(gateOf(endpoint)))
    .input(endpoint.input)
    .output(endpoint.output)
  const resolve = (options: { ctx: Context & { actor: Actor }; input: unknown }) => {
    const { deps, actor, caller, response, idempotencyKey, ifMatch } = options.ctx
    const input = options.input as z.output<E['input']>
    const call = async (idempotencyId: string | null) => {
      const output = await handler({ deps, actor, caller, response, idempotencyId, ifMatch, input })
      if (endpoint.meta.method !== 'GET') deps.wakeSealer()
      return output
    }
    if (idempotencyKey === null || !endpoint.meta.idempotent || isStop(endpoint, options.input))
      return call(null)
    return runOnce({ deps, actor, response, endpoint, key: idempotencyKey, input: options.input }, call)
  }
  const procedure = endpoint.meta.method === 'GET' ? builder.query(resolve) : builder.mutation(resolve)
  return carry(procedure, endpoint, isReusable)
}

/** Stopping twice is stopping once, and a stop does not wait for a database that has to remember its key. */
function isStop({ meta }: Endpoint, input: unknown): boolean {
  return (
    meta.operationId === 'set_kill_switch' && (input as { action?: unknown } | null)?.action === 'activate'
  )
}

/**
 * TypeScript cannot follow `method === 'GET'` into the conditional type, nor zod's generics through tRPC's builder;
 * the builder got exactly this endpoint's schemas, so its types are what `Implementation` says.
 */
function carry<E extends Endpoint>(procedure: object, endpoint: E, isReusable: boolean): Implementation<E> {
  return Object.assign(procedure, { endpoint, isReusable }) as unknown as Implementation<E>
}
