import type { Access } from '@quantdeck/contracts'
import { touchApiKey, type Database } from '@quantdeck/db'
import { AppError, MINUTE_MS, type Clock } from '@quantdeck/domain'
import type { Logger } from 'pino'

import { AccessTokens } from './access-tokens.ts'
import { anonymousActor, type Actor, type Scope } from './actor.ts'
import { isListed } from './address-list.ts'
import type { Caller } from './caller.ts'
import { FreshCache } from './fresh-cache.ts'
import { LoginThrottle } from './login-throttle.ts'
import { PasswordHasher } from './passwords.ts'
import { hashSecret } from './secrets.ts'
import { SessionService } from './session-service.ts'
import { findApiKeyView, findSessionView, isOpen, type ApiKeyView, type SessionView } from './session-view.ts'

export const API_KEY_PREFIX = 'qd_'

export interface AuthOptions {
  db: Database
  clock: Clock
  log: Logger
  /** At least 32 bytes. */
  secret: string
  /** False on a server that is neither loopback-only nor declared public, or that stands behind a proxy. */
  allowAnonymous: boolean
}

function unauthorized(): AppError {
  return new AppError('UNAUTHORIZED', 'Missing or invalid token')
}

/** Turns what a connection presents into an Actor. Sessions and keys are checked on each call, from memory at most a second old. */
export class AuthService {
  readonly passwords = new PasswordHasher()
  readonly sessions: SessionService
  readonly #options: AuthOptions
  readonly #tokens: AccessTokens
  readonly #sessionCache: FreshCache<SessionView | null>
  readonly #keyCache: FreshCache<ApiKeyView | null>
  readonly #revocationListeners = new Set<(sessionId: string) => void>()

  constructor(options: AuthOptions) {
    const { db, clock, secret } = options
    this.#options = options
    this.#tokens = new AccessTokens(secret, clock)
    this.#sessionCache = new FreshCache(clock, (sessionId) => findSessionView(db.kysely, sessionId))
    this.#keyCache = new FreshCache(clock, (keyHash) => findApiKeyView(db.kysely, keyHash))
    this.sessions = new SessionService({
      db,
      clock,
      secret,
      tokens: this.#tokens,
      passwords: this.passwords,
      throttle: new LoginThrottle(clock),
      onRevoked: (sessionId) => {
        this.#sessionCache.forget(sessionId)
        for (const listener of this.#revocationListeners) listener(sessionId)
      },
    })
  }

  /** Sockets of a session are closed when it ends. */
  onSessionRevoked(listener: (sessionId: string) => void): void {
    this.#revocationListeners.add(listener)
  }

  /** After a change of users, roles or keys on this instance: the next call reads them again. */
  forgetCached(): void {
    this.#sessionCache.forget()
    this.#keyCache.forget()
  }

  /**
   * Who is it? Public endpoints do not ask. With `fresh` the role is read from the database now.
   * @throws AppError UNAUTHORIZED, with one text whatever is wrong
   */
  async authenticate(caller: Caller, access: Access, fresh = false): Promise<Actor> {
    if (access.role === 'public') return anonymousActor(caller.requestId, caller.ip)
    const credential = caller.bearer ?? caller.apiKey
    if (credential === null) return this.#anonymous(caller, access)
    if (fresh) this.forgetCached()
    if (credential.startsWith(API_KEY_PREFIX)) return this.#byKey(credential, caller)
    return this.#byToken(credential, caller)
  }

  #anonymous(caller: Caller, access: Access): Actor {
    const isOpenDoor =
      access.anonymous === 'signed-link' ||
      (access.anonymous === 'rl-public' && this.#options.allowAnonymous && !caller.forwarded)
    if (!isOpenDoor) throw unauthorized()
    return anonymousActor(caller.requestId, caller.ip)
  }

  async #byToken(token: string, caller: Caller): Promise<Actor> {
    const claims = await this.#tokens.verify(token)
    const view = await this.#sessionCache.get(claims.sessionId)
    if (view === null || !isOpen(view, this.#options.clock.now())) throw unauthorized()
    const { user, session } = view
    if (user.userId !== claims.userId || user.tokenVersion !== claims.version) throw unauthorized()
    return {
      kind: 'user',
      userId: user.userId,
      label: user.email,
      role: user.role,
      sessionId: session.sessionId,
      apiKeyId: null,
      scopes: null,
      strategyIds: null,
      requestId: caller.requestId,
      ip: caller.ip,
    }
  }

  async #byKey(secret: string, caller: Caller): Promise<Actor> {
    if (secret.length > 128) throw unauthorized()
    const view = await this.#keyCache.get(hashSecret(secret))
    if (view === null || !this.#isUsable(view, caller.ip)) throw unauthorized()
    const { key, owner } = view
    this.#noteUse(key.apiKeyId)
    return {
      kind: 'api_key',
      userId: owner.userId,
      label: `${key.name} (${key.prefix})`,
      role: owner.role,
      sessionId: null,
      apiKeyId: key.apiKeyId,
      scopes: key.scopes as Scope[],
      strategyIds: key.strategyIds,
      requestId: caller.requestId,
      ip: caller.ip,
    }
  }

  #isUsable({ key, owner }: ApiKeyView, ip: string | null): boolean {
    const isCurrent = key.expiresAt === null || key.expiresAt > this.#options.clock.now()
    const isHome = key.ipAllowList === null || isListed(ip, key.ipAllowList)
    return key.revokedAt === null && owner.status === 'active' && isCurrent && isHome
  }

  readonly #notedUses = new Map<string, number>()

  /** "Last used" is kept to the minute: not one more write per request. */
  #noteUse(apiKeyId: string): void {
    const { clock, db, log } = this.#options
    const now = clock.nowMs()
    if (now - (this.#notedUses.get(apiKeyId) ?? 0) < MINUTE_MS) return
    this.#notedUses.set(apiKeyId, now)
    touchApiKey(db.kysely, apiKeyId, clock.now()).catch((error: unknown) => {
      log.warn({ err: error }, 'could not note the use of an API key')
    })
  }
}
