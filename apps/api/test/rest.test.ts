import { VirtualClock } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startTestApi, type TestApi } from './harness.ts'

let api: TestApi
let admin: string

beforeAll(async () => {
  api = await startTestApi()
  admin = await api.login('admin')
})

afterAll(() => api.close())

const UUID = '00000000-0000-4000-8000-000000000000'

describe('v1 errors', () => {
  it('answers a missing token with the v1 envelope and the request id of the header', async () => {
    const { status, body, headers } = await api.call('GET', '/v1/positions')
    expect(status).toBe(401)
    expect(body).toEqual({
      error: { code: 'UNAUTHORIZED', message: 'Missing or invalid token', details: [] },
      request_id: headers.get('x-request-id'),
    })
    expect(headers.get('www-authenticate')).toBe('Bearer')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('echoes a harmless request id and replaces any other', async () => {
    const good = await api.call('GET', '/v1/positions', { headers: { 'x-request-id': 'trace-1.a_B' } })
    expect(good.headers.get('x-request-id')).toBe('trace-1.a_B')
    expect(good.body).toMatchObject({ request_id: 'trace-1.a_B' })
    const bad = await api.call('GET', '/v1/positions', { headers: { 'x-request-id': 'a b"c' } })
    expect(bad.headers.get('x-request-id')).toMatch(/^req-[0-9a-f-]{36}$/)
  })

  it('answers a failed login literally', async () => {
    const { status, text } = await api.call('POST', '/v1/auth/login', {
      body: { email: 'nobody@example.com', password: 'wrong' },
    })
    expect(status).toBe(401)
    expect(text).toBe('{"detail":"Invalid credentials"}')
  })

  it('names the fields of invalid input', async () => {
    const { status, body } = await api.call('POST', '/v1/auth/login', { body: { email: 'x', extra: 1 } })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { code: 'VALIDATION_ERROR', message: 'Invalid request parameters' } })
    const { details } = (body as { error: { details: { field: string }[] } }).error
    expect(details.map(({ field }) => field)).toEqual(['extra'])
  })

  it.each([
    ['malformed JSON', '{"a":', 400, 'INVALID_JSON'],
    ['an array', '[]', 400, 'VALIDATION_ERROR'],
    ['a key that reaches the prototype', '{"__proto__":{"a":1}}', 400, 'VALIDATION_ERROR'],
    ['deep nesting', `{"email":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'VALIDATION_ERROR'],
    ['more than 64 KiB', JSON.stringify({ email: 'a'.repeat(70_000) }), 413, 'PAYLOAD_TOO_LARGE'],
  ])('refuses %s', async (_name, body, status, code) => {
    const answer = await api.call('POST', '/v1/auth/login', { body })
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ error: { code } })
  })

  it('refuses another content type', async () => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await api.call('POST', '/v1/auth/login', { body: '{}', headers })
    expect(answer.status).toBe(415)
    expect(answer.body).toMatchObject({ error: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
  })

  it('takes a POST and a PATCH without a body and without a content type', async () => {
    const logout = await api.call('POST', '/v1/auth/logout', { token: await api.login('viewer') })
    expect(logout.status).toBe(200)
    const patch = await api.call('PATCH', `/v1/alerts/${UUID}/acknowledge`, { token: admin })
    expect(patch.status).toBe(404)
  })

  it('says which methods a known path has', async () => {
    const { status, body, headers } = await api.call('DELETE', '/v1/positions')
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect(body).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } })
  })

  it('answers an unknown path and an id that is none like something unknown', async () => {
    expect((await api.call('GET', '/v1/nothing')).body).toMatchObject({ error: { code: 'NOT_FOUND' } })
    const { status } = await api.call('GET', '/v1/positions/not-a-uuid', { token: admin })
    expect(status).toBe(404)
  })

  it('refuses a malformed path without a 500', async () => {
    const { status, body } = await api.call('GET', '/v1/positions/%E0%A4%A', { token: admin })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { code: 'VALIDATION_ERROR' } })
  })
})

describe('rl errors', () => {
  it('names a bad enum parameter as the document does', async () => {
    const { status, body } = await api.call('GET', '/api/performance?period=invalid')
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: 'INVALID_PERIOD',
      message: 'Period must be one of: 1d, 7d, 30d, 90d, all',
      details: { received: 'invalid', allowed: ['1d', '7d', '30d', '90d', 'all'] },
    })
    expect((body as { timestamp: string }).timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  })

  it('refuses an empty one the same way, and a repeated one', async () => {
    expect((await api.call('GET', '/api/performance?period=')).body).toMatchObject({
      error: 'INVALID_PERIOD',
      details: { received: '' },
    })
    const repeated = await api.call('GET', '/api/performance?period=1d&period=7d')
    expect(repeated.status).toBe(400)
    expect(repeated.body).toMatchObject({ error: 'VALIDATION_ERROR' })
  })

  it('answers unknown paths and methods in its own format', async () => {
    expect((await api.call('GET', '/api/nothing')).body).toMatchObject({ error: 'NOT_FOUND' })
    const { body, headers } = await api.call('PUT', '/api/positions')
    expect(body).toMatchObject({ error: 'METHOD_NOT_ALLOWED' })
    expect(headers.get('allow')).toContain('GET')
  })

  it('lets reads in without a token on loopback, but not through a proxy and never a write', async () => {
    expect((await api.call('GET', '/api/positions')).status).toBe(200)
    const proxied = await api.call('GET', '/api/positions', { headers: { 'x-forwarded-for': '1.2.3.4' } })
    expect(proxied.status).toBe(401)
    expect((await api.call('POST', '/api/signals', { body: {} })).status).toBe(401)
  })
})

describe('query parameters', () => {
  it.each([
    'page=0',
    'page=1.5',
    'page=abc',
    'page=',
    'page=1e2',
    'page=0x10',
    'per_page=101',
    'page=1&page=2',
  ])('refuses %s', async (query) => {
    const { status, body } = await api.call('GET', `/v1/positions?${query}`, { token: admin })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { code: 'VALIDATION_ERROR' } })
  })

  it('keeps false false, and ignores what it does not know', async () => {
    const { status, body } = await api.call('GET', '/v1/alerts?acknowledged=false&unknown=1', {
      token: admin,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ data: [], meta: { page: 1, per_page: 20 } })
    expect((await api.call('GET', '/v1/alerts?acknowledged=1', { token: admin })).status).toBe(400)
  })
})

describe('lists', () => {
  it('answer HEAD like GET without a body, and 304 to their own tag', async () => {
    const get = await api.call('GET', '/v1/orders', { token: admin })
    const etag = get.headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/"/)
    const head = await api.call('HEAD', '/v1/orders', { token: admin })
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', etag])
    const again = await api.call('GET', '/v1/orders', { token: admin, headers: { 'if-none-match': etag } })
    expect([again.status, again.text]).toEqual([304, ''])
    for (const { headers } of [get, head, again]) expect(headers.get('cache-control')).toBe('no-store')
  })
})

describe('strangers', () => {
  it('are refused by Host', async () => {
    const { port } = new URL(api.url)
    const { request } = await import('node:http')
    const status = await new Promise((resolve) => {
      const options = { port, host: '127.0.0.1', path: '/v1/health', headers: { host: 'evil.example' } }
      request(options, (response) => resolve(response.resume().statusCode)).end()
    })
    expect(status).toBe(403)
  })

  it('get CORS headers from loopback only, PATCH included', async () => {
    const preflight = (origin: string) =>
      api.call('OPTIONS', '/v1/alerts', {
        headers: { origin, 'access-control-request-method': 'PATCH' },
      })
    const local = await preflight('http://localhost:5173')
    expect(local.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
    expect(local.headers.get('access-control-allow-methods')).toContain('PATCH')
    const foreign = await preflight('https://evil.example')
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('rate limits', () => {
  it('count down in headers and end in the literal 429', async () => {
    const clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))
    const limited = await startTestApi({ clock, env: { RATE_LIMITS: '{"document-read":2}' } })
    try {
      const token = await limited.login('viewer')
      const first = await limited.call('GET', '/v1/orders', { token })
      expect(first.headers.get('x-ratelimit-limit')).toBe('2')
      expect(first.headers.get('x-ratelimit-remaining')).toBe('1')
      await limited.call('GET', '/v1/orders', { token })
      const third = await limited.call('GET', '/v1/orders', { token })
      expect(third.status).toBe(429)
      const seconds = Number(third.headers.get('retry-after'))
      expect(seconds).toBeGreaterThan(58)
      expect(third.body).toEqual({
        error: {
          code: 'RATE_LIMIT_EXCEEDED',
          message: `Too many requests. Try again in ${seconds} seconds.`,
          retry_after: seconds,
        },
        request_id: third.headers.get('x-request-id'),
      })
      const other = await limited.call('GET', '/v1/orders', { token: await limited.login('admin') })
      expect(other.status).toBe(200)
      clock.advanceBy(61_000)
      expect((await limited.call('GET', '/v1/orders', { token })).status).toBe(200)
    } finally {
      await limited.close()
    }
  })
})

describe('open pages', () => {
  it('answer without a token', async () => {
    expect((await api.call('GET', '/healthz')).body).toEqual({ status: 'ok' })
    expect((await api.call('GET', '/readyz')).body).toEqual({ status: 'ok' })
    expect((await api.call('GET', '/metrics')).text).toContain('quantdeck_http_request_duration_seconds')
    for (const page of ['/docs', '/redoc', '/docs/swagger-ui-bundle.js', '/redoc/redoc.standalone.js']) {
      const { status, headers } = await api.call('GET', page)
      expect([page, status]).toEqual([page, 200])
      expect(headers.get('content-type')).toContain('charset=utf-8')
    }
  })

  it('say that the dashboard must be built where it is not', async () => {
    const { status, text } = await api.call('GET', '/overview', { headers: { accept: 'text/html' } })
    expect(status).toBe(503)
    expect(text).toContain('pnpm build')
  })
})

describe('health', () => {
  it('says how each service is', async () => {
    const { status, body } = await api.call('GET', '/v1/health', { token: admin })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'degraded',
      services: {
        database: { status: 'healthy' },
        data_feed: { status: 'degraded', last_update: null },
        broker_connection: { status: 'healthy', broker: 'simulated', mode: 'PAPER' },
        redis: { status: 'healthy', enabled: false },
      },
    })
    const one = await api.call('GET', '/v1/health/services/database', { token: admin })
    expect(one.body).toMatchObject({ data: { service: 'database', status: 'healthy' } })
    expect((await api.call('GET', '/v1/health/services/mars', { token: admin })).status).toBe(404)
  })

  it('answers 503 with the same body when the database is gone', async () => {
    const broken = await startTestApi()
    try {
      const token = await broken.login('viewer')
      await broken.call('GET', '/v1/health', { token })
      broken.deps.health.register('database', () => {
        throw new Error('down')
      })
      const { status, body } = await broken.call('GET', '/v1/health', { token })
      expect(status).toBe(503)
      expect(body).toMatchObject({ status: 'unhealthy', services: { database: { status: 'unhealthy' } } })
    } finally {
      await broken.close()
    }
  })
})
