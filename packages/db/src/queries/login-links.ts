import type { Queryable } from '../client.ts'

export async function insertLoginLink(
  db: Queryable,
  link: { tokenHash: string; userId: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await db.insertInto('loginLinks').values(link).execute()
}

/** Works once and in time. @returns the user it logs in, else null */
export async function useLoginLink(db: Queryable, tokenHash: string, now: Date): Promise<string | null> {
  const row = await db
    .updateTable('loginLinks')
    .set({ usedAt: now })
    .where('tokenHash', '=', tokenHash)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning('userId')
    .executeTakeFirst()
  return row?.userId ?? null
}
