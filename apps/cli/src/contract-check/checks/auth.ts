import { listEndpoints, v1 } from '@quantdeck/contracts'
import { randomUUID } from 'node:crypto'
import { type Check, CheckSkip, must, show } from '../check.ts'
import { expectAnswer, expectJson, expectRlError, expectStatus, expectV1Error } from '../expect.ts'
import type { Answer } from '../http.ts'
import type { Credentials, Target } from '../target.ts'

const LITERAL_FAILURE = { detail: 'Invalid credentials' }

export const AUTH_CHECKS: Check[] = [
  {
    id: 'v1.auth.login',
    family: 'v1',
    title: 'POST /v1/auth/login answers tokens as documented, and the access token opens a door',
    needs: ['login'],
    run: async (target) => {
      const { access_token } = await login(target)
      expectStatus(await asBearer(target, access_token), 200)
    },
  },
  {
    id: 'v1.auth.refresh',
    family: 'v1',
    title: 'POST /v1/auth/refresh rotates: new tokens that work, a new refresh token each time',
    needs: ['login'],
    run: async (target) => {
      const first = await login(target)
      const second = expectAnswer(await refresh(target, first.refresh_token), v1.auth.refresh)
      must(second.refresh_token !== first.refresh_token, 'another refresh_token', 'the same one again')
      expectStatus(await asBearer(target, second.access_token), 200)
      expectAnswer(await refresh(target, second.refresh_token), v1.auth.refresh)
    },
  },
  {
    id: 'v1.auth.refresh-refused',
    family: 'v1',
    title: 'a refresh token that is none is 401',
    run: async (target) => {
      expectV1Error(await refresh(target, 'contract-check-nonsense'), 401, 'UNAUTHORIZED')
      expectV1Error(
        await target.call('POST', v1.auth.refresh.meta.path, { as: 'nobody' }),
        401,
        'UNAUTHORIZED',
      )
    },
  },
  {
    id: 'v1.auth.login-failure',
    family: 'v1',
    title: 'a failed login is 401 with literally {"detail": "Invalid credentials"}',
    run: async (target) => {
      const unknown = `contract-check-${randomUUID()}@example.com`
      const { credentials } = target.options
      // One wrong password of the given account: five would hold up its logins.
      const emails = credentials === null ? [unknown] : [unknown, credentials.email]
      for (const email of emails) assertLiteralFailure(await post(target, { email, password: randomUUID() }))
      if (credentials !== null) expectStatus(await post(target, credentials), 200)
    },
  },
  {
    id: 'v1.auth.required',
    family: 'v1',
    title: 'every v1 operation but /auth/* is 401 without a token, and with a token that is none',
    run: async (target) => {
      for (const { endpoint } of listEndpoints(v1)) {
        const { method, path } = endpoint.meta
        if (path.startsWith('/v1/auth/')) continue
        const url = path.replace(/\{\w+\}/, '00000000-0000-4000-8000-000000000000')
        for (const headers of [{}, { authorization: 'Bearer contract-check-nonsense' }]) {
          const body = method === 'GET' ? {} : { body: {} }
          const answer = await target.call(method, url, { as: 'nobody', headers, ...body })
          expectV1Error(answer, 401, 'UNAUTHORIZED')
        }
      }
    },
  },
  {
    id: 'rl.auth.token',
    family: 'rl',
    title: 'an rl operation answers without a token or is 401 in the rl format; a token that is none is 401',
    run: async (target) => {
      const path = '/api/positions'
      const without = await target.call('GET', path, { as: 'nobody' })
      if (without.status !== 200) expectRlError(without, 401, 'UNAUTHORIZED')
      const headers = { authorization: 'Bearer contract-check-nonsense' }
      expectRlError(await target.call('GET', path, { as: 'nobody', headers }), 401, 'UNAUTHORIZED')
    },
  },
]

function needed(target: Target): Credentials {
  const { credentials } = target.options
  if (credentials === null) throw new CheckSkip('needs --email and --password')
  return credentials
}

async function login(target: Target) {
  return expectAnswer(await post(target, needed(target)), v1.auth.login)
}

function post(target: Target, { email, password }: Credentials): Promise<Answer> {
  return target.call('POST', v1.auth.login.meta.path, { as: 'nobody', body: { email, password } })
}

function refresh(target: Target, token: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` }
  return target.call('POST', v1.auth.refresh.meta.path, { as: 'nobody', headers })
}

function asBearer(target: Target, token: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` }
  return target.call('GET', v1.strategies.list.meta.path, { as: 'nobody', headers })
}

function assertLiteralFailure(answer: Answer): void {
  expectStatus(answer, 401)
  expectJson(answer)
  must(
    JSON.stringify(answer.body) === JSON.stringify(LITERAL_FAILURE),
    `${answer.request}: literally ${show(LITERAL_FAILURE)}`,
    show(answer.body),
  )
}
