import { pingDatabase } from '@quantdeck/db'
import { AppError } from '@quantdeck/domain'
import type { FastifyInstance } from 'fastify'
import { timingSafeEqual } from 'node:crypto'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

import type { Deps } from '../deps.ts'
import { refuseOtherMethods } from './bridge.ts'
import { bearerOf } from './caller.ts'

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/

/** Open probes that say nothing but up or not, and metrics for who may read them. */
export function registerProbes(app: FastifyInstance, deps: Deps): void {
  app.get('/healthz', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )
  app.get('/readyz', async (_request, reply) => {
    void reply.header('cache-control', 'no-store')
    try {
      await pingDatabase(deps.db.kysely)
      return await reply.send({ status: 'ok' })
    } catch {
      return reply.code(503).send({ status: 'unavailable' })
    }
  })
  registerMetrics(app, deps)
  for (const url of ['/healthz', '/readyz', '/metrics']) refuseOtherMethods(app, url, ['GET'])
}

function registerMetrics(app: FastifyInstance, deps: Deps): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 })
  const seconds = new Histogram({
    name: 'quantdeck_http_request_duration_seconds',
    help: 'Duration of HTTP requests by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('quantdeck_requests_refused', 'Requests refused in overloads so far', () => deps.admission.refused)
  gauge('quantdeck_stream_clients', 'Clients of the live streams', () => deps.hub.connectedClients)
  gauge('quantdeck_stream_sequence', 'Sequence of the last streamed event', () => deps.hub.lastSequence)
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched'
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    done()
  })
  app.get('/metrics', async (request, reply) => {
    requireMetricsAccess(deps, request.ip, bearerOf(request.headers.authorization))
    return reply
      .header('cache-control', 'no-store')
      .type(registry.contentType)
      .send(await registry.metrics())
  })
}

/** With METRICS_TOKEN whoever presents it; without, this machine only. Otherwise it does not exist. */
function requireMetricsAccess({ env }: Deps, ip: string, token: string | null): void {
  const isAllowed =
    env.metricsToken === null
      ? LOOPBACK.test(ip) && !env.trustProxy
      : token !== null && isEqual(token, env.metricsToken)
  if (!isAllowed) throw new AppError('NOT_FOUND', 'Not found')
}

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
