import { AppError, type Clock } from '@quantdeck/domain'
import { errors, jwtVerify, SignJWT } from 'jose'
import { randomUUID } from 'node:crypto'

import { deriveKey, hashSecret } from './secrets.ts'

export const ACCESS_TOKEN_SECONDS = 3_600
const ISSUER = 'quantdeck'
const AUDIENCE = 'quantdeck-api'
const TYPE = 'at+jwt'
const MAX_CACHED = 10_000

export interface AccessClaims {
  readonly userId: string
  readonly sessionId: string
  /** The user's token version when it was issued: a raise of it ends all older tokens. */
  readonly version: number
  readonly expiresAtMs: number
}

function unauthorized(): AppError {
  return new AppError('UNAUTHORIZED', 'Missing or invalid token')
}

/** HS256 access tokens. A verified one is remembered by its hash until it expires: jose's check costs 80 times that. */
export class AccessTokens {
  readonly #key: Uint8Array
  readonly #clock: Clock
  readonly #verified = new Map<string, AccessClaims>()

  /** @throws RangeError for a secret under 32 bytes */
  constructor(secret: string, clock: Clock) {
    if (Buffer.byteLength(secret) < 32) throw new RangeError('the token secret needs at least 32 bytes')
    this.#key = deriveKey(secret, 'access-token')
    this.#clock = clock
  }

  sign(claims: { userId: string; sessionId: string; version: number }): Promise<string> {
    const issuedAt = Math.floor(this.#clock.nowMs() / 1000)
    return new SignJWT({ sid: claims.sessionId, ver: claims.version })
      .setProtectedHeader({ alg: 'HS256', typ: TYPE })
      .setSubject(claims.userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
      .sign(this.#key)
  }

  /** @throws AppError UNAUTHORIZED, with the same text whatever is wrong */
  async verify(token: string): Promise<AccessClaims> {
    if (token.length > 2_048) throw unauthorized()
    const hash = hashSecret(token)
    const known = this.#verified.get(hash)
    if (known !== undefined) {
      if (known.expiresAtMs > this.#clock.nowMs()) return known
      this.#verified.delete(hash)
      throw unauthorized()
    }
    const claims = await this.#check(token)
    this.#remember(hash, claims)
    return claims
  }

  async #check(token: string): Promise<AccessClaims> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'iat', 'sub', 'jti'],
        maxTokenAge: ACCESS_TOKEN_SECONDS,
        currentDate: this.#clock.now(),
      })
      const { sub, sid, ver, exp } = payload
      if (typeof sub !== 'string' || typeof sid !== 'string' || typeof ver !== 'number') throw unauthorized()
      return { userId: sub, sessionId: sid, version: ver, expiresAtMs: Number(exp) * 1000 }
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof AppError) throw unauthorized()
      throw error
    }
  }

  #remember(hash: string, claims: AccessClaims): void {
    if (this.#verified.size >= MAX_CACHED) {
      const oldest = this.#verified.keys().next()
      if (!oldest.done) this.#verified.delete(oldest.value)
    }
    this.#verified.set(hash, claims)
  }
}
