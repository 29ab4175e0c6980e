import { completeIdempotencyKey, reserveIdempotencyKey } from '@quantdeck/db'
import { endpoint } from '@quantdeck/contracts'
import { AppError, MINUTE_MS, VirtualClock } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'

import { systemActor } from '../src/auth/actor.ts'
import { runOnce } from '../src/rest/idempotency.ts'
import { newResponseState } from '../src/trpc/context.ts'
import { startTestApi, type TestApi } from './harness.ts'

let api: TestApi
const clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))

beforeAll(async () => {
  api = await startTestApi({ clock })
})

afterAll(() => api.close())

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/things',
    summary: 'Create',
    operationId: 'create_thing',
    tags: ['Test'],
    access: { role: 'trader' },
    rateLimit: 'write',
    status: 201,
    idempotent: true,
  },
  z.object({ name: z.string() }),
  z.object({ id: z.string() }),
)

const actor = systemActor('test')

function once(key: string, input: unknown) {
  const response = newResponseState()
  const run = <T>(work: (id: string) => Promise<T>) =>
    runOnce({ deps: api.deps, actor, response, endpoint: create, key, input }, work)
  return { run, response }
}

describe('Idempotency-Key', () => {
  it('runs the work once and replays status and body, whatever the order of the fields', async () => {
    let runs = 0
    const work = async (id: string) => ({ id, runs: ++runs })
    const first = await once('a', { name: 'x', size: 1 }).run(work)
    const again = once('a', { size: 1, name: 'x' })
    expect(await again.run(work)).toEqual(first)
    expect(runs).toBe(1)
    expect(again.response).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' } })
  })

  it('refuses the key for another body, and while the first is in progress', async () => {
    await once('b', { name: 'x' }).run(async (id) => ({ id }))
    await expect(once('b', { name: 'y' }).run(async (id) => ({ id }))).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    let release = () => {}
    const slow = once('c', {}).run(() => new Promise<object>((resolve) => (release = () => resolve({}))))
    await expect
      .poll(() =>
        once('c', {})
          .run(async () => ({}))
          .catch((error: unknown) => (error as AppError).code),
      )
      .toBe('CONFLICT')
    release()
    await slow
  })

  it('has one effect for 50 at once', async () => {
    let runs = 0
    const attempts = Array.from({ length: 50 }, () =>
      once('d', { name: 'x' })
        .run(async (id) => ({ id, runs: ++runs }))
        .catch((error: unknown) => (error as AppError).code),
    )
    const results = await Promise.all(attempts)
    expect(runs).toBe(1)
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBeLessThanOrEqual(2)
  })

  it('stores a refusal by risk as the outcome, and frees the key after any other failure', async () => {
    const refusal = new AppError('RISK_REJECTED', 'Refused', { details: [{ code: 'R01', message: 'no' }] })
    await expect(once('e', {}).run(() => Promise.reject(refusal))).rejects.toBe(refusal)
    const replayed = once('e', {})
    await expect(replayed.run(async () => ({}))).rejects.toMatchObject({
      code: 'RISK_REJECTED',
      details: [{ code: 'R01', message: 'no' }],
    })
    await expect(once('f', {}).run(() => Promise.reject(new Error('x')))).rejects.toThrow('x')
    expect(await once('f', {}).run(async () => ({ ok: true }))).toEqual({ ok: true })
  })

  it('gives a retry after a crash the same id, once the dead attempt has timed out', async () => {
    const ids: string[] = []
    await once('g', {})
      .run(async (id) => {
        ids.push(id)
        throw new Error('x')
      })
      .catch(() => {})
    const principal = 'ip:unknown'
    const requestHash = api.deps.auth.fingerprint('create_thing\n{}')
    const reservation = {
      principal,
      key: 'g',
      operation: 'create_thing',
      requestHash,
      createdAt: clock.now(),
    }
    expect(await reserveIdempotencyKey(api.deps.db.kysely, reservation)).toBeNull()
    await expect(once('g', {}).run(async (id) => ids.push(id))).rejects.toMatchObject({ code: 'CONFLICT' })
    clock.advanceBy(2 * MINUTE_MS + 1)
    await once('g', {}).run(async (id) => ids.push(id))
    expect(ids).toHaveLength(2)
    expect(ids[0]).toBe(ids[1])
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    await completeIdempotencyKey(api.deps.db.kysely, reservation, { status: 201, response: {} })
  })
})
