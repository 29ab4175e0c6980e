import { AppError } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { startTestApi, type TestApi } from './harness.ts'

let api: TestApi
let token: string

beforeAll(async () => {
  api = await startTestApi()
  token = await api.login('admin')
  // When it is full is tested beside it, and with a real flood in process/overload.test.ts.
  vi.spyOn(api.deps.admission, 'assertOpen').mockImplementation(() => {
    throw new AppError('SERVICE_UNAVAILABLE', 'Full', { retryAfterSeconds: 1 })
  })
})

afterAll(() => api.close())

describe('a server that has no room', () => {
  it.each(['/v1/positions', '/v1/nothing', '/docs'])('refuses %s in the words of v1', async (path) => {
    const { status, headers, body } = await api.call('GET', path, { token })
    expect(status).toBe(503)
    expect(body).toEqual({
      error: { code: 'SERVICE_UNAVAILABLE', message: 'Full', details: [] },
      request_id: headers.get('x-request-id'),
    })
    expect([headers.get('retry-after'), headers.get('cache-control')]).toEqual(['1', 'no-store'])
  })

  it('refuses in the words of rl', async () => {
    const { status, headers, body } = await api.call('GET', '/api/positions')
    expect([status, headers.get('retry-after')]).toEqual([503, '1'])
    expect(body).toEqual({
      error: 'SERVICE_UNAVAILABLE',
      message: 'Full',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    })
  })

  it('refuses each call of a batch in the words of tRPC, but for the kill switch', async () => {
    const calls = 'v1.controls.killSwitch,v1.alerts.acknowledge'
    const { body } = await api.call('POST', `/trpc/${calls}?batch=1`, {
      token,
      body: { 0: { json: { action: 'activate', reason: 'storm' } }, 1: { json: { alert_id: 'x' } } },
    })
    const refused = { message: 'Full', data: { appCode: 'SERVICE_UNAVAILABLE', httpStatus: 503 } }
    expect(body).toMatchObject([
      { result: { data: { json: { message: expect.any(String) } } } },
      { error: { json: refused } },
    ])
  })

  it.each(['/healthz', '/readyz', '/metrics', '/v1/health', '/v1/health/services/database'])(
    'still answers %s',
    async (path) => expect((await api.call('GET', path, { token })).status).toBe(200),
  )

  it('still stops trading', async () => {
    const body = { action: 'activate', reason: 'storm' }
    expect((await api.call('POST', '/v1/controls/kill-switch', { token, body })).status).toBe(200)
  })

  it('logs no line for each that it refuses', () => {
    expect(api.logLines.filter((line) => line.includes('"status":503'))).toEqual([])
  })
})
