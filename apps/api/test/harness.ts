import { createTestDatabase, type TestDatabase } from '@quantdeck/db/testing'
import type { DatabaseKind } from '@quantdeck/db'
import { insertUser, openDatabase } from '@quantdeck/db'
import { ensureDefined, systemClock, type Clock, type Role } from '@quantdeck/domain'
import type { FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Caller } from '../src/auth/caller.ts'
import { PasswordHasher, type HashCost } from '../src/auth/passwords.ts'
import { openHouse, type House } from '../src/compose.ts'
import { createLogger } from '../src/log.ts'
import type { Deps } from '../src/deps.ts'
import type { OpenBroker } from '../src/desk/assemble.ts'
import { parseEnv } from '../src/env.ts'
import { buildServer } from '../src/server.ts'

export const PASSWORD = 'correct horse battery'
export const SECRET = 'a secret of the tests that is long enough'

export interface TestUser {
  userId: string
  email: string
  role: Role
}

export interface Answer {
  status: number
  headers: Headers
  body: unknown
  text: string
}

export interface TestApi {
  deps: Deps
  house: House
  app: FastifyInstance
  /** `http://localhost:<port>`, without a slash at the end. */
  url: string
  users: Record<Role, TestUser>
  /** What the server logged. */
  logLines: string[]
  /** A bearer token of a fresh session. */
  login(role: Role): Promise<string>
  /** A session of a user without a password, as a login link opens it: quick, and not throttled. */
  enter(userId: string): Promise<string>
  /** The password again: the session may do dangerous things for 5 minutes. */
  confirm(token: string): Promise<void>
  /** JSON in, JSON out. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  close(): Promise<void>
}

export interface CallOptions {
  token?: string
  body?: unknown
  headers?: Record<string, string>
}

export interface TestApiOptions {
  engine?: DatabaseKind
  clock?: Clock
  /** Environment variables, as text. */
  env?: Record<string, string>
  /** Instead of the simulated one. */
  openBroker?: OpenBroker
  /** Instead of the stream's 30 s. */
  heartbeatMs?: number
  /** Instead of `debug`, which keeps a line of every request. */
  logLevel?: 'debug' | 'warn'
  /** A second instance over the Postgres of this one, with the same users. */
  joins?: TestApi
  /** A database of the test's own; closed with the server. */
  database?: TestDatabase
}

/**
 * The least that argon2 takes, 8 KiB once: a server of the tests lives for a second, in which it would otherwise spend a
 * quarter on hashes. Those of the product are in auth/passwords.test.ts and in the suites of the real process.
 */
const CHEAP: HashCost = { memoryCost: 8, timeCost: 1 }

const ROLES: readonly Role[] = ['viewer', 'trader', 'risk', 'admin']

/** The whole server on a free port, over a database of its own, with a user of each role. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = await openTestDatabase(options)
  const clock = options.clock ?? systemClock
  const dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-api-'))
  const env = parseEnv({ PORT: '0', RATE_LIMITS: 'off', DATA_DIR: dataDir, ...options.env })
  const logLines: string[] = []
  const log = createLogger(options.logLevel ?? 'debug', { write: (line) => void logLines.push(line) })
  const house = await openHouse({
    db: database.db,
    clock,
    env,
    log,
    secret: SECRET,
    passwords: new PasswordHasher(2, CHEAP),
    openBroker: options.openBroker,
  })
  const users = options.joins?.users ?? (await createUsers(house.deps))
  const app = await buildServer(house.deps, {
    webRoot: '/nonexistent',
    ...(options.heartbeatMs !== undefined && { heartbeatMs: options.heartbeatMs }),
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const [address] = app.addresses()
  const url = `http://localhost:${typeof address === 'object' ? address.port : 0}`
  const call: TestApi['call'] = (method, path, request = {}) => fetchJson(`${url}${path}`, method, request)
  return {
    deps: house.deps,
    house,
    app,
    url,
    users,
    logLines,
    call,
    login: async (role) => {
      const { email } = users[role]
      const { body } = await call('POST', '/v1/auth/login', { body: { email, password: PASSWORD } })
      return (body as { access_token: string }).access_token
    },
    enter: async (userId) => {
      const { sessions } = house.deps.auth
      const link = await sessions.createLoginLink(userId)
      return (await sessions.loginWithLink(link, NOBODY)).accessToken
    },
    confirm: async (token) => {
      const { status } = await call('POST', '/v1/auth/confirm', { token, body: { password: PASSWORD } })
      if (status !== 200) throw new Error(`the password was not confirmed: ${status}`)
    },
    close: once(async () => {
      await closeAll(app, house, database)
      rmSync(dataDir, { recursive: true, force: true })
    }),
  }
}

async function openTestDatabase({ engine, joins, database }: TestApiOptions): Promise<TestDatabase> {
  if (database !== undefined) return database
  if (joins === undefined) return createTestDatabase(engine ?? 'pglite')
  const db = await openDatabase({ url: ensureDefined(joins.deps.db.url, 'a Postgres to join') })
  return { db, close: () => db.close() }
}

/** Where `enter` comes from. */
export const NOBODY: Caller = {
  requestId: 'req-test',
  ip: null,
  userAgent: null,
  baseUrl: null,
  bearer: null,
  apiKey: null,
  refreshCookie: null,
  deviceCookie: null,
  customHeader: true,
  forwarded: false,
  originAllowed: true,
}

/** Closing twice is closing once. */
function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  return () => (running ??= work())
}

async function closeAll(app: FastifyInstance, house: House, database: TestDatabase): Promise<void> {
  await app.close()
  await house.stop()
  await database.close()
}

async function createUsers({ db, clock, auth }: Deps): Promise<Record<Role, TestUser>> {
  const passwordHash = await auth.passwords.hash(PASSWORD)
  const at = clock.now()
  const users: Partial<Record<Role, TestUser>> = {}
  for (const role of ROLES) {
    const user = { userId: randomUUID(), email: `${role}@example.com`, role }
    await insertUser(db.kysely, { ...user, name: role, passwordHash, createdAt: at, updatedAt: at })
    users[role] = user
  }
  return users as Record<Role, TestUser>
}

async function fetchJson(
  url: string,
  method: string,
  { token, body, headers }: CallOptions,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
