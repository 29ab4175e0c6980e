import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { appendAudit, findApiKeyByHash, insertApiKey, transaction, type Database } from '@quantdeck/db'
import type { Clock } from '@quantdeck/domain'

import { API_KEY_PREFIX } from './auth-service.ts'
import { hashSecret, newSecret } from './secrets.ts'

interface CliKeyParts {
  db: Database
  clock: Clock
  dataDir: string
  /** The owner, an admin: a key has the role of its owner, narrowed by its scopes. */
  userId: string
}

/**
 * A key for the command line on the server's own machine, in DATA_DIR/cli-key, readable by its owner only: reads and
 * market data, nothing that moves money. A key that was revoked stays so; delete the file to get a new one.
 * @returns its id
 */
export async function ensureCliKey({ db, clock, dataDir, userId }: CliKeyParts): Promise<string> {
  const path = join(dataDir, 'cli-key')
  const saved = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  const known = saved === '' ? null : await findApiKeyByHash(db.kysely, hashSecret(saved))
  if (known !== null) return known.apiKeyId
  const key = newSecret(API_KEY_PREFIX)
  const at = clock.now()
  const apiKeyId = randomUUID()
  const scopes = ['read', 'market_data']
  await transaction(db, async (trx) => {
    await insertApiKey(trx, {
      apiKeyId,
      userId,
      name: 'quantdeck command line',
      prefix: key.slice(0, 11),
      keyHash: hashSecret(key),
      scopes,
      strategyIds: null,
      ipAllowList: ['127.0.0.1', '::1'],
      createdAt: at,
      expiresAt: null,
    })
    await appendAudit(trx, [
      {
        auditId: randomUUID(),
        at,
        actorId: null,
        actorLabel: 'setup',
        role: null,
        action: 'api_key.create',
        entity: 'api_key',
        entityId: apiKeyId,
        before: null,
        after: { name: 'quantdeck command line', scopes },
        reason: null,
        requestId: null,
        ip: null,
      },
    ])
  })
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(path, `${key}\n`, { mode: 0o600 })
  chmodSync(path, 0o600)
  return apiKeyId
}
