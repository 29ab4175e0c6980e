import type { Role } from '@quantdeck/domain'
import type { Generated } from 'kysely'

export const USER_STATUSES = ['active', 'disabled'] as const
export type UserStatus = (typeof USER_STATUSES)[number]

export interface UsersTable {
  userId: Generated<string>
  email: string
  name: Generated<string>
  passwordHash: string
  role: Role
  status: Generated<UserStatus>
  tokenVersion: Generated<number>
  createdAt: Date
  updatedAt: Date
}
