import * as rows from '@quantdeck/db'
import { transaction, type Trx, type User } from '@quantdeck/db'
import { AppError, notFound, type Role } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import { announceAccessChange } from '../../auth/access-events.ts'
import { requirePerson, requireRole, requireScope, type Actor } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { requireConfirmed } from '../../auth/confirmation.ts'
import { endSessions } from '../../auth/end-sessions.ts'
import { assertGoodPassword } from '../../auth/password-rules.ts'
import type { CoreDeps } from '../../deps.ts'

export type { User }

/** In the order of their creation. */
export async function listUsers(deps: CoreDeps, actor: Actor): Promise<User[]> {
  requireRole(actor, 'admin')
  requireScope(actor, 'admin')
  return rows.listUsers(deps.db.kysely)
}

export interface CreateUserInput {
  email: string
  password: string
  role: Role
  name: string
}

/**
 * @param idempotencyId of the request, if it has one: the same user, made by an earlier try of it, is the answer
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, CONFLICT when the email is taken
 */
export async function createUser(
  deps: CoreDeps,
  actor: Actor,
  input: CreateUserInput,
  idempotencyId: string | null = null,
): Promise<User> {
  requirePerson(actor, 'admin')
  await requireConfirmed(deps, actor)
  const email = input.email.toLowerCase()
  const { role, name } = input
  assertGoodPassword(input.password, { email, field: 'password' })
  const passwordHash = await deps.auth.passwords.hash(input.password)
  const at = deps.clock.now()
  const userId = idempotencyId ?? randomUUID()
  return transaction(deps.db, async (trx) => {
    await requireActiveAdmin(trx, actor)
    if (
      await rows.insertUser(trx, { userId, email, name, role, passwordHash, createdAt: at, updatedAt: at })
    ) {
      await rows.appendAudit(trx, [
        {
          ...auditFacts(actor, at),
          action: 'user.create',
          entity: 'user',
          entityId: userId,
          before: null,
          after: { email, role, name },
          reason: null,
        },
      ])
    }
    const user = await rows.findUserByEmail(trx, email)
    if (user?.userId === userId) return user
    throw new AppError('CONFLICT', 'This email is taken', {
      details: [{ field: 'email', message: 'Is taken by another user' }],
    })
  })
}

export type UserChange = Partial<Pick<User, 'role' | 'status' | 'name'>>

/**
 * Takes effect at once and on every instance. Disabling ends all sessions of the user; a change of role makes programs
 * and pages log in to it with their next refresh.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT for the last active admin
 */
export async function updateUser(
  deps: CoreDeps,
  actor: Actor,
  userId: string,
  change: UserChange,
): Promise<User> {
  requirePerson(actor, 'admin')
  await requireConfirmed(deps, actor)
  const at = deps.clock.now()
  const updated = await transaction(deps.db, async (trx) => {
    const admins = await requireActiveAdmin(trx, actor)
    const before = await rows.lockUser(trx, userId)
    if (before === null) throw notFound('User')
    const after = patched(before, change)
    if (isSame(before, after)) return before
    assertAdminRemains(admins, after)
    await applyChange(trx, { before, after, at })
    await rows.appendAudit(trx, [
      {
        ...auditFacts(actor, at),
        action: 'user.update',
        entity: 'user',
        entityId: userId,
        before: facts(before),
        after: facts(after),
        reason: null,
      },
    ])
    return { ...after, updatedAt: at }
  })
  deps.auth.accessChanged()
  return updated
}

function patched(before: User, { role, status, name }: UserChange): User {
  return { ...before, role: role ?? before.role, status: status ?? before.status, name: name ?? before.name }
}

function facts({ email, role, status, name }: User) {
  return { email, role, status, name }
}

function isSame(a: User, b: User): boolean {
  return a.role === b.role && a.status === b.status && a.name === b.name
}

/**
 * The admins, locked: of two who demote each other at once the second finds that he no longer is one.
 * @throws AppError FORBIDDEN
 */
async function requireActiveAdmin(trx: Trx, actor: Actor): Promise<User[]> {
  const admins = await rows.lockActiveAdmins(trx)
  if (!admins.some(({ userId }) => userId === actor.userId)) {
    throw new AppError('FORBIDDEN', 'This needs the admin role')
  }
  return admins
}

function assertAdminRemains(admins: readonly User[], after: User): void {
  const isAdmin = after.role === 'admin' && after.status === 'active'
  if (isAdmin || admins.some(({ userId }) => userId !== after.userId)) return
  throw new AppError('CONFLICT', 'The last active admin can be neither demoted nor disabled')
}

async function applyChange(
  trx: Trx,
  { before, after, at }: { before: User; after: User; at: Date },
): Promise<void> {
  const { userId, role, status, name } = after
  await rows.updateUser(trx, userId, { role, status, name, updatedAt: at })
  const isDisabled = before.status === 'active' && status === 'disabled'
  if (isDisabled || before.role !== role) await rows.bumpTokenVersion(trx, userId, at)
  if (isDisabled) await endSessions(trx, { userId, at })
  else await announceAccessChange(trx, userId, at)
}
