import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findApiKeyByHash, insertUser, listApiKeys, revokeApiKey } from '@quantdeck/db'
import { createTestDatabase, type TestDatabase } from '@quantdeck/db/testing'
import { VirtualClock } from '@quantdeck/domain'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureCliKey } from './cli-key.ts'
import { hashSecret } from './secrets.ts'

const clock = new VirtualClock(Date.UTC(2026, 0, 7))
let test: TestDatabase
let dataDir: string
const userId = randomUUID()

beforeEach(async () => {
  test = await createTestDatabase('pglite')
  dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-key-'))
  const at = clock.now()
  const user = { userId, email: 'admin@example.com', name: 'Admin', role: 'admin' as const }
  await insertUser(test.db.kysely, { ...user, passwordHash: 'x', createdAt: at, updatedAt: at })
})

afterEach(async () => {
  await test.close()
  rmSync(dataDir, { recursive: true })
})

const ensure = () => ensureCliKey({ db: test.db, clock, dataDir, userId })
const saved = () => readFileSync(join(dataDir, 'cli-key'), 'utf8').trim()

describe('ensureCliKey', () => {
  it('writes a key that only its owner can read and that may not trade', async () => {
    await ensure()
    const key = await findApiKeyByHash(test.db.kysely, hashSecret(saved()))
    expect(key).toMatchObject({ userId, scopes: ['read', 'market_data'], ipAllowList: ['127.0.0.1', '::1'] })
    expect(statSync(join(dataDir, 'cli-key')).mode & 0o777).toBe(0o600)
  })

  it('keeps the key it has, a revoked one too', async () => {
    await ensure()
    const first = saved()
    const [key] = await listApiKeys(test.db.kysely)
    await revokeApiKey(test.db.kysely, key?.apiKeyId ?? '', clock.now())
    await ensure()
    expect(saved()).toBe(first)
    expect(await listApiKeys(test.db.kysely)).toHaveLength(1)
  })

  it('makes a new key when the database does not know the one in the file', async () => {
    await ensure()
    const first = saved()
    await test.db.executeSql('delete from api_keys')
    await ensure()
    expect(saved()).not.toBe(first)
  })
})
