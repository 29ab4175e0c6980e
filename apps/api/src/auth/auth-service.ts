import type { Access } from '@quantdeck/contracts'
import { hasLoggedInFrom, touchApiKey, useWsTicket, type Database } from '@quantdeck/db'
import { AppError, DAY_MS, MINUTE_MS, type Clock } from '@quantdeck/domain'
import { createHmac } from 'node:crypto'
import type { Logger } from 'pino'

import { AccessTokens } from './access-tokens.ts'
import { anonymousActor, type Actor, type Scope } from './actor.ts'
import { isListed } from './address-list.ts'
import type { Caller, Grant } from './caller.ts'
import { FreshCache } from './fresh-cache.ts'
import { LoginThrottle } from './login-throttle.ts'
import { LoginWatch } from './login-watch.ts'
import { PasswordHasher } from './passwords.ts'
import { deriveKey, hashSecret } from './secrets.ts'
import { SessionService } from './session-service.ts'
import {
  findApiKeyView,
  findApiKeyViewById,
  findSessionView,
  isOpen,
  type ApiKeyView,
  type SessionView,
} from './session-view.ts'
import { MemoryWindows, type WindowStore } from './sliding-window.ts'

export const API_KEY_PREFIX = 'qd_'
/** An address counts as the owner's for this long after a login from it. */
const ADDRESS_KNOWN_MS = 90 * DAY_MS

export interface AuthOptions {
  db: Database
  clock: Clock
  log: Logger
  /** At least 32 bytes. */
  secret: string
  /** False on a server that is neither loopback-only nor declared public, or that stands behind a proxy. */
  allowAnonymous: boolean
  /** Where wrong passwords are counted; in this process unless several share it. */
  windows?: WindowStore
  passwords?: PasswordHasher
}

function unauthorized(): AppError {
  return new AppError('UNAUTHORIZED', 'Missing or invalid token')
}

/** Turns what a connection presents into an Actor. Sessions and keys are checked on each call, from memory at most a second old. */
export class AuthService {
  readonly passwords: PasswordHasher
  readonly sessions: SessionService
  readonly throttle: LoginThrottle
  readonly loginWatch: LoginWatch
  readonly #options: AuthOptions
  readonly #tokens: AccessTokens
  readonly #sessionCache: FreshCache<SessionView | null>
  readonly #keyCache: FreshCache<ApiKeyView | null>
  readonly #grantedKeyCache: FreshCache<ApiKeyView | null>
  readonly #fingerprintKey: Buffer
  readonly #listeners = new Set<() => void>()
  #commandLineKeyId: string | null = null

  constructor(options: AuthOptions) {
    const { db, clock, secret } = options
    this.#options = options
    this.passwords = options.passwords ?? new PasswordHasher()
    this.#tokens = new AccessTokens(secret, clock)
    this.#sessionCache = new FreshCache(clock, (sessionId) => findSessionView(db.kysely, sessionId))
    this.#keyCache = new FreshCache(clock, (keyHash) => findApiKeyView(db.kysely, keyHash))
    this.#grantedKeyCache = new FreshCache(clock, (apiKeyId) => findApiKeyViewById(db.kysely, apiKeyId))
    this.#fingerprintKey = deriveKey(secret, 'fingerprint')
    const isKnownAddress = (email: string, ip: string) =>
      hasLoggedInFrom(db.kysely, { email, ip, since: new Date(clock.nowMs() - ADDRESS_KNOWN_MS) })
    const windows = options.windows ?? new MemoryWindows(clock)
    this.throttle = new LoginThrottle(clock, isKnownAddress, windows)
    this.loginWatch = new LoginWatch({ ...options, windows })
    this.sessions = new SessionService({
      db,
      clock,
      secret,
      tokens: this.#tokens,
      passwords: this.passwords,
      throttle: this.throttle,
      loginWatch: this.loginWatch,
      onChanged: () => this.accessChanged(),
    })
  }

  /** Streams look again who they serve when sessions, users, roles or keys change, here or on another instance. */
  onAccessChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** After such a change: the next call reads them again. Without it that takes a second. */
  accessChanged(): void {
    this.#sessionCache.forget()
    this.#keyCache.forget()
    this.#grantedKeyCache.forget()
    for (const listener of this.#listeners) listener()
  }

  /** The key that this server made for the command line on its own machine. */
  rememberCommandLineKey(apiKeyId: string): void {
    this.#commandLineKeyId = apiKeyId
  }

  isCommandLine(actor: Actor): boolean {
    return actor.apiKeyId !== null && actor.apiKeyId === this.#commandLineKeyId
  }

  /** Tells equal texts from different ones. Keyed: nobody can test guesses of a secret in it from a copy of the database. */
  fingerprint(text: string): string {
    return createHmac('sha256', this.#fingerprintKey).update(text).digest('hex')
  }

  /**
   * Uses up a stream ticket. The caller goes on with the rights of whoever asked for it, and loses them with them.
   * @throws AppError UNAUTHORIZED
   */
  async redeemTicket(ticket: string, caller: Caller): Promise<Caller> {
    const { db, clock } = this.#options
    const found = await useWsTicket(db.kysely, hashSecret(ticket), clock.now())
    if (found === null) throw unauthorized()
    const { sessionId, apiKeyId } = found
    const grant: Grant = sessionId === null ? { apiKeyId: apiKeyId ?? '' } : { sessionId }
    return { ...caller, bearer: null, apiKey: null, grant }
  }

  /**
   * Who is it? Public endpoints do not ask. With `fresh` the role is read from the database now.
   * @throws AppError UNAUTHORIZED, with one text whatever is wrong
   */
  async authenticate(caller: Caller, access: Access, fresh = false): Promise<Actor> {
    if (access.role === 'public') return anonymousActor(caller.requestId, caller.ip)
    if (caller.grant !== undefined) return this.#byGrant(caller.grant, caller)
    const credential = caller.bearer ?? caller.apiKey
    if (credential === null) return this.#anonymous(caller, access)
    if (credential.startsWith(API_KEY_PREFIX)) return this.#byKey(credential, caller, fresh)
    return this.#byToken(credential, caller, fresh)
  }

  /**
   * Who it was when the database could last be read. Only for what makes things safer, such as a stop of trading, while
   * the database does not answer: a session that has ended meanwhile is taken for open as long as its token lasts.
   * @throws AppError UNAUTHORIZED
   */
  async recall(caller: Caller): Promise<Actor> {
    const credential = caller.bearer ?? caller.apiKey
    if (credential === null) throw unauthorized()
    if (credential.startsWith(API_KEY_PREFIX))
      return this.#keyActor(this.#keyCache.last(hashSecret(credential)) ?? null, caller)
    const claims = await this.#tokens.verify(credential)
    const view = this.#sessionCache.last(claims.sessionId) ?? null
    if (view?.user.userId !== claims.userId || view.user.tokenVersion !== claims.version) throw unauthorized()
    return this.#sessionActor(view, caller)
  }

  #anonymous(caller: Caller, access: Access): Actor {
    const isOpenDoor =
      access.anonymous === 'signed-link' ||
      (access.anonymous === 'rl-public' && this.#options.allowAnonymous && !caller.forwarded)
    if (!isOpenDoor) throw unauthorized()
    return anonymousActor(caller.requestId, caller.ip)
  }

  async #byGrant(grant: Grant, caller: Caller): Promise<Actor> {
    if ('apiKeyId' in grant) {
      return this.#keyActor(await this.#grantedKeyCache.get(grant.apiKeyId), caller)
    }
    return this.#sessionActor(await this.#sessionCache.get(grant.sessionId), caller)
  }

  async #byToken(token: string, caller: Caller, fresh: boolean): Promise<Actor> {
    const claims = await this.#tokens.verify(token)
    if (fresh) this.#sessionCache.forget(claims.sessionId)
    const view = await this.#sessionCache.get(claims.sessionId)
    if (view?.user.userId !== claims.userId || view.user.tokenVersion !== claims.version) throw unauthorized()
    return this.#sessionActor(view, caller)
  }

  #sessionActor(view: SessionView | null, caller: Caller): Actor {
    if (view === null || !isOpen(view, this.#options.clock.now())) throw unauthorized()
    const { user, session } = view
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

  async #byKey(secret: string, caller: Caller, fresh: boolean): Promise<Actor> {
    if (secret.length > 128) throw unauthorized()
    const keyHash = hashSecret(secret)
    if (fresh) this.#keyCache.forget(keyHash)
    return this.#keyActor(await this.#keyCache.get(keyHash), caller)
  }

  #keyActor(view: ApiKeyView | null, caller: Caller): Actor {
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
