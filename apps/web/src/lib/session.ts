import { createTRPCClient, httpLink } from '@trpc/client'
import { useSyncExternalStore } from 'react'
import type { AppRouter, Outputs } from './app-router.ts'
import { transformer } from './transformer.ts'

type Grant = Outputs['session']['login']
export type SessionUser = Grant['user']

export type SessionState =
  | { status: 'unknown' }
  | { status: 'anonymous' }
  | { status: 'ready'; user: SessionUser; expiresAt: number }

/** Renew this long before the access token ends. */
const RENEW_AHEAD_MS = 60_000
/**
 * Says that a refresh cookie may exist (the cookie itself is HttpOnly), so that a first visit does not
 * start with a refused call.
 */
const HINT_KEY = 'quantdeck.session'

/** The token lives in memory only: neither a reload nor a script that reads storage finds it. */
let accessToken: string | null = null
let state: SessionState = { status: 'unknown' }
let renewTimer: ReturnType<typeof setTimeout> | undefined
let renewing: Promise<boolean> | undefined
const listeners = new Set<() => void>()

const client = createTRPCClient<AppRouter>({
  links: [
    httpLink({
      url: '/trpc',
      transformer,
      // Another site's form cannot send this header: the server asks for it wherever the cookie counts.
      headers: () => ({ 'x-quantdeck': '1', ...authorization() }),
    }),
  ],
})

export function authorization(): Record<string, string> {
  return accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }
}

export function getAccessToken(): string | null {
  return accessToken
}

export function getSession(): SessionState {
  return state
}

function setState(next: SessionState): void {
  state = next
  for (const listener of listeners) listener()
}

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useSession(): SessionState {
  return useSyncExternalStore(subscribeSession, getSession)
}

/** The signed-in person; pages behind the login always have one. */
export function useUser(): SessionUser | null {
  const session = useSession()
  return session.status === 'ready' ? session.user : null
}

function accept(grant: Grant): void {
  accessToken = grant.accessToken
  rememberHint(true)
  clearTimeout(renewTimer)
  const lifetimeMs = grant.expiresInSeconds * 1000
  renewTimer = setTimeout(() => void renewSession(), Math.max(5_000, lifetimeMs - RENEW_AHEAD_MS))
  setState({ status: 'ready', user: grant.user, expiresAt: Date.now() + lifetimeMs })
}

function drop(): void {
  accessToken = null
  clearTimeout(renewTimer)
  rememberHint(false)
  setState({ status: 'anonymous' })
}

function rememberHint(exists: boolean): void {
  try {
    if (exists) localStorage.setItem(HINT_KEY, '1')
    else localStorage.removeItem(HINT_KEY)
  } catch {
    // Without storage a reload asks for the password again; nothing else is lost.
  }
}

export async function login(email: string, password: string): Promise<void> {
  accept(await client.session.login.mutate({ email, password }))
}

export async function loginWithLink(token: string): Promise<void> {
  accept(await client.session.loginWithLink.mutate({ token }))
}

/** Here first: calls that are still under way must not ask for a token that was just given back. */
export async function logout(): Promise<void> {
  drop()
  await client.session.logout.mutate()
}

/** Trades the cookie for a new access token. One at a time, over all tabs: the cookie rotates with each use. */
export function renewSession(): Promise<boolean> {
  if (state.status === 'anonymous') return Promise.resolve(false)
  renewing ??= withLock(renewOnce).finally(() => {
    renewing = undefined
  })
  return renewing
}

async function renewOnce(): Promise<boolean> {
  try {
    accept(await client.session.refresh.mutate())
    return true
  } catch (error) {
    if (isRefusal(error)) drop()
    return false
  }
}

function isRefusal(error: unknown): boolean {
  const data = (error as { data?: { httpStatus?: number } | null }).data
  return data?.httpStatus === 401 || data?.httpStatus === 403
}

function withLock(task: () => Promise<boolean>): Promise<boolean> {
  return 'locks' in navigator ? navigator.locks.request('quantdeck.renew', task) : task()
}

/** At start: a reload keeps the session if its cookie is still good. */
export async function resumeSession(): Promise<void> {
  if (localStorage.getItem(HINT_KEY) === null) return setState({ status: 'anonymous' })
  const resumed = await renewSession()
  if (!resumed && state.status === 'unknown') setState({ status: 'anonymous' })
}
