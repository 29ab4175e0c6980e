import type { JsonValue } from '@quantdeck/domain'
import type { Queryable } from '../client.ts'
import { json } from './values.ts'

export async function findSetting(db: Queryable, key: string): Promise<JsonValue> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
  return row === undefined ? null : (row.value as JsonValue)
}

export async function putSetting(db: Queryable, key: string, value: JsonValue, at: Date): Promise<void> {
  const values = { value: json(value), updatedAt: at }
  await db
    .insertInto('settings')
    .values({ key, ...values })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
    .execute()
}
