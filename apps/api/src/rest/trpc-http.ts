import { fastifyRequestHandler } from '@trpc/server/adapters/fastify'
import type { FastifyInstance } from 'fastify'

import type { Deps } from '../deps.ts'
import { newResponseState, type Context } from '../trpc/context.ts'
import { findAppError } from '../trpc/errors.ts'
import type { AppRouter } from '../trpc/router.ts'
import { callerOfRequest } from './caller.ts'
import type { OriginPolicy } from './origins.ts'

const MAX_BATCH = 30

interface TrpcParts {
  deps: Deps
  router: AppRouter
  origins: OriginPolicy
}

/** tRPC over HTTP: single calls, batches, and SSE for subscriptions. */
export function registerTrpc(app: FastifyInstance, { deps, router, origins }: TrpcParts): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/trpc/:path',
    handler: async (request, reply) => {
      const { path } = request.params as { path: string }
      // tRPC reads a string; our parser keeps bytes.
      if (Buffer.isBuffer(request.body)) request.body = request.body.toString('utf8')
      const context: Context = {
        deps,
        door: 'trpc',
        caller: callerOfRequest(request, origins),
        response: newResponseState(),
        idempotencyKey: null,
        ifMatch: null,
      }
      await fastifyRequestHandler({
        router,
        req: request,
        res: reply,
        path,
        maxBatchSize: MAX_BATCH,
        createContext: () => context,
        responseMeta: () => ({ headers: headersOf(context) }),
        onError: ({ error }) => {
          if (findAppError(error) === null)
            deps.log.error({ err: error, requestId: request.id }, 'request failed')
        },
      })
    },
  })
}

function headersOf({ response }: Context): Headers {
  const headers = new Headers({ 'cache-control': 'no-store' })
  for (const [name, value] of Object.entries(response.headers)) headers.set(name, value)
  for (const cookie of response.cookies) headers.append('set-cookie', cookie)
  const { limit } = response
  if (limit !== null) {
    headers.set('x-ratelimit-limit', String(limit.limit))
    headers.set('x-ratelimit-remaining', String(limit.remaining))
    headers.set('x-ratelimit-reset', String(limit.resetAtSeconds))
    if (!limit.allowed) headers.set('retry-after', String(limit.retryAfterSeconds))
  }
  return headers
}
