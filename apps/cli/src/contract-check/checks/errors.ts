import { listEndpoints, rl, RL_PERIODS, v1, type Endpoint } from '@quantdeck/contracts'
import type * as z from 'zod'
import { type Check, must, show } from '../check.ts'
import { expectAnswer, expectInvalidField, expectRlError, expectStatus, expectV1Error } from '../expect.ts'
import { firstId, POSITIONS, pathOf, STRATEGIES, valuesOf } from '../lists.ts'
import type { Target } from '../target.ts'

const NONSENSE = 'contract-check-nonsense'
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000'
const V1 = listEndpoints(v1)
const RL = listEndpoints(rl)

export const ERROR_CHECKS: Check[] = [
  ...V1.filter(({ endpoint }) => endpoint.meta.method === 'GET').flatMap(({ endpoint }) =>
    Object.entries(endpoint.input.shape)
      .filter(([, schema]) => valuesOf(schema as z.ZodType) !== null)
      .map(([name]) => enumCheck(endpoint, name)),
  ),
  {
    id: 'rl.performance.invalid-period',
    family: 'rl',
    title: "INVALID_PERIOD is literally the document's, with received and allowed",
    run: async (target) => {
      const answer = await callRl(target, '/api/performance?period=invalid')
      const body = expectRlError(answer, 400, 'INVALID_PERIOD')
      const message = `Period must be one of: ${RL_PERIODS.join(', ')}`
      must(body.message === message, `message ${show(message)}`, show(body.message))
      const details = { received: 'invalid', allowed: RL_PERIODS }
      must(
        JSON.stringify(body.details) === JSON.stringify(details),
        `details ${show(details)}`,
        show(body.details),
      )
    },
  },
  {
    id: 'rl.performance.empty-period',
    family: 'rl',
    title: '/api/performance refuses period= in its own format',
    run: async (target) => {
      expectRlError(await callRl(target, '/api/performance?period='), 400, 'INVALID_PERIOD')
    },
  },
  {
    id: 'v1.errors.empty-parameter',
    family: 'v1',
    title: 'an empty parameter is 400: of an enum, of free text, of a number',
    run: async (target) => {
      for (const [path, field] of [
        ['/v1/metrics/summary?period=', 'period'],
        ['/v1/positions?strategy_id=', 'strategy_id'],
        ['/v1/orders?page=', 'page'],
      ] as const) {
        expectInvalidField(await target.call('GET', path), field)
      }
    },
  },
  {
    id: 'v1.errors.unknown-parameter',
    family: 'v1',
    title: 'an unknown query parameter is ignored',
    run: async (target) => {
      expectAnswer(await target.call('GET', `/v1/positions?${NONSENSE}=1`), v1.positions.list)
    },
  },
  {
    id: 'v1.errors.unknown-id',
    family: 'v1',
    title: 'an unknown id is 404 in the v1 format, also one that is no uuid',
    run: async (target) => {
      for (const path of [
        `/v1/strategies/${NONSENSE}`,
        ...[UNKNOWN_ID, NONSENSE].flatMap((id) => [`/v1/positions/${id}`, `/v1/runs/${id}`]),
        `/v1/health/services/${NONSENSE}`,
      ]) {
        expectV1Error(await target.call('GET', path), 404, 'NOT_FOUND')
      }
      const patch = await target.call('PATCH', `/v1/alerts/${UNKNOWN_ID}/acknowledge`)
      expectV1Error(patch, 404, 'NOT_FOUND')
    },
  },
  {
    id: 'v1.errors.unknown-path',
    family: 'v1',
    title: 'an unknown path under /v1 is 404 in the v1 format',
    run: async (target) => {
      for (const path of [`/v1/${NONSENSE}`, '/v1']) {
        expectV1Error(await target.call('GET', path), 404, 'NOT_FOUND')
      }
    },
  },
  {
    id: 'rl.errors.unknown-path',
    family: 'rl',
    title: 'an unknown path under /api is 404 in the rl format',
    run: async (target) => void expectRlError(await callRl(target, `/api/${NONSENSE}`), 404, 'NOT_FOUND'),
  },
  {
    id: 'v1.errors.method',
    family: 'v1',
    title: 'a wrong method on every v1 path is 405 with Allow, in the v1 format',
    run: async (target) => {
      for (const path of new Set(V1.map(({ endpoint }) => endpoint.meta.path))) {
        const answer = await target.call('PUT', path.replace(/\{\w+\}/, UNKNOWN_ID))
        expectV1Error(answer, 405, 'METHOD_NOT_ALLOWED')
        const methods = V1.filter(({ endpoint }) => endpoint.meta.path === path)
        assertAllow(
          answer.headers.allow,
          answer.request,
          methods.map(({ endpoint }) => endpoint.meta.method),
        )
      }
    },
  },
  {
    id: 'rl.errors.method',
    family: 'rl',
    title: 'a wrong method on every rl path is 405 with Allow, in the rl format',
    run: async (target) => {
      for (const { endpoint } of RL) {
        const answer = await target.call('PUT', endpoint.meta.path, { as: await target.rlCaller() })
        expectRlError(answer, 405, 'METHOD_NOT_ALLOWED')
        assertAllow(answer.headers.allow, answer.request, ['GET'])
      }
    },
  },
  {
    id: 'v1.errors.malformed-json',
    family: 'v1',
    title: 'a body that is no JSON is 400 INVALID_JSON',
    run: async (target) => {
      const answer = await login(target, '{"email": ', 'application/json')
      expectV1Error(answer, 400, 'INVALID_JSON')
    },
  },
  {
    id: 'v1.errors.content-type',
    family: 'v1',
    title: 'a body of another content type is 415',
    run: async (target) => {
      const answer = await login(target, 'email=a@example.com', 'application/x-www-form-urlencoded')
      expectV1Error(answer, 415, 'UNSUPPORTED_MEDIA_TYPE')
    },
  },
  {
    id: 'v1.errors.too-large',
    family: 'v1',
    title: 'a body over 64 KiB is 413',
    run: async (target) => {
      const body = JSON.stringify({ email: 'user@example.com', password: 'x'.repeat(65 * 1024) })
      expectV1Error(await login(target, body, 'application/json'), 413, 'PAYLOAD_TOO_LARGE')
    },
  },
  {
    id: 'v1.errors.unknown-key',
    family: 'v1',
    title: 'an unknown key in a body is 400 and named',
    run: async (target) => {
      const body = JSON.stringify({ email: 'user@example.com', password: 'x', [NONSENSE]: 1 })
      expectInvalidField(await login(target, body, 'application/json'), NONSENSE)
      const path = `/v1/strategies/${encodeURIComponent(await firstId(target, STRATEGIES))}`
      expectInvalidField(await target.call('PATCH', path, { body: { [NONSENSE]: 1 } }), NONSENSE)
    },
  },
  {
    id: 'v1.errors.missing-field',
    family: 'v1',
    title: 'a body without a required field, or with one of another type, is 400 and names it',
    run: async (target) => {
      const none = await login(target, '{"email":"user@example.com"}', 'application/json')
      expectInvalidField(none, 'password')
      const wrong = await login(target, '{"email":"user@example.com","password":7}', 'application/json')
      expectInvalidField(wrong, 'password')
    },
  },
  {
    id: 'v1.errors.request-id',
    family: 'v1',
    title:
      'X-Request-ID: a plain one is echoed in header and error body, anything else replaced by req-<uuid>',
    run: async (target) => {
      const given = 'contract-check_1.A'
      const headers = { 'x-request-id': given }
      const plain = await target.call('GET', `/v1/${NONSENSE}`, { headers })
      must(
        plain.headers['x-request-id'] === given,
        `X-Request-ID ${given}`,
        show(plain.headers['x-request-id']),
      )
      const body = expectV1Error(plain, 404, 'NOT_FOUND')
      must(body.request_id === given, `request_id ${given}`, show(body.request_id))
      for (const hostile of ['a b', 'x'.repeat(129), '<script>']) {
        const answer = await target.call('GET', `/v1/${NONSENSE}`, { headers: { 'x-request-id': hostile } })
        assertOwnId(answer.headers['x-request-id'], hostile)
      }
    },
  },
  {
    id: 'rl.errors.request-id',
    family: 'rl',
    title: 'X-Request-ID is echoed by the rl family too',
    run: async (target) => {
      const as = await target.rlCaller()
      const answer = await target.call('GET', `/api/${NONSENSE}`, { as, headers: { 'x-request-id': 'cc-1' } })
      must(
        answer.headers['x-request-id'] === 'cc-1',
        'X-Request-ID cc-1',
        show(answer.headers['x-request-id']),
      )
    },
  },
  {
    id: 'v1.errors.get-with-content-type',
    family: 'v1',
    title: 'a GET may carry Content-Type: application/json',
    run: async (target) => {
      const headers = { 'content-type': 'application/json' }
      expectStatus(await target.call('GET', pathOf(POSITIONS.endpoint), { headers }), 200)
    },
  },
  {
    id: 'rl.errors.get-with-content-type',
    family: 'rl',
    title: 'a GET with Content-Type: application/json answers, as the document asks for signals',
    run: async (target) => {
      const headers = { 'content-type': 'application/json' }
      const as = await target.rlCaller()
      expectAnswer(await target.call('GET', rl.signals.latest.meta.path, { as, headers }), rl.signals.latest)
    },
  },
]

function enumCheck(endpoint: Endpoint, name: string): Check {
  const { path } = endpoint.meta
  return {
    id: `v1.${path.replace(/^\/v1\//, '').replaceAll('/', '.')}.enum.${name}`,
    family: 'v1',
    title: `${path} refuses an unknown ${name} with 400 in the v1 format`,
    run: async (target) => expectInvalidField(await target.call('GET', `${path}?${name}=${NONSENSE}`), name),
  }
}

async function callRl(target: Target, path: string) {
  return target.call('GET', path, { as: await target.rlCaller() })
}

function login(target: Target, body: string, contentType: string) {
  const headers = { 'content-type': contentType }
  return target.call('POST', v1.auth.login.meta.path, { as: 'nobody', headers, body })
}

function assertAllow(allow: string | undefined, request: string, methods: readonly string[]): void {
  const listed = (allow ?? '').split(',').map((method) => method.trim())
  const missing = methods.filter((method) => !listed.includes(method))
  must(missing.length === 0, `${request}: Allow with ${methods.join(', ')}`, show(allow))
}

function assertOwnId(seen: string | string[] | undefined, sent: string): void {
  const pattern = /^req-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
  must(
    typeof seen === 'string' && pattern.test(seen),
    `X-Request-ID ${show(sent)} to be replaced by req-<uuid>`,
    show(seen),
  )
}
