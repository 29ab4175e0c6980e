import { ACCESS_TOKEN } from '../state.ts'
import { answerOf, statusIs, type Deviation } from './deviation.ts'

/** Logins and tokens. */
export const access: readonly Deviation[] = [
  {
    name: 'a login failure as an error object',
    caughtBy: 'v1.auth.login-failure',
    after: statusIs(401, (exchange) => {
      if (exchange.operation === 'login') exchange.body = { error: 'Invalid credentials' }
    }),
  },
  {
    name: 'token_type with a capital',
    caughtBy: 'v1.auth.login',
    after: answerOf('login', ({ body }) => (body.token_type = 'Bearer')),
  },
  {
    name: 'a refresh token that stays',
    caughtBy: 'v1.auth.refresh',
    after: answerOf('refresh_token', ({ body, request }) => {
      body.refresh_token = request.headers['authorization']?.slice('Bearer '.length)
    }),
  },
  {
    name: 'a refresh without expires_in',
    caughtBy: 'v1.auth.refresh',
    after: answerOf('refresh_token', ({ body }) => delete body.expires_in),
  },
  {
    name: 'a wrong refresh token is forbidden',
    caughtBy: 'v1.auth.refresh-refused',
    after: statusIs(401, (exchange) => {
      if (exchange.operation === 'refresh_token') exchange.status = 403
    }),
  },
  {
    name: 'orders without a token',
    caughtBy: 'v1.auth.required',
    before: ({ path, headers }) => {
      if (path === '/v1/orders') headers['authorization'] = `Bearer ${ACCESS_TOKEN}`
    },
  },
  {
    name: 'any token opens rl',
    caughtBy: 'rl.auth.token',
    before: ({ path, headers }) => {
      if (path.startsWith('/api')) delete headers['authorization']
    },
  },
]
