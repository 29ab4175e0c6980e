import * as z from 'zod'
import { emailInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'

const refreshShape = {
  refresh_token: z.string().describe('Opaque; rotated on every use'),
  refresh_expires_in: z.int().min(0).describe('Seconds'),
}

/** Tokens of a new session. */
export const v1LoginResponse = z
  .object({
    access_token: z.string(),
    token_type: z.literal('bearer'),
    expires_in: z.int().min(0).describe('Seconds until the access token expires'),
    ...refreshShape,
  })
  .meta({ id: 'V1LoginResponse', 'x-added-fields': ['refresh_token', 'refresh_expires_in'] })

/** The next pair of tokens. */
export const v1RefreshResponse = z
  .object({
    access_token: z.string(),
    expires_in: z.int().min(0).describe('Seconds until the access token expires'),
    ...refreshShape,
  })
  .meta({ id: 'V1RefreshResponse', 'x-added-fields': ['refresh_token', 'refresh_expires_in'] })

const login = endpoint(
  {
    method: 'POST',
    path: '/v1/auth/login',
    summary: 'Log in with email and password',
    description: 'A failed login answers 401 with the literal body {"detail": "Invalid credentials"}.',
    tags: ['Authentication'],
    access: { role: 'public' },
    rateLimit: 'login',
    operationId: 'login',
  },
  z.strictObject({ email: emailInput, password: z.string().min(1).max(256) }),
  v1LoginResponse,
)

const refresh = endpoint(
  {
    method: 'POST',
    path: '/v1/auth/refresh',
    summary: 'Exchange a refresh token for a new pair of tokens',
    description:
      'The refresh token travels as `Authorization: Bearer`. Each can be used once; using an old one again ends the session.',
    tags: ['Authentication'],
    access: { role: 'public' },
    security: ['refreshToken'],
    rateLimit: 'login',
    operationId: 'refresh_token',
  },
  z.strictObject({}),
  v1RefreshResponse,
)

/** Operations under /v1/auth. */
export const v1Auth = { login, refresh }
