import * as rows from '@quantdeck/db'
import { transaction, type Database, type SessionKind, type Trx, type User } from '@quantdeck/db'
import { AppError, DAY_MS, ensureDefined, HOUR_MS, SECOND_MS, type Clock, type Role } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-tokens.ts'
import type { Caller } from './caller.ts'
import { issueDevice, readDevice } from './device-cookie.ts'
import { announceAccessChange } from './access-events.ts'
import type { LoginThrottle } from './login-throttle.ts'
import type { LoginWatch } from './login-watch.ts'
import type { PasswordHasher } from './passwords.ts'
import { isRecent, judgeRefresh } from './refresh-family.ts'
import { deriveKey, hashSecret, newSecret, seal, unseal } from './secrets.ts'
import { auditSession, recordTokenReuse } from './session-events.ts'
import { findSessionView, isOpen, type SessionView } from './session-view.ts'

const SESSION_MS = 30 * DAY_MS
export const REFRESH_TOKEN_SECONDS = 7 * 24 * 3_600
const LINK_MS = HOUR_MS

export interface IssuedTokens {
  readonly accessToken: string
  readonly expiresInSeconds: number
  readonly refreshToken: string
  readonly refreshExpiresInSeconds: number
  readonly user: SessionUser
  /** For a browser that just logged in: what its next login is recognised by. */
  readonly deviceCookie: string | null
}

export interface SessionUser {
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly role: Role
}

export interface SessionServiceParts {
  readonly db: Database
  readonly clock: Clock
  readonly secret: string
  readonly tokens: AccessTokens
  readonly passwords: PasswordHasher
  readonly throttle: LoginThrottle
  /** Called when a session ended here, so that caches and sockets drop it at once. */
  readonly onChanged: () => void
  loginWatch: LoginWatch
}

type Rotation =
  | { kind: 'rotated'; view: SessionView; refreshToken: string }
  | { kind: 'reused' }
  | { kind: 'refused' }

function wrongCredentials(): AppError {
  return new AppError('INVALID_CREDENTIALS', 'Invalid credentials')
}

function unauthorized(): AppError {
  return new AppError('UNAUTHORIZED', 'Missing or invalid token')
}

/** Login, refresh with rotation and reuse detection, logout, one-time links. */
export class SessionService {
  readonly #parts: SessionServiceParts
  readonly #sealKey: Buffer
  readonly #deviceKey: Buffer

  constructor(parts: SessionServiceParts) {
    this.#parts = parts
    this.#sealKey = deriveKey(parts.secret, 'refresh-successor')
    this.#deviceKey = deriveKey(parts.secret, 'device-cookie')
  }

  /** @throws AppError INVALID_CREDENTIALS (unknown user, wrong password, disabled: all alike), RATE_LIMIT_EXCEEDED */
  async login(
    input: { email: string; password: string },
    caller: Caller,
    kind: SessionKind,
  ): Promise<IssuedTokens> {
    const email = input.email.trim().toLowerCase()
    const { db, passwords, throttle, loginWatch } = this.#parts
    const deviceId = readDevice(this.#deviceKey, caller.deviceCookie, email)
    const takeBack = await this.#noting(email, caller, () =>
      throttle.begin({ email, ip: caller.ip, deviceId }),
    )
    const user = await rows.findUserByEmail(db.kysely, email)
    const isRight = await passwords.verify(user?.passwordHash ?? null, input.password)
    if (user === null || !isRight || user.status !== 'active') {
      loginWatch.noteFailure(email, caller)
      throw wrongCredentials()
    }
    const tokens = await this.#open(user, caller, kind)
    await takeBack()
    return tokens
  }

  /** What is refused after too many wrong passwords is one more of them. */
  async #noting<T>(email: string, caller: Caller, begin: () => Promise<T>): Promise<T> {
    try {
      return await begin()
    } catch (error) {
      this.#parts.loginWatch.noteFailure(email, caller)
      throw error
    }
  }

  /** A link to print at start: whoever opens it first within the hour is that user. Returns the token. */
  async createLoginLink(userId: string): Promise<string> {
    const token = newSecret('ql_')
    const createdAt = this.#parts.clock.now()
    const expiresAt = new Date(createdAt.getTime() + LINK_MS)
    const link = { tokenHash: hashSecret(token), userId, createdAt, expiresAt }
    await rows.insertLoginLink(this.#parts.db.kysely, link)
    return token
  }

  /** @throws AppError INVALID_CREDENTIALS when the link is unknown, used or too old */
  async loginWithLink(token: string, caller: Caller): Promise<IssuedTokens> {
    const { db, clock } = this.#parts
    const userId = await rows.useLoginLink(db.kysely, hashSecret(token), clock.now())
    const user = userId === null ? null : await rows.findUser(db.kysely, userId)
    if (user === null || user.status !== 'active') throw wrongCredentials()
    return this.#open(user, caller, 'browser')
  }

  async #open(user: User, caller: Caller, kind: SessionKind): Promise<IssuedTokens> {
    const at = this.#parts.clock.now()
    const refreshToken = newSecret('qr_')
    const session = {
      sessionId: randomUUID(),
      userId: user.userId,
      kind,
      createdAt: at,
      lastSeenAt: at,
      expiresAt: new Date(at.getTime() + SESSION_MS),
      ip: caller.ip,
      userAgent: caller.userAgent,
    }
    const { sessionId } = session
    await transaction(this.#parts.db, async (trx) => {
      // The password may have changed, or the user been disabled, since it was verified.
      const current = await rows.lockUser(trx, user.userId)
      if (current?.status !== 'active' || current.passwordHash !== user.passwordHash) throw wrongCredentials()
      await rows.insertSession(trx, session)
      await rows.insertRefreshToken(trx, {
        tokenHash: hashSecret(refreshToken),
        sessionId,
        parentHash: null,
        issuedAt: at,
        expiresAt: new Date(at.getTime() + REFRESH_TOKEN_SECONDS * SECOND_MS),
      })
      await auditSession(trx, 'session.login', { user, sessionId, caller, at })
    })
    this.#parts.loginWatch.noteLogin(user, caller, at)
    const tokens = await this.#issue(user, sessionId, refreshToken)
    return { ...tokens, deviceCookie: kind === 'browser' ? issueDevice(this.#deviceKey, user.email) : null }
  }

  async #issue(user: User, sessionId: string, refreshToken: string): Promise<IssuedTokens> {
    const { userId, email, name, role, tokenVersion } = user
    return {
      accessToken: await this.#parts.tokens.sign({ userId, sessionId, version: tokenVersion }),
      expiresInSeconds: ACCESS_TOKEN_SECONDS,
      refreshToken,
      refreshExpiresInSeconds: REFRESH_TOKEN_SECONDS,
      user: { userId, email, name, role },
      deviceCookie: null,
    }
  }

  /**
   * Rotates. The direct parent gets its successor again for 10 seconds; any other use of an old token ends the family.
   * @throws AppError UNAUTHORIZED
   */
  async refresh(refreshToken: string | null, caller: Caller): Promise<IssuedTokens> {
    if (refreshToken === null || refreshToken.length > 256) throw unauthorized()
    const { db, onChanged } = this.#parts
    // A reuse must end the family even though the caller is refused: the result is thrown after the commit.
    const rotation = await transaction(db, (trx) => this.#rotate(trx, refreshToken, caller))
    if (rotation.kind === 'reused') onChanged()
    if (rotation.kind !== 'rotated') throw unauthorized()
    const { view } = rotation
    return this.#issue(view.user, view.session.sessionId, rotation.refreshToken)
  }

  async #rotate(trx: Trx, refreshToken: string, caller: Caller): Promise<Rotation> {
    const at = this.#parts.clock.now()
    const tokenHash = hashSecret(refreshToken)
    await rows.lockSessionOfRefreshToken(trx, tokenHash)
    const known = await rows.lockRefreshToken(trx, tokenHash)
    const view = known === null ? null : await findSessionView(trx, known.sessionId)
    if (known === null || view === null) return { kind: 'refused' }
    const next = await this.#successorOf(trx, known, at)
    const isSessionOpen = isOpen(view, at)
    switch (judgeRefresh({ token: known, successor: next?.known ?? null, isSessionOpen }, at)) {
      case 'refuse':
        return { kind: 'refused' }
      case 'rotate':
        return { kind: 'rotated', view, refreshToken: await this.#succeed(trx, known, view) }
      case 'replay':
        return { kind: 'rotated', view, refreshToken: ensureDefined(next, 'a successor').token }
      case 'reuse':
        await this.#endFamily(trx, view, caller, at)
        return { kind: 'reused' }
    }
  }

  async #endFamily(trx: Trx, { user, session }: SessionView, caller: Caller, at: Date): Promise<void> {
    const { sessionId } = session
    await rows.revokeSession(trx, sessionId, at)
    await rows.revokeRefreshTokens(trx, sessionId)
    await recordTokenReuse(trx, { user, sessionId, caller, at })
    await announceAccessChange(trx, user.userId, at)
  }

  async #succeed(trx: Trx, parent: rows.RefreshToken, { session }: SessionView): Promise<string> {
    const at = this.#parts.clock.now()
    const token = newSecret('qr_')
    const { sessionId, expiresAt } = session
    const latest = Math.min(at.getTime() + REFRESH_TOKEN_SECONDS * SECOND_MS, expiresAt.getTime())
    await rows.insertRefreshToken(trx, {
      tokenHash: hashSecret(token),
      sessionId,
      parentHash: parent.tokenHash,
      issuedAt: at,
      expiresAt: new Date(latest),
    })
    const successorSealed = seal(this.#sealKey, token)
    await rows.markRefreshTokenRotated(trx, parent.tokenHash, { rotatedAt: at, successorSealed })
    await rows.touchSession(trx, sessionId, { lastSeenAt: at })
    return token
  }

  /** The token that this one was exchanged for just now; an older one may be sealed with another secret. */
  async #successorOf(
    trx: Trx,
    { successorSealed, rotatedAt }: rows.RefreshToken,
    at: Date,
  ): Promise<{ token: string; known: rows.RefreshToken } | null> {
    if (successorSealed === null || rotatedAt === null || !isRecent(rotatedAt, at)) return null
    const token = unseal(this.#sealKey, successorSealed)
    const known = await rows.lockRefreshToken(trx, hashSecret(token))
    return known && { token, known }
  }

  /** Ends a session with all of its tokens; one that has ended already stays as it is. */
  async logout(sessionId: string, caller: Caller): Promise<void> {
    const at = this.#parts.clock.now()
    await transaction(this.#parts.db, async (trx) => {
      const view = await findSessionView(trx, sessionId)
      if (view === null || !(await rows.revokeSession(trx, sessionId, at))) return
      await rows.revokeRefreshTokens(trx, sessionId)
      await auditSession(trx, 'session.logout', { user: view.user, sessionId, caller, at })
      await announceAccessChange(trx, view.user.userId, at)
    })
    this.#parts.onChanged()
  }

  /** Ends the session of a refresh token: the dashboard's logout has only the cookie when its access token is gone. */
  async logoutByRefreshToken(refreshToken: string, caller: Caller): Promise<void> {
    const known = await transaction(this.#parts.db, (trx) =>
      rows.lockRefreshToken(trx, hashSecret(refreshToken)),
    )
    if (known !== null) await this.logout(known.sessionId, caller)
  }
}
