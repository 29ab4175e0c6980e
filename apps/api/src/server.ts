import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import { AppError } from '@quantdeck/domain'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'

import { isDecidedByUrl } from './admission.ts'
import { isListed } from './auth/address-list.ts'
import type { Deps } from './deps.ts'
import { registerBridge } from './rest/bridge.ts'
import { answerClientErrors } from './rest/client-errors.ts'
import { registerDocs } from './rest/docs.ts'
import { sendError } from './rest/errors.ts'
import { downConvert } from './rest/openapi-30.ts'
import { buildOpenApiDocument } from './rest/openapi.ts'
import { assertWellAddressed, refuseTunnels, toOriginForm } from './rest/request-line.ts'
import { OriginPolicy } from './rest/origins.ts'
import { registerProbes } from './rest/probes.ts'
import { DASHBOARD_POLICY, registerDashboard } from './rest/static.ts'
import { registerTrpc } from './rest/trpc-http.ts'
import { appRouter } from './trpc/router.ts'
import { buildAsyncApiDocument } from './ws/asyncapi.ts'
import { tradingSignals } from './ws/trading-signals.ts'
import { trpcChannel } from './ws/trpc.ts'
import { handleUpgrades } from './ws/upgrade.ts'

/** Beside this file both as source and when built. */
const WEB_ROOT = join(import.meta.dirname, '..', '..', 'web', 'dist')
const SERVICE_RESTART = 1012

export interface ServerOptions {
  /** Where the built dashboard is. */
  webRoot?: string
  /** Between two heartbeats of the stream; the contract's 30 s unless a test cannot wait. */
  heartbeatMs?: number
}

/** The whole HTTP and WebSocket server over the given parts. It listens when `app.listen` is called. */
export async function buildServer(deps: Deps, options: ServerOptions = {}): Promise<FastifyInstance> {
  const app = Fastify({
    // Its own lines (listening, each request) would repeat ours.
    loggerInstance: deps.log.child({}, { level: 'silent' }),
    genReqId: requestIdOf,
    rewriteUrl: ({ url = '/' }) => toOriginForm(url),
    requestIdHeader: false,
    // One proxy in front of us is believed; what it was told by others is not.
    trustProxy: deps.env.trustProxy ? (_address: string, hop: number) => hop < 1 : false,
    bodyLimit: 64 * 1024,
    connectionTimeout: 30_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: true,
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: false },
    clientErrorHandler: answerClientErrors(deps),
    frameworkErrors: (error, request, reply) => void sendError(deps, request, reply, error),
    // Late headers and bodies are looked for at each interval, not when they become late.
    http: { headersTimeout: 10_000, maxHeaderSize: 16 * 1024, connectionsCheckingInterval: 2_000 },
  }) as unknown as FastifyInstance
  app.server.maxConnections = 25_000
  refuseTunnels(app.server)
  const origins = new OriginPolicy(deps.env)
  // Before the routes: each takes the handler that stands when it is registered.
  app.setErrorHandler((error, request, reply) => sendError(deps, request, reply, error))
  addParsers(app)
  addHooks(app, deps, origins)
  await addHeaders(app, origins)
  registerProbes(app, deps)
  registerDocs(app, {
    openApi: () => JSON.stringify(buildOpenApiDocument(appRouter)),
    openApi30: () => JSON.stringify(downConvert(buildOpenApiDocument(appRouter))),
    asyncApi: () => JSON.stringify(buildAsyncApiDocument()),
  })
  registerBridge(app, { deps, router: appRouter, origins })
  registerTrpc(app, { deps, router: appRouter, origins })
  const answerRest = await registerDashboard(app, options.webRoot ?? WEB_ROOT)
  app.setNotFoundHandler((request, reply) => answerRest(request, reply))
  const channels = [tradingSignals(deps, origins, options.heartbeatMs), trpcChannel(deps, appRouter, origins)]
  const closeSockets = handleUpgrades(app.server, { deps, origins, channels })
  app.addHook('preClose', async () => closeSockets(SERVICE_RESTART))
  return app
}

/** A client's own id if it is harmless, else one of ours. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : `req-${randomUUID()}`
}

/** Bodies stay bytes here; the bridge parses them with its own rules, after the guard. */
function addParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}

function addHooks(app: FastifyInstance, deps: Deps, origins: OriginPolicy): void {
  const { env, log } = deps
  const refused = refuseExcess(app, deps)
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    try {
      assertWellAddressed(request, origins)
      if (env.ipAllowList !== null && !isListed(request.ip, env.ipAllowList)) {
        throw new AppError('FORBIDDEN', 'This address is not allowed')
      }
      done()
    } catch (error) {
      done(error as Error)
    }
  })
  app.addHook('onResponse', (request, reply, done) => {
    done()
    // An overload is one line for all of it.
    if (refused.has(request) || (reply.statusCode < 500 && !log.isLevelEnabled('debug'))) return
    const line = {
      requestId: request.id,
      method: request.method,
      // Without the query: it may hold a one-time token.
      path: pathOf(request).slice(0, 200),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    }
    if (reply.statusCode >= 500) log.error(line, 'request')
    else log.debug(line, 'request')
  })
}

/** Before anything else is done for a request: is there room for it? @returns those for which there was none */
function refuseExcess(app: FastifyInstance, { admission }: Deps): WeakSet<FastifyRequest> {
  const refused = new WeakSet<FastifyRequest>()
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isDecidedByUrl(request.url)) return done()
    try {
      admission.assertOpen()
      done()
    } catch (error) {
      refused.add(request)
      done(error as AppError)
    }
  })
  return refused
}

/** They are the same for every answer; helmet would make them anew for each. */
function madeByHelmet(reply: FastifyReply): Record<string, string> {
  const before = new Set(reply.raw.getHeaderNames())
  reply.helmet()
  const made = Object.entries(reply.raw.getHeaders()).flatMap(([name, value]) =>
    before.has(name) || typeof value !== 'string' ? [] : [[name, value] as const],
  )
  // Fastify keeps its own until it answers, and Node writes them fastest where it has none itself.
  for (const [name] of made) reply.raw.removeHeader(name)
  return Object.fromEntries(made)
}

async function addHeaders(app: FastifyInstance, origins: OriginPolicy): Promise<void> {
  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: DASHBOARD_POLICY,
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  })
  let made: Record<string, string> | null = null
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers((made ??= madeByHelmet(reply)))
    done()
  })
  await app.register(cors, {
    delegator: (request, done) => {
      const { origin, host } = request.headers
      done(null, {
        origin: origins.isAllowed(origin ?? null, host ?? null),
        methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
        allowedHeaders: [
          'Authorization',
          'Content-Type',
          'Idempotency-Key',
          'If-Match',
          'If-None-Match',
          'X-API-Key',
          'X-Request-ID',
        ],
        exposedHeaders: [
          'X-Request-ID',
          'X-RateLimit-Limit',
          'X-RateLimit-Remaining',
          'X-RateLimit-Reset',
          'Retry-After',
          'ETag',
          'Idempotent-Replayed',
          'Deprecation',
          'Sunset',
          'Link',
        ],
        maxAge: 600,
        strictPreflight: false,
      })
    },
  })
}
