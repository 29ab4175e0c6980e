import type { Caller } from '../../auth/caller.ts'
import type { IssuedTokens } from '../../auth/session-service.ts'
import type { CoreDeps } from '../../deps.ts'
import { isLoopback } from '../../env.ts'
import { DEVICE_COOKIE, REFRESH_COOKIE } from '../../rest/caller.ts'
import { guarded } from '../../trpc/implement.ts'
import type { ResponseState } from '../../trpc/context.ts'
import { t } from '../../trpc/init.ts'
import * as z from 'zod'
import { loginBrowser, loginWithLink, logoutBrowser, refreshBrowser } from './operations.ts'

const YEAR_SECONDS = 365 * 24 * 3_600

/** The cookies go to tRPC only, where the dashboard's login and refresh live. */
function cookie(deps: CoreDeps, name: string, value: string, maxAgeSeconds: number): string {
  const attributes = [`${name}=${value}`, 'HttpOnly', 'SameSite=Strict', 'Path=/trpc']
  if (!isLoopback(deps.env.host) || deps.env.trustProxy) attributes.push('Secure')
  return [...attributes, `Max-Age=${maxAgeSeconds}`].join('; ')
}

/** What the dashboard keeps in memory; the refresh token is not in it. */
function open(deps: CoreDeps, response: ResponseState, tokens: IssuedTokens) {
  response.cookies.push(cookie(deps, REFRESH_COOKIE, tokens.refreshToken, tokens.refreshExpiresInSeconds))
  if (tokens.deviceCookie !== null) {
    response.cookies.push(cookie(deps, DEVICE_COOKIE, tokens.deviceCookie, YEAR_SECONDS))
  }
  const { user } = tokens
  return {
    accessToken: tokens.accessToken,
    expiresInSeconds: tokens.expiresInSeconds,
    user: { userId: user.userId, email: user.email, name: user.name, role: user.role },
  }
}

const procedure = t.procedure.use(
  guarded({
    operationId: 'dashboard_session',
    access: { role: 'public' },
    rateLimit: 'login',
    isRead: false,
  }),
)

type Ctx = { deps: CoreDeps; caller: Caller; response: ResponseState }

/** The dashboard's session: like /v1/auth, with the refresh token in an HttpOnly cookie. HTTP only, not the WebSocket. */
export const sessionCookie = t.router({
  login: procedure
    .input(z.strictObject({ email: z.string().min(1).max(254), password: z.string().min(1).max(256) }))
    .mutation(async ({ ctx, input }) =>
      open(ctx.deps, ctx.response, await loginBrowser(ctx.deps, ctx.caller, input)),
    ),
  loginWithLink: procedure
    .input(z.strictObject({ token: z.string().min(1).max(128) }))
    .mutation(async ({ ctx, input }) =>
      open(ctx.deps, ctx.response, await loginWithLink(ctx.deps, ctx.caller, input.token)),
    ),
  refresh: procedure.mutation(async ({ ctx }) =>
    open(ctx.deps, ctx.response, await refreshBrowser(ctx.deps, ctx.caller)),
  ),
  logout: procedure.mutation(async ({ ctx }) => {
    await logoutBrowser(ctx.deps, ctx.caller)
    forget(ctx)
    return { message: 'Logged out' }
  }),
})

function forget({ deps, response }: Ctx): void {
  response.cookies.push(cookie(deps, REFRESH_COOKIE, '', 0))
}
