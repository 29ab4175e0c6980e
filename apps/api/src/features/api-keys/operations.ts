import * as rows from '@quantdeck/db'
import { transaction, type ApiKey } from '@quantdeck/db'
import { AppError, notFound } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import { announceAccessChange } from '../../auth/access-events.ts'
import { hasRole, requirePerson, type Actor, type Scope } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { requireConfirmed } from '../../auth/confirmation.ts'
import { toBlockList } from '../../auth/address-list.ts'
import { API_KEY_PREFIX } from '../../auth/auth-service.ts'
import { hashSecret, newSecret } from '../../auth/secrets.ts'
import { requireStrategy } from '../../auth/visibility.ts'
import type { CoreDeps } from '../../deps.ts'

const SHOWN_PREFIX = 11

/** One's own keys, revoked ones included. */
export async function listApiKeys(deps: CoreDeps, actor: Actor): Promise<ApiKey[]> {
  requirePerson(actor, 'viewer')
  return rows.listApiKeys(deps.db.kysely, actor.userId ?? undefined)
}

export interface CreateApiKeyInput {
  name: string
  scopes: Scope[]
  strategyIds: string[] | null
  expiresAt: Date | null
  ipAllowList: string[] | null
}

/** The key itself is in this answer only; stored is its hash. */
export async function createApiKey(
  deps: CoreDeps,
  actor: Actor,
  input: CreateApiKeyInput,
): Promise<{ apiKey: ApiKey; key: string }> {
  requirePerson(actor, 'viewer')
  await assertValid(deps, actor, input)
  if (input.scopes.includes('admin')) await requireConfirmed(deps, actor)
  const key = newSecret(API_KEY_PREFIX)
  const apiKey: ApiKey = {
    ...input,
    apiKeyId: randomUUID(),
    userId: ownId(actor),
    prefix: key.slice(0, SHOWN_PREFIX),
    keyHash: hashSecret(key),
    createdAt: deps.clock.now(),
    lastUsedAt: null,
    revokedAt: null,
  }
  await transaction(deps.db, async (trx) => {
    await rows.insertApiKey(trx, apiKey)
    const { name, scopes, strategyIds } = apiKey
    await rows.appendAudit(trx, [
      auditOf(deps, actor, { action: 'api_key.create', apiKey, after: { name, scopes, strategyIds } }),
    ])
  })
  return { apiKey, key }
}

/** One's own key; an admin may revoke anybody's. Another's reads as unknown. */
export async function revokeApiKey(deps: CoreDeps, actor: Actor, apiKeyId: string): Promise<ApiKey> {
  requirePerson(actor, 'viewer')
  const apiKey = await rows.findApiKey(deps.db.kysely, apiKeyId)
  if (apiKey === null || (apiKey.userId !== actor.userId && !hasRole(actor, 'admin')))
    throw notFound('API key')
  if (apiKey.revokedAt !== null) return apiKey
  const revokedAt = deps.clock.now()
  await transaction(deps.db, async (trx) => {
    if (!(await rows.revokeApiKey(trx, apiKeyId, revokedAt))) return
    await rows.appendAudit(trx, [auditOf(deps, actor, { action: 'api_key.revoke', apiKey, after: null })])
    await announceAccessChange(trx, apiKey.userId, revokedAt)
  })
  deps.auth.accessChanged()
  return { ...apiKey, revokedAt }
}

function ownId(actor: Actor): string {
  if (actor.userId === null) throw new AppError('FORBIDDEN', 'Only a user has API keys')
  return actor.userId
}

async function assertValid(deps: CoreDeps, actor: Actor, input: CreateApiKeyInput): Promise<void> {
  const refuse = (field: string, message: string) => {
    throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details: [{ field, message }] })
  }
  if (input.expiresAt !== null && input.expiresAt <= deps.clock.now())
    refuse('expires_at', 'Must be in the future')
  if (input.scopes.includes('admin') && !hasRole(actor, 'admin')) {
    throw new AppError('FORBIDDEN', 'The scope admin needs the admin role')
  }
  try {
    toBlockList(input.ipAllowList ?? [])
  } catch {
    refuse('ip_allow_list', 'Must hold addresses or CIDR ranges')
  }
  for (const strategyId of input.strategyIds ?? []) await requireStrategy(deps, actor, strategyId)
}

interface KeyEvent {
  action: string
  apiKey: ApiKey
  after: rows.NewAuditEntry['after']
}

function auditOf(deps: CoreDeps, actor: Actor, { action, apiKey, after }: KeyEvent): rows.NewAuditEntry {
  return {
    ...auditFacts(actor, deps.clock.now()),
    action,
    entity: 'api_key',
    entityId: apiKey.apiKeyId,
    before: null,
    after,
    reason: null,
  }
}
