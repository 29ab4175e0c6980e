import type { Endpoint } from '@quantdeck/contracts'
import { AppError, DAY_MS, MINUTE_MS } from '@quantdeck/domain'
import { createHash } from 'node:crypto'

import { principalOf, type Actor } from '../auth/actor.ts'
import type { Deps } from '../deps.ts'
import type { ResponseState } from '../trpc/context.ts'

/** An entry "in progress" for longer belongs to a process that died; its key may be tried again. */
const LEASE_MS = 2 * MINUTE_MS
const KEPT_MS = DAY_MS

interface Once {
  deps: Deps
  actor: Actor
  response: ResponseState
  endpoint: Endpoint
  key: string
  input: unknown
}

/** The stored answer of a finished request: a body, or the refusal it ended with. */
interface StoredAnswer {
  body?: unknown
  refusal?: { message: string; details: AppError['details'] }
}

/** JSON with sorted keys: the same body in another key order is the same request. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}

function uuidFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/**
 * Runs a request once per principal and Idempotency-Key; a repetition gets the stored status and body.
 * A refusal by risk is an outcome and is stored too; other failures had no effect and free the key.
 * @throws AppError IDEMPOTENCY_KEY_REUSED for another body, CONFLICT while the first is in progress
 */
export async function runOnce<T>(once: Once, work: (idempotencyId: string) => Promise<T> | T): Promise<T> {
  const principal = principalOf(once.actor)
  const operation = once.endpoint.meta.operationId
  const requestHash = createHash('sha256')
    .update(`${operation}\n${canonicalJson(once.input)}`)
    .digest('hex')
  const entry = { principal, key: once.key, operation, requestHash }
  const earlier = await claim(once.deps, entry)
  if (earlier !== null) return replay<T>(once.response, earlier)
  try {
    const result = await work(uuidFrom(`${principal}\n${operation}\n${once.key}`))
    const status = once.response.status ?? once.endpoint.statusOf(result)
    await finish(once.deps, entry, status, { body: result })
    return result
  } catch (error) {
    if (error instanceof AppError && error.code === 'RISK_REJECTED') {
      await finish(once.deps, entry, 422, { refusal: { message: error.message, details: error.details } })
    } else {
      await release(once.deps, entry)
    }
    throw error
  }
}

interface Entry {
  principal: string
  key: string
  operation: string
  requestHash: string
}

interface Earlier {
  status: number
  answer: StoredAnswer
}

/** Takes the key (null), or finds what an earlier request with it answered. */
async function claim(deps: Deps, entry: Entry): Promise<Earlier | null> {
  const { kysely } = deps.db
  const now = deps.clock.nowMs()
  await kysely
    .deleteFrom('idempotencyKeys')
    .where('principal', '=', entry.principal)
    .where('createdAt', '<', new Date(now - KEPT_MS))
    .execute()
  const inserted = await kysely
    .insertInto('idempotencyKeys')
    .values({ ...entry, status: null, response: null, createdAt: new Date(now) })
    .onConflict((conflict) => conflict.columns(['principal', 'key']).doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows === 1n) return null
  return findEarlier(deps, entry)
}

async function findEarlier(deps: Deps, entry: Entry): Promise<Earlier | null> {
  const row = await deps.db.kysely
    .selectFrom('idempotencyKeys')
    .selectAll()
    .where('principal', '=', entry.principal)
    .where('key', '=', entry.key)
    .executeTakeFirst()
  if (row === undefined) throw inProgress()
  if (row.requestHash !== entry.requestHash) {
    throw new AppError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with another request')
  }
  if (row.status !== null) return { status: row.status, answer: row.response as StoredAnswer }
  const takenOver = await deps.db.kysely
    .updateTable('idempotencyKeys')
    .set({ createdAt: deps.clock.now() })
    .where('principal', '=', entry.principal)
    .where('key', '=', entry.key)
    .where('status', 'is', null)
    .where('createdAt', '<=', new Date(deps.clock.nowMs() - LEASE_MS))
    .executeTakeFirst()
  if (takenOver.numUpdatedRows === 1n) return null
  throw inProgress()
}

function inProgress(): AppError {
  return new AppError('CONFLICT', 'A request with this Idempotency-Key is in progress', {
    retryAfterSeconds: 1,
  })
}

function replay<T>(response: ResponseState, { status, answer }: Earlier): T {
  response.headers['idempotent-replayed'] = 'true'
  if (answer.refusal !== undefined) {
    throw new AppError('RISK_REJECTED', answer.refusal.message, { details: answer.refusal.details })
  }
  response.status = status
  return answer.body as T
}

async function finish(deps: Deps, entry: Entry, status: number, answer: StoredAnswer): Promise<void> {
  await deps.db.kysely
    .updateTable('idempotencyKeys')
    .set({ status, response: JSON.stringify(answer) })
    .where('principal', '=', entry.principal)
    .where('key', '=', entry.key)
    .execute()
}

async function release(deps: Deps, entry: Entry): Promise<void> {
  await deps.db.kysely
    .deleteFrom('idempotencyKeys')
    .where('principal', '=', entry.principal)
    .where('key', '=', entry.key)
    .where('status', 'is', null)
    .execute()
}
