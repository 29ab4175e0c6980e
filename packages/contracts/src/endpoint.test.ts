import * as z from 'zod'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  deck,
  endpoint,
  type EndpointOptions,
  type InputOf,
  isEndpoint,
  listEndpoints,
  type MethodOf,
  type OutputOf,
  type RequestOf,
  rl,
  v1,
} from './index.ts'

const options = {
  method: 'GET',
  path: '/v1/things/{thing_id}',
  summary: 'Get a thing',
  tags: ['Things'],
  access: { role: 'viewer', scope: 'read' },
  rateLimit: 'added-read',
  operationId: 'get_thing',
} as const satisfies EndpointOptions

const everything = [...listEndpoints(v1), ...listEndpoints(rl), ...listEndpoints(deck)].map(
  ({ endpoint }) => endpoint,
)

describe('endpoint', () => {
  it('is a frozen value with every default filled in', () => {
    const thing = endpoint(options, z.object({ thing_id: z.string() }), z.object({ ok: z.boolean() }))
    expect(Object.isFrozen(thing) && Object.isFrozen(thing.meta)).toBe(true)
    expect(thing.meta).toMatchObject({
      status: 200,
      errors: [],
      security: ['bearerAuth', 'apiKeyAuth'],
      contentType: 'application/json',
      idempotent: false,
      maxBodyBytes: 65_536,
    })
    expect(thing.statusOf({ ok: true })).toBe(200)
  })

  it('cannot be declared without access or rate limit', () => {
    const { access, rateLimit, ...rest } = options
    const body = z.object({})
    // @ts-expect-error access is missing
    expect(() => endpoint({ ...rest, rateLimit }, body, body)).toThrow(TypeError)
    // @ts-expect-error the rate limit is missing
    expect(isEndpoint(endpoint({ ...rest, access }, body, body))).toBe(true)
    // @ts-expect-error there is no such rate-limit class
    expect(isEndpoint(endpoint({ ...options, rateLimit: 'often' }, body, body))).toBe(true)
  })

  it('infers method, input, request and output', () => {
    const list = v1.positions.list
    expectTypeOf<MethodOf<typeof list>>().toEqualTypeOf<'GET'>()
    expectTypeOf<InputOf<typeof list>['page']>().toEqualTypeOf<number>()
    expectTypeOf<RequestOf<typeof list>['page']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<OutputOf<typeof list>['data'][number]['mode']>().toEqualTypeOf<'PAPER' | 'LIVE'>()
  })

  it('answers 503 for an unhealthy system only', () => {
    const services = {} as OutputOf<typeof v1.health.get>['services']
    const timestamp = '2026-01-25T22:35:00Z'
    expect(v1.health.get.statusOf({ status: 'unhealthy', services, timestamp })).toBe(503)
    expect(v1.health.get.statusOf({ status: 'degraded', services, timestamp })).toBe(200)
  })
})

describe('the three trees', () => {
  it('declare each operation once, with a unique snake_case id', () => {
    const ids = everything.map(({ meta }) => meta.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[a-z]+(_[a-z0-9]+)*$/.test(id))).toEqual([])
    const routes = everything.map(({ meta }) => `${meta.method} ${meta.path}`)
    expect(new Set(routes).size).toBe(routes.length)
  })

  it('take every path parameter as a required input', () => {
    for (const { meta, input } of everything) {
      for (const [, name = ''] of meta.path.matchAll(/\{(\w+)\}/g)) {
        expect(Object.keys(input.shape), `${meta.path} needs ${name}`).toContain(name)
        expect(input.safeParse({}).success, `${meta.path} without ${name}`).toBe(false)
      }
    }
  })

  it('refuse unknown body keys and ignore unknown query parameters', () => {
    for (const { meta, input } of everything) {
      const issues = input.safeParse({ not_a_field: 1 }).error?.issues ?? []
      const refused = issues.some(({ code }) => code === 'unrecognized_keys')
      expect(refused, `${meta.method} ${meta.path}`).toBe(meta.method !== 'GET')
    }
  })

  it('have query parameters that a string can be converted to', () => {
    for (const { meta, input } of everything.filter(({ meta: { method } }) => method === 'GET')) {
      const { properties = {} } = z.toJSONSchema(input, { io: 'input', reused: 'inline' })
      for (const [name, property] of Object.entries(properties)) {
        const type = typeof property === 'object' ? (property.type ?? property.$ref) : undefined
        expect(type, `${meta.path} ${name}`).toMatch(/^(string|integer|number|boolean|#\/\$defs\/\w+)$/)
      }
    }
  })

  it('hold exactly the operations of the v1 document', () => {
    expect(routesOf(listEndpoints(v1))).toEqual([
      'POST /v1/auth/login',
      'POST /v1/auth/refresh',
      'GET /v1/metrics/summary',
      'GET /v1/strategies',
      'GET /v1/strategies/{strategy_id}',
      'PATCH /v1/strategies/{strategy_id}',
      'GET /v1/positions',
      'GET /v1/positions/{position_id}',
      'GET /v1/orders',
      'GET /v1/runs',
      'POST /v1/runs',
      'GET /v1/runs/{run_id}',
      'GET /v1/alerts',
      'PATCH /v1/alerts/{alert_id}/acknowledge',
      'POST /v1/controls/kill-switch',
      'POST /v1/controls/mode-transition',
      'GET /v1/health',
      'GET /v1/health/services/{service_name}',
    ])
  })

  it('hold exactly the HTTP operations of the rl document', () => {
    expect(routesOf(listEndpoints(rl))).toEqual([
      'GET /api/signals/latest',
      'GET /api/performance',
      'GET /api/positions',
      'GET /api/risk/status',
      'GET /api/monitor/health',
    ])
  })
})

function routesOf(endpoints: ReturnType<typeof listEndpoints>): string[] {
  return endpoints.map(({ endpoint: { meta } }) => `${meta.method} ${meta.path}`)
}
