import {
  disableWebhook,
  insertAlerts,
  insertDeliveries,
  insertWebhook,
  leaseDeliveries,
  listAudit,
  listAlerts,
  listAttempts,
  listDeliveries,
  openDatabase,
  recordAttempt,
  type Database,
  type NewWebhookDelivery,
} from '@quantdeck/db'
import {
  createTestDatabase,
  describeEngines,
  sampleAlert,
  sampleWebhook,
  type TestDatabase,
} from '@quantdeck/db/testing'
import { ensureDefined, MINUTE_MS, VirtualClock } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { createLogger } from '../src/log.ts'
import { newSigningSecret } from '../src/features/webhooks/signature.ts'
import { type Lookup, TargetAddresses } from '../src/features/webhooks/target-address.ts'
import { WebhookVault } from '../src/features/webhooks/vault.ts'
import { WebhookWorker } from '../src/features/webhooks/worker.ts'
import { picker } from './audit/tampering.ts'
import { SECRET } from './harness.ts'
import {
  cut,
  fail,
  redirect,
  stall,
  take,
  WebhookReceiver,
  type Behaviour,
} from './harness/webhook-receiver.ts'

const EVENTS = ['alert.raised', 'alert.repeated', 'alert.acknowledged'] as const
/** Instead of ten seconds. */
const TIMEOUT_MS = 1_000
const ALERTS = Number(process.env['WEBHOOK_ALERTS'] ?? 15)

describeEngines('deliveries', (engine) => {
  let test: TestDatabase
  let db: Database
  let clock: VirtualClock
  let receiver: WebhookReceiver
  const vault = new WebhookVault(SECRET)

  beforeEach(async () => {
    test = await createTestDatabase(engine)
    db = test.db
    // The library accepts five minutes around the real time: some past, some to come.
    clock = new VirtualClock(Date.now() - 4 * MINUTE_MS)
    receiver = await WebhookReceiver.start()
    receiver.secret = newSigningSecret()
  })
  afterEach(async () => {
    await receiver.close()
    await test.close()
  })

  function workerOn(on: Database, options: { allow?: string[]; lookup?: Lookup; secret?: string } = {}) {
    const { allow = ['127.0.0.0/8'], lookup, secret = SECRET } = options
    return new WebhookWorker(
      {
        db: on,
        clock,
        log: createLogger('silent'),
        vault: new WebhookVault(secret),
        addresses: new TargetAddresses(allow, lookup),
        wakeSealer: () => {},
      },
      { timeoutMs: TIMEOUT_MS },
    )
  }

  async function makeWebhook(url = receiver.url, secret = receiver.secret): Promise<string> {
    const webhook = sampleWebhook({
      urlSealed: vault.seal(url),
      secretSealed: vault.seal(secret),
      createdAt: clock.now(),
    })
    await insertWebhook(db.kysely, webhook)
    return webhook.webhookId
  }

  /** Alerts with everything that happens to them, one after the other. */
  async function makeDeliveries(webhookId: string, count: number): Promise<NewWebhookDelivery[]> {
    const alerts = await insertAlerts(
      db.kysely,
      Array.from({ length: count }, () => sampleAlert({ createdAt: clock.now() })),
    )
    const made = EVENTS.flatMap((event) =>
      alerts.map(({ alertId }) => ({
        deliveryId: randomUUID(),
        webhookId,
        alertId,
        event,
        occurrence: event === 'alert.repeated' ? 1 : 0,
        payload: { type: event, timestamp: clock.now().toISOString(), data: { alert_id: alertId } },
        createdAt: clock.now(),
      })),
    )
    await insertDeliveries(db.kysely, made)
    return made
  }

  async function logOf(webhookId: string) {
    const { deliveries } = await listDeliveries(db.kysely, { webhookId }, { limit: 1_000, offset: 0 })
    return deliveries
  }

  async function until(isDone: () => Promise<boolean>, workers: WebhookWorker[]): Promise<void> {
    for (let round = 0; round < 90 && !(await isDone()); round++) {
      await Promise.all(workers.map((worker) => worker.flush()))
      clock.advanceBy(5_000)
      // Where a round takes longer than that, its messages would be too old for the library in the end.
      const oldest = new Date(Date.now() - 4 * MINUTE_MS)
      if (clock.now() < oldest) clock.advanceTo(oldest)
    }
    expect(await isDone()).toBe(true)
  }

  it(
    'arrive exactly once by id and in order per alert, whatever the receiver does, from two processes',
    async () => {
      const trap = await WebhookReceiver.start()
      const pick = picker(7)
      const moods: Behaviour[] = [take, take, take, take, take, fail, cut, stall, redirect(trap.url)]
      // Whatever it did to a message four times, it takes it then.
      const triesOf = (id: string) => receiver.received.filter((one) => one.id === id).length
      receiver.behave = ({ id }) => (triesOf(id) > 4 ? take : (moods[pick(moods.length)] ?? take))
      const webhookId = await makeWebhook()
      const made = await makeDeliveries(webhookId, ALERTS)
      const second = db.url === undefined ? db : await openDatabase({ url: db.url })
      const workers = [workerOn(db), workerOn(second)]
      await until(async () => (await logOf(webhookId)).every(({ status }) => status === 'DELIVERED'), workers)
      await Promise.all(workers.map((worker) => worker.stop()))
      if (second !== db) await second.close()

      expect(receiver.distinct.map(({ id }) => id).sort()).toEqual(
        made.map(({ deliveryId }) => deliveryId).sort(),
      )
      expect(receiver.received.length).toBeGreaterThan(made.length)
      expect(receiver.received.every(({ isVerified }) => isVerified)).toBe(true)
      for (const { id, text } of receiver.received) {
        expect(text).toBe(
          ensureDefined(
            receiver.distinct.find((first) => first.id === id),
            id,
          ).text,
        )
      }
      for (const alertId of new Set(made.map((one) => one.alertId))) {
        const seen = receiver.distinct.filter(({ body }) => body.data['alert_id'] === alertId)
        expect(seen.map(({ body }) => body.type)).toEqual([...EVENTS])
      }
      expect(trap.received).toEqual([])
      await trap.close()
    },
    // One that stalls is tried up to five times, and the machine may have company.
    30_000 + ALERTS * 5 * TIMEOUT_MS,
  )

  it('are refused to a private address without a connection, given up at once, and somebody is told', async () => {
    const webhookId = await makeWebhook()
    await makeDeliveries(webhookId, 1)
    const worker = workerOn(db, { allow: ['10.0.0.0/8'] })
    await worker.flush()
    await worker.flush()
    expect(receiver.received).toEqual([])
    const log = await logOf(webhookId)
    expect(log.map(({ status, attempts, lastError }) => [status, attempts, lastError])).toEqual(
      log.map(() => ['FAILED', 1, 'The target is not on the public internet']),
    )
    const { alerts } = await listAlerts(db.kysely, { visible: 'all' }, { limit: 10, offset: 0 })
    expect(alerts.filter(({ code }) => code === 'WEBHOOK_FAILED')).toHaveLength(1)
  })

  it('go to the address that was judged, though the name has another one a moment later', async () => {
    const answers = ['127.0.0.1', '10.0.0.1']
    const lookup: Lookup = async () => [{ address: answers.shift() ?? '', family: 4 }]
    const webhookId = await makeWebhook(`http://rebinding.example.com:${receiver.port}/hook`)
    await makeDeliveries(webhookId, 1)
    const worker = workerOn(db, { lookup, allow: ['127.0.0.1/32'] })
    await worker.flush()
    expect(receiver.received.map(({ headers }) => headers['host'])).toEqual([
      `rebinding.example.com:${receiver.port}`,
    ])
    // The next message asks anew, and the name now leads inside.
    await worker.flush()
    expect(receiver.received).toHaveLength(1)
  })

  it('of a process that was killed are sent by another one, and its own late result counts no more', async () => {
    const webhookId = await makeWebhook()
    const [made] = await makeDeliveries(webhookId, 1)
    const now = clock.now()
    const lease = { leaseId: randomUUID(), now, until: new Date(now.getTime() + 60_000) }
    const [taken] = await leaseDeliveries(db.kysely, webhookId, 1, lease)
    const worker = workerOn(db)
    await worker.flush()
    expect(receiver.received).toEqual([])
    clock.advanceBy(60_000)
    await worker.flush()
    expect(receiver.distinct[0]?.id).toBe(made?.deliveryId)
    const late = { at: clock.now(), durationMs: 1, status: 500, error: 'late', retryAt: clock.now() }
    const delivery = ensureDefined(taken, 'the leased one')
    expect(await recordAttempt(db.kysely, delivery, lease.leaseId, late)).toBe(false)
    expect((await logOf(webhookId)).every(({ status }) => status === 'DELIVERED')).toBe(true)
  })

  it('are tried again later and later, each try in the log, and not before the receiver wants', async () => {
    receiver.behave = () => (response) => void response.writeHead(503, { 'retry-after': '100' }).end()
    const webhookId = await makeWebhook()
    await makeDeliveries(webhookId, 1)
    const worker = workerOn(db)
    await worker.flush()
    const [first] = (await logOf(webhookId)).toReversed()
    const delivery = ensureDefined(first, 'a delivery')
    expect(delivery).toMatchObject({ status: 'PENDING', attempts: 1, lastStatus: 503 })
    expect(delivery.nextAttemptAt.getTime() - clock.nowMs()).toBe(100_000)
    receiver.behave = () => take
    clock.advanceBy(99_000)
    await worker.flush()
    expect(receiver.received).toHaveLength(1)
    clock.advanceBy(1_000)
    await worker.flush()
    const tries = await listAttempts(db.kysely, delivery.deliveryId)
    expect(tries.map(({ attempt, status, error }) => [attempt, status, error])).toEqual([
      [1, 503, 'Answered with status 503'],
      [2, 200, null],
    ])
  })

  it('stop when the receiver is gone, which disables the webhook and is audited', async () => {
    receiver.behave = () => (response) => void response.writeHead(410).end()
    const webhookId = await makeWebhook()
    await makeDeliveries(webhookId, 3)
    await workerOn(db).flush()
    expect((await logOf(webhookId)).every(({ status }) => status === 'FAILED')).toBe(true)
    const { entries } = await listAudit(db.kysely, { entity: 'webhook' }, { limit: 10, offset: 0 })
    expect(entries.map(({ action, actorLabel }) => [action, actorLabel])).toEqual([
      ['webhook.disable', 'webhooks'],
    ])
    expect(await disableWebhook(db.kysely, webhookId, { reason: 'again', at: clock.now() })).toBe(false)
  })

  it('to one receiver are not held up by another one that stalls', async () => {
    const silent = await WebhookReceiver.start()
    silent.behave = () => stall
    const stalled = await makeWebhook(silent.url)
    const webhookId = await makeWebhook()
    await makeDeliveries(stalled, 20)
    await makeDeliveries(webhookId, 3)
    const worker = workerOn(db)
    worker.wake()
    await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBe(9)
    expect(silent.received.length).toBeLessThanOrEqual(8)
    await disableWebhook(db.kysely, stalled, { reason: 'test', at: clock.now() })
    await worker.stop()
    await silent.close()
  })

  it('are interrupted by a stop, and tried again after the next start', async () => {
    receiver.behave = () => stall
    const webhookId = await makeWebhook()
    await makeDeliveries(webhookId, 1)
    const worker = workerOn(db)
    worker.wake()
    await expect.poll(() => receiver.received.length).toBe(1)
    const startedMs = performance.now()
    await worker.stop()
    expect(performance.now() - startedMs).toBeLessThan(TIMEOUT_MS)
    receiver.behave = () => take
    clock.advanceBy(5_000)
    await workerOn(db).flush()
    expect(new Set(receiver.received.slice(0, 2).map(({ id }) => id)).size).toBe(1)
    expect((await logOf(webhookId)).every(({ status }) => status === 'DELIVERED')).toBe(true)
  })

  it('succeed by their status alone: neither an endless nor a huge answer is read', async () => {
    receiver.behave = () => (response) => {
      response.writeHead(200)
      response.write('x'.repeat(1_000_000))
    }
    const webhookId = await makeWebhook()
    await makeDeliveries(webhookId, 1)
    await workerOn(db).flush()
    expect((await logOf(webhookId)).every(({ status }) => status === 'DELIVERED')).toBe(true)
  })

  it('say so when JWT_SECRET is another one than when the webhook was made', async () => {
    const webhookId = await makeWebhook()
    await makeDeliveries(webhookId, 1)
    await workerOn(db, { secret: 'another secret of the tests, long enough' }).flush()
    expect((await logOf(webhookId)).at(-1)?.lastError).toContain('JWT_SECRET has changed')
  })
})
