import * as z from 'zod'
import { instant, lineInput, SERVICE_NAMES, serviceStatus, tradingMode } from '../common.ts'
import { endpoint } from '../endpoint.ts'

const detail = z.string().optional().describe('What is wrong, if anything')
const databaseShape = {
  latency_ms: z.number().min(0).describe('Milliseconds of one round trip, or until it failed'),
}
const dataFeedShape = {
  last_update: instant.nullable().describe('null before the first price'),
  staleness_seconds: z.number().min(0).nullable().describe('Seconds since last_update'),
}
const brokerShape = { broker: z.string(), mode: tradingMode }
const redisShape = { enabled: z.boolean().describe('false without REDIS_URL') }
const jobsShape = {
  queued: z.int().min(0).describe('Jobs waiting'),
  active: z.int().min(0).describe('Jobs running'),
}

/** Health of the system and its services. */
export const v1Health = z
  .object({
    status: serviceStatus,
    services: z
      .object({
        database: z
          .object({ status: serviceStatus, ...databaseShape, detail })
          .meta({ 'x-added-fields': ['detail'] }),
        data_feed: z
          .object({ status: serviceStatus, ...dataFeedShape, detail })
          .meta({ 'x-added-fields': ['detail'] }),
        broker_connection: z
          .object({ status: serviceStatus, ...brokerShape, detail })
          .meta({ 'x-added-fields': ['detail'] }),
        redis: z
          .object({ status: serviceStatus, ...redisShape, detail })
          .meta({ 'x-added-fields': ['enabled', 'detail'] }),
        jobs: z.object({ status: serviceStatus, ...jobsShape, detail }),
      })
      .meta({ 'x-added-fields': ['jobs'] }),
    timestamp: instant,
  })
  .meta({ id: 'V1Health' })

/** Health of one service with its history. */
export const v1ServiceHealth = z
  .object({
    data: z.object({
      service: z.enum(SERVICE_NAMES),
      status: serviceStatus,
      ...z
        .object({ ...databaseShape, ...dataFeedShape, ...brokerShape, ...redisShape, ...jobsShape })
        .partial().shape,
      detail,
      checked_at: instant,
      history: z
        .array(z.object({ status: serviceStatus, checked_at: instant, detail }))
        .describe('Latest checks, recent first'),
    }),
  })
  .meta({
    id: 'V1ServiceHealth',
    description: 'The fields of its own entry in /v1/health, with its latest checks',
  })

const get = endpoint(
  {
    method: 'GET',
    path: '/v1/health',
    summary: 'Overall system health',
    tags: ['Health'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    alternativeStatuses: { 503: 'Unhealthy; the same body' },
    operationId: 'get_health',
  },
  z.object({}),
  v1Health,
  (health) => (health.status === 'unhealthy' ? 503 : 200),
)

const service = endpoint(
  {
    method: 'GET',
    path: '/v1/health/services/{service_name}',
    summary: 'Detailed health of one service',
    tags: ['Health'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'document-read',
    errors: [404],
    operationId: 'get_service_health',
  },
  z.object({ service_name: lineInput(64).describe(`One of ${SERVICE_NAMES.join(', ')}; else 404`) }),
  v1ServiceHealth,
)

/** Operations under /v1/health. */
export const v1HealthEndpoints = { get, service }
