import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startTestApi, type TestApi } from '../harness.ts'

let api: TestApi
let token: string

beforeAll(async () => {
  api = await startTestApi()
  token = await api.login('admin')
})

afterAll(() => api.close())

/** A write of each family, and the size above which its body is refused. */
const WRITES = [
  { path: '/v1/orders', limit: 64 * 1024 },
  { path: '/api/signals', limit: 4 * 1024 * 1024 },
] as const

/** The same error as each document writes it. */
function expectError(body: unknown, path: string, code: string): void {
  if (path.startsWith('/v1')) {
    expect(body).toEqual({
      error: { code, message: expect.any(String), details: expect.any(Array) },
      request_id: expect.any(String),
    })
    return
  }
  const { details: _optional, ...always } = body as Record<string, unknown>
  expect(always).toEqual({
    error: code,
    message: expect.any(String),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  })
}

describe.each(WRITES)('a write to $path', ({ path, limit }) => {
  it.each([
    ['malformed JSON', '{"a":', 400, 'INVALID_JSON'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400, 'INVALID_JSON'],
    ['a list', '[]', 400, 'VALIDATION_ERROR'],
    ['text', '"LONG"', 400, 'VALIDATION_ERROR'],
    ['nothing', '{}', 400, 'VALIDATION_ERROR'],
    ['an unknown key', '{"nonsense":1}', 400, 'VALIDATION_ERROR'],
  ])('refuses %s', async (_name, body, status, code) => {
    const response = await fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    })
    expect(response.status).toBe(status)
    expectError(await response.json(), path, code)
  })

  it('refuses a body above its size, and one that is no JSON by its type', async () => {
    const large = JSON.stringify({ reasoning: 'x'.repeat(limit) })
    const tooLarge = await api.call('POST', path, { token, body: large })
    expect(tooLarge.status).toBe(413)
    expectError(tooLarge.body, path, 'PAYLOAD_TOO_LARGE')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const form = await api.call('POST', path, { token, body: 'a=1', headers })
    expect(form.status).toBe(415)
    expectError(form.body, path, 'UNSUPPORTED_MEDIA_TYPE')
  })

  it('refuses a stranger and a viewer before it looks at the body', async () => {
    const stranger = await api.call('POST', path, { body: '{"a":' })
    expect(stranger.status).toBe(401)
    expectError(stranger.body, path, 'UNAUTHORIZED')
    const viewer = await api.call('POST', path, { token: await api.login('viewer'), body: {} })
    expect(viewer.status).toBe(403)
    expectError(viewer.body, path, 'FORBIDDEN')
  })
})

describe('what nobody serves', () => {
  it.each([
    '/v1',
    '/v1/',
    '/v1/nothing',
    '/v1/positions/',
    '/v2/positions',
    '/api/nothing',
    '/api/positions/1',
  ])('answers %s in the words of its family', async (path) => {
    const { status, body } = await api.call('GET', path, { token })
    expect(status).toBe(404)
    expectError(body, path.startsWith('/api') ? path : '/v1', 'NOT_FOUND')
  })

  it('ignores query parameters that nobody knows, and a content type on a GET', async () => {
    const headers = { 'content-type': 'application/json' }
    for (const path of ['/v1/positions?utm_source=x', '/api/positions?utm_source=x']) {
      expect((await api.call('GET', path, { token, headers })).status).toBe(200)
    }
  })
})
