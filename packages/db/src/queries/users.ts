import type { Selectable } from 'kysely'
import type { Role } from '@quantdeck/domain'
import type { Queryable, Trx } from '../client.ts'
import type { UsersTable } from '../schema/users.ts'
import { isUuid } from './values.ts'

/** `tokenVersion` rises when all tokens of the user have to end (password, role, disabling). */
export type User = Selectable<UsersTable>
export type NewUser = Omit<User, 'status' | 'tokenVersion'>

/** @returns false if the email is taken */
export async function insertUser(db: Queryable, user: NewUser): Promise<boolean> {
  const inserted = await db
    .insertInto('users')
    .values({ ...user, email: user.email.toLowerCase() })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('userId')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function findUser(db: Queryable, userId: string): Promise<User | null> {
  if (!isUuid(userId)) return null
  return (await db.selectFrom('users').selectAll().where('userId', '=', userId).executeTakeFirst()) ?? null
}

export async function findUserByEmail(db: Queryable, email: string): Promise<User | null> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst()
  return row ?? null
}

export async function listUsers(db: Queryable): Promise<User[]> {
  return db.selectFrom('users').selectAll().orderBy('createdAt').orderBy('email').execute()
}

export async function countActiveUsers(db: Queryable, role: Role): Promise<number> {
  const { count } = await db
    .selectFrom('users')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('role', '=', role)
    .where('status', '=', 'active')
    .executeTakeFirstOrThrow()
  return count
}

export async function updateUser(
  db: Queryable,
  userId: string,
  change: Partial<Pick<User, 'name' | 'passwordHash' | 'role' | 'status'>> & { updatedAt: Date },
): Promise<void> {
  await db.updateTable('users').set(change).where('userId', '=', userId).execute()
}

/** Ends every token of the user. @returns the new version */
export async function bumpTokenVersion(db: Queryable, userId: string, at: Date): Promise<number> {
  const { tokenVersion } = await db
    .updateTable('users')
    .set(({ eb }) => ({ tokenVersion: eb('tokenVersion', '+', 1), updatedAt: at }))
    .where('userId', '=', userId)
    .returning('tokenVersion')
    .executeTakeFirstOrThrow()
  return tokenVersion
}

/** Locked until the transaction ends. */
export async function lockUser(trx: Trx, userId: string): Promise<User | null> {
  if (!isUuid(userId)) return null
  const row = await trx
    .selectFrom('users')
    .selectAll()
    .where('userId', '=', userId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Every active admin, locked in one order: of two that demote each other, one has to wait and then look again. */
export async function lockActiveAdmins(trx: Trx): Promise<User[]> {
  return trx
    .selectFrom('users')
    .selectAll()
    .where('role', '=', 'admin')
    .where('status', '=', 'active')
    .orderBy('userId')
    .forUpdate()
    .execute()
}
