import { incomingMessageToRequest } from '@trpc/server/adapters/node-http'
import { resolveResponse } from '@trpc/server/http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { IncomingMessage } from 'node:http'

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
    // A batch names all its procedures: a named parameter would end after 256 letters.
    url: '/trpc/*',
    handler: async (request, reply) => {
      const { '*': path } = request.params as { '*': string }
      // tRPC reads a string; our parser keeps bytes.
      const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : undefined
      const raw: IncomingMessage & { body?: unknown } = Object.assign(request.raw, { body })
      const context: Context = {
        deps,
        door: 'trpc',
        caller: callerOfRequest(request, origins),
        response: newResponseState(),
        idempotencyKey: null,
        ifMatch: null,
      }
      const response = await resolveResponse({
        router,
        req: incomingMessageToRequest(raw, reply.raw, { maxBodySize: null }),
        path,
        error: null,
        maxBatchSize: MAX_BATCH,
        createContext: async () => context,
        responseMeta: () => ({ headers: headersOf(context) }),
        onError: ({ error }) => {
          if (findAppError(error) === null)
            deps.log.error({ err: error, requestId: request.id }, 'request failed')
        },
      })
      return send(reply, response)
    },
  })
}

/** Streams as they are. An answer is sent in one piece: through a web stream it takes three writes and twice the time. */
async function send(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  if (response.headers.get('content-type') !== 'application/json') return reply.send(response)
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') void reply.header(name, value)
  }
  for (const cookie of response.headers.getSetCookie()) void reply.header('set-cookie', cookie)
  return reply.code(response.status).send(await response.text())
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
