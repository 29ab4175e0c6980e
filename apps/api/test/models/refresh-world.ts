import type { Database, DatabaseKind } from '@quantdeck/db'
import { hookedDatabase } from '@quantdeck/db/testing'
import { AppError, VirtualClock } from '@quantdeck/domain'
import { hashSecret } from '../../src/auth/secrets.ts'
import type { IssuedTokens, SessionService } from '../../src/auth/session-service.ts'
import { AuthService } from '../../src/auth/auth-service.ts'
import { NOBODY, SECRET, startTestApi, type TestApi } from '../harness.ts'
import type { Gate, Product } from './machine.ts'
import { MOST_FAMILIES, type RefreshAct } from './refresh-reference.ts'
import { emptyTables } from '../harness/empty-tables.ts'

interface Family {
  tokens: string[]
  access: string
  accessAt: number
  sessionId: string
}

interface Answered {
  status: number
  refreshToken?: string
  accessToken?: string
}

/** A door to the product. */
interface Door {
  refresh(token: string): Promise<Answered>
  logout(family: Family): Promise<number>
  end(family: Family): Promise<void>
  call(family: Family): Promise<number>
}

/** Sessions of one user over a real database. */
export class RefreshWorld implements Product<RefreshAct> {
  readonly api: TestApi
  readonly clock: VirtualClock
  readonly #door: Door
  #families: Family[] = []

  private constructor(api: TestApi, clock: VirtualClock, door: Door) {
    this.api = api
    this.clock = clock
    this.#door = door
  }

  static async open(engine: DatabaseKind, through: (api: TestApi) => Door): Promise<RefreshWorld> {
    const clock = new VirtualClock(new Date('2026-01-07T16:30:00Z'))
    const api = await startTestApi({ engine, clock, logLevel: 'warn' })
    return new RefreshWorld(api, clock, through(api))
  }

  async reset(): Promise<this> {
    const tables = ['sessions', 'refresh_tokens', 'login_links', 'alerts', 'outbox']
    await emptyTables(this.api.deps.db, tables)
    this.#families = []
    // A whole second, as the model begins: access tokens know no others.
    this.clock.advanceTo(new Date(Math.ceil(this.clock.nowMs() / 1_000 + 1) * 1_000))
    return this
  }

  /** The newest token of a family that anybody holds. */
  newestOf(family: number): number {
    return (this.#families[family]?.tokens.length ?? 1) - 1
  }

  async act(act: RefreshAct): Promise<unknown> {
    const family = 'family' in act ? this.#families[act.family] : undefined
    switch (act.type) {
      case 'wait':
        this.clock.advanceBy(act.ms)
        return null
      case 'login':
        return this.#login()
      case 'refresh':
        return family === undefined ? null : this.#refresh(family, act.token)
      case 'logout':
        return family === undefined ? null : this.#door.logout(family)
      case 'end':
        if (family !== undefined) await this.#door.end(family)
        return null
      case 'call':
        return family === undefined ? null : this.#door.call(family)
    }
  }

  async #login(): Promise<string | null> {
    if (this.#families.length === MOST_FAMILIES) return null
    const { sessions } = this.api.deps.auth
    const link = await sessions.createLoginLink(this.api.users.trader.userId)
    const { accessToken, refreshToken } = await sessions.loginWithLink(link, NOBODY)
    const { rows } = await this.api.deps.db.executeSql(
      `select session_id from refresh_tokens where token_hash = '${hashSecret(refreshToken)}'`,
    )
    this.#families.push({
      tokens: [refreshToken],
      access: accessToken,
      accessAt: this.clock.nowMs(),
      sessionId: String(rows[0]?.['session_id']),
    })
    return 'token 0'
  }

  /** Tokens by their place in the chain; two different ones in one place are a fork. */
  async #refresh(family: Family, index: number): Promise<unknown> {
    const presented = family.tokens[index]
    if (presented === undefined) return 401
    const { status, refreshToken, accessToken } = await this.#door.refresh(presented)
    if (refreshToken === undefined) return status
    family.access = accessToken ?? ''
    family.accessAt = this.clock.nowMs()
    const known = family.tokens.indexOf(refreshToken)
    if (known >= 0) return `token ${known}`
    if (family.tokens[index + 1] !== undefined) return 'a fork'
    family.tokens[index + 1] = refreshToken
    return `token ${index + 1}`
  }

  async view(): Promise<unknown> {
    const { db } = this.api.deps
    const { rows } = await db.executeSql('select token_hash, status from refresh_tokens')
    const statuses = new Map(rows.map(({ token_hash: hash, status }) => [hash, status]))
    const alerts = await db.executeSql(
      `select count(*)::int as times from alerts where code = 'REFRESH_TOKEN_REUSED' and severity = 'CRITICAL'`,
    )
    return {
      families: this.#families.map(({ tokens }) => tokens.map((token) => statuses.get(hashSecret(token)))),
      alerts: alerts.rows[0]?.['times'],
    }
  }

  async close(): Promise<void> {
    await this.api.close()
  }
}

export function httpDoor(api: TestApi): Door {
  return {
    refresh: async (token) => {
      const { status, body } = await api.call('POST', '/v1/auth/refresh', { token })
      const issued = body as { refresh_token?: string; access_token?: string }
      return { status, refreshToken: issued.refresh_token, accessToken: issued.access_token }
    },
    logout: async ({ access }) => (await api.call('POST', '/v1/auth/logout', { token: access })).status,
    end: ({ sessionId }) => api.deps.auth.sessions.logout(sessionId, NOBODY),
    call: async ({ access }) => (await api.call('GET', '/v1/me', { token: access })).status,
  }
}

/** The session service itself, each of whose statements waits at a gate. */
export const gatedDoor =
  (gate: Gate, forgetsLocks = false) =>
  (api: TestApi): Door => {
    const db = hookedDatabase(api.deps.db, {
      around: async (run, what) => {
        await gate.pass(what)
        return run()
      },
      ...(forgetsLocks && {
        rewrite: (query) => ({ ...query, sql: query.sql.replace(/ for update(?: of "\w+")?$/, '') }),
      }),
    })
    const sessions = sessionsOver(api, db)
    return {
      refresh: async (token) => {
        try {
          const issued: IssuedTokens = await sessions.refresh(token, NOBODY)
          return { status: 200, refreshToken: issued.refreshToken, accessToken: issued.accessToken }
        } catch (error) {
          if (error instanceof AppError && error.code === 'UNAUTHORIZED') return { status: 401 }
          throw error
        }
      },
      end: ({ sessionId }) => sessions.logout(sessionId, NOBODY),
      // Access tokens are the guard's: what is raced here are refresh tokens.
      logout: () => Promise.reject(new Error('not behind this door')),
      call: () => Promise.reject(new Error('not behind this door')),
    }
  }

function sessionsOver({ deps }: TestApi, db: Database): SessionService {
  const { clock, log } = deps
  return new AuthService({ db, clock, log, secret: SECRET, allowAnonymous: false }).sessions
}
