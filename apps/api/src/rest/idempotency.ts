import type { Endpoint } from '@quantdeck/contracts'
import {
  completeIdempotencyKey,
  releaseIdempotencyKey,
  reserveIdempotencyKey,
  type Database,
  type IdempotencyRecord,
} from '@quantdeck/db'
import { AppError, DAY_MS, MINUTE_MS, type JsonValue } from '@quantdeck/domain'
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

/** Violations are plain JSON: they come from the order's row. */
function refusalOf(error: AppError): JsonValue {
  return { refusal: { message: error.message, details: error.details as unknown as JsonValue } }
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
  // Keyed: a body may hold a password, and a plain hash of it could be tested with guesses.
  const requestHash = once.deps.auth.fingerprint(`${operation}\n${canonicalJson(once.input)}`)
  const entry = { principal, key: once.key, operation, requestHash }
  const earlier = await claim(once.deps, entry)
  if (earlier !== null) return replay<T>(once.response, earlier)
  try {
    const result = await work(uuidFrom(`${principal}\n${operation}\n${once.key}`))
    const status = once.response.status ?? once.endpoint.statusOf(result)
    await completeIdempotencyKey(once.deps.db.kysely, entry, {
      status,
      response: { body: result as JsonValue },
    })
    return result
  } catch (error) {
    if (error instanceof AppError && error.code === 'RISK_REJECTED') {
      await completeIdempotencyKey(once.deps.db.kysely, entry, { status: 422, response: refusalOf(error) })
    } else {
      await releaseIdempotencyKey(once.deps.db.kysely, entry)
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
async function claim({ db, clock }: Deps, entry: Entry): Promise<Earlier | null> {
  const reservation = { ...entry, createdAt: clock.now() }
  const earlier = await reserveIdempotencyKey(db.kysely, reservation)
  if (earlier === null) return null
  const age = clock.nowMs() - earlier.createdAt.getTime()
  const isStale = age > (earlier.status === null ? LEASE_MS : KEPT_MS)
  if (isStale && (await takeOver({ db, clock }, earlier, entry))) return null
  if (earlier.requestHash !== entry.requestHash) {
    throw new AppError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with another request')
  }
  if (earlier.status === null) {
    const message = 'A request with this Idempotency-Key is in progress'
    throw new AppError('CONFLICT', message, { retryAfterSeconds: 1 })
  }
  return { status: earlier.status, answer: earlier.response as StoredAnswer }
}

/** Of two that find the same stale entry, one gets it. */
async function takeOver(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  earlier: IdempotencyRecord,
  entry: Entry,
): Promise<boolean> {
  const result = await db.kysely
    .updateTable('idempotencyKeys')
    .set({ ...entry, status: null, response: null, createdAt: clock.now() })
    .where('principal', '=', entry.principal)
    .where('key', '=', entry.key)
    .where('createdAt', '=', earlier.createdAt)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

function replay<T>(response: ResponseState, { status, answer }: Earlier): T {
  response.headers['idempotent-replayed'] = 'true'
  if (answer.refusal !== undefined) {
    throw new AppError('RISK_REJECTED', answer.refusal.message, { details: answer.refusal.details })
  }
  response.status = status
  return answer.body as T
}

/**
 * An embedded database has one process: what is "in progress" when it starts was cut off, and its key may be tried
 * again at once. (On Postgres another instance may be at work; there the lease decides.)
 */
export async function releaseOrphanedKeys(db: Database): Promise<void> {
  if (db.kind !== 'pglite') return
  await db.kysely.deleteFrom('idempotencyKeys').where('status', 'is', null).execute()
}
