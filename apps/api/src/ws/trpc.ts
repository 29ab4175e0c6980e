import { getWSConnectionHandler } from '@trpc/server/adapters/ws'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'

import type { Caller } from '../auth/caller.ts'
import type { Deps } from '../deps.ts'
import { addressOf, readCaller } from '../rest/caller.ts'
import type { OriginPolicy } from '../rest/origins.ts'
import { newResponseState, type Context } from '../trpc/context.ts'
import type { AppRouter } from '../trpc/router.ts'
import type { Channel } from './upgrade.ts'

/** tRPC over WebSocket. The token comes in the connection parameters (a browser cannot set headers), or in a header. */
export function trpcChannel(deps: Deps, router: AppRouter, origins: OriginPolicy): Channel {
  const onConnection = getWSConnectionHandler({
    router,
    // Asked for by the type; only tRPC's own server would use it.
    wss: new WebSocketServer({ noServer: true }),
    createContext: ({ req, res, info }): Context => ({
      deps,
      door: 'ws',
      caller: callerOf(deps, req, origins, info.connectionParams),
      response: newResponseState(),
      idempotencyKey: null,
      ifMatch: null,
      backlogBytes: () => res.bufferedAmount,
    }),
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
  })
  return {
    path: '/trpc',
    prepare: () => {},
    connect: (socket, request) => connect(deps, onConnection, socket, request),
  }
}

function connect(
  deps: Deps,
  onConnection: (socket: WebSocket, request: IncomingMessage) => void,
  socket: WebSocket,
  request: IncomingMessage,
): void {
  try {
    onConnection(socket, request)
  } catch (error) {
    deps.log.warn({ err: error }, 'tRPC connection failed')
    socket.close(1011)
  }
}

/** Cookies do not count here: a socket has no custom header to prove that our own page opened it. */
function callerOf(
  deps: Deps,
  request: IncomingMessage,
  origins: OriginPolicy,
  params: Record<string, unknown> | null,
): Caller {
  const ip = addressOf(request, deps.env.trustProxy)
  const about = { requestId: `req-${randomUUID()}`, ip, origins }
  const caller = readCaller(request.headers, about)
  const token = typeof params?.['token'] === 'string' ? params['token'] : null
  return {
    ...caller,
    refreshCookie: null,
    deviceCookie: null,
    customHeader: false,
    bearer: caller.bearer ?? token,
  }
}
