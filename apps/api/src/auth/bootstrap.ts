import { findUserByEmail, insertUser, type Database } from '@quantdeck/db'
import { AppError, type Clock } from '@quantdeck/domain'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'

import type { Env } from '../env.ts'
import type { PasswordHasher } from './passwords.ts'

/** Two admins, because going LIVE needs four eyes. */
const ACCOUNTS = [
  { who: 'admin', name: 'Admin', fallbackEmail: 'admin@quantdeck.local' },
  { who: 'approver', name: 'Approver', fallbackEmail: 'approver@quantdeck.local' },
] as const

export interface Login {
  readonly email: string
  /** Null when it came from the environment: whoever set it knows it. */
  readonly password: string | null
  /** True if this start made the account. */
  readonly isNew: boolean
  readonly userId: string
}

type SavedLogins = Record<string, string>

interface BootstrapParts {
  db: Database
  clock: Clock
  env: Env
  passwords: PasswordHasher
}

/**
 * Makes sure that both admin accounts exist. A generated password is kept in DATA_DIR/logins.json, readable by its
 * owner only; accounts that exist are left as they are.
 */
export async function bootstrapUsers(parts: BootstrapParts): Promise<Login[]> {
  const saved = readLogins(parts.env.dataDir)
  const logins: Login[] = []
  for (const account of ACCOUNTS) logins.push(await ensureAccount(parts, account, saved))
  return logins
}

async function ensureAccount(
  { db, clock, env, passwords }: BootstrapParts,
  { who, name, fallbackEmail }: (typeof ACCOUNTS)[number],
  saved: SavedLogins,
): Promise<Login> {
  const email = (who === 'admin' ? env.adminEmail : env.approverEmail)?.toLowerCase() ?? fallbackEmail
  const given = who === 'admin' ? env.adminPassword : env.approverPassword
  const existing = await findUserByEmail(db.kysely, email)
  if (existing !== null) {
    return {
      email,
      password: given === null ? (saved[email] ?? null) : null,
      isNew: false,
      userId: existing.userId,
    }
  }
  const password = given ?? saved[email] ?? randomBytes(15).toString('base64url')
  if (given === null) saveLogin(env.dataDir, saved, { email, password })
  const userId = randomUUID()
  const at = clock.now()
  const user = { userId, email, name, role: 'admin' as const, createdAt: at, updatedAt: at }
  const isNew = await insertUser(db.kysely, { ...user, passwordHash: await passwords.hash(password) })
  const winner = isNew ? userId : (await findUserByEmail(db.kysely, email))?.userId
  if (winner === undefined) throw new AppError('INTERNAL_ERROR', `the account ${email} vanished`)
  return { email, password: given === null ? password : null, isNew, userId: winner }
}

function loginsPath(dataDir: string): string {
  return join(dataDir, 'logins.json')
}

function readLogins(dataDir: string): SavedLogins {
  const path = loginsPath(dataDir)
  if (!existsSync(path)) return {}
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const entries = typeof content === 'object' && content !== null ? Object.entries(content) : []
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function saveLogin(dataDir: string, saved: SavedLogins, login: { email: string; password: string }): void {
  saved[login.email] = login.password
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(loginsPath(dataDir), `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 })
  chmodSync(loginsPath(dataDir), 0o600)
}
