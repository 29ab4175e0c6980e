import type { Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { ApiKeysTable } from '../schema/api-keys.ts'
import { given, isUuid } from './values.ts'

/** `strategyIds` and `ipAllowList`: null is unrestricted. The key itself is not stored, only its hash. */
export type ApiKey = Selectable<ApiKeysTable>
export type NewApiKey = Omit<ApiKey, 'lastUsedAt' | 'revokedAt'>

export async function insertApiKey(db: Queryable, key: NewApiKey): Promise<void> {
  await db.insertInto('apiKeys').values(key).execute()
}

export async function findApiKeyByHash(db: Queryable, keyHash: string): Promise<ApiKey | null> {
  return (
    (await db.selectFrom('apiKeys').selectAll().where('keyHash', '=', keyHash).executeTakeFirst()) ?? null
  )
}

export async function findApiKey(db: Queryable, apiKeyId: string): Promise<ApiKey | null> {
  if (!isUuid(apiKeyId)) return null
  return (
    (await db.selectFrom('apiKeys').selectAll().where('apiKeyId', '=', apiKeyId).executeTakeFirst()) ?? null
  )
}

/** Recent first; of one user or of all. */
export async function listApiKeys(db: Queryable, userId?: string): Promise<ApiKey[]> {
  return db
    .selectFrom('apiKeys')
    .selectAll()
    .where((eb) => eb.and(given(userId, (id) => eb('userId', '=', id))))
    .orderBy('createdAt', 'desc')
    .execute()
}

/** @returns false if it was revoked before or does not exist */
export async function revokeApiKey(db: Queryable, apiKeyId: string, at: Date): Promise<boolean> {
  const row = await db
    .updateTable('apiKeys')
    .set({ revokedAt: at })
    .where('apiKeyId', '=', apiKeyId)
    .where('revokedAt', 'is', null)
    .returning('apiKeyId')
    .executeTakeFirst()
  return row !== undefined
}

export async function touchApiKey(db: Queryable, apiKeyId: string, at: Date): Promise<void> {
  await db.updateTable('apiKeys').set({ lastUsedAt: at }).where('apiKeyId', '=', apiKeyId).execute()
}
