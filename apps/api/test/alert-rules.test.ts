import {
  acknowledgeAlert,
  findAlert,
  insertAlerts,
  insertStrategy,
  insertWebhook,
  listAlertRules,
  listDeliveries,
  type AlertRecord,
  type NewAlert,
} from '@quantdeck/db'
import { describeEngines, sampleAlert, sampleStrategy, sampleWebhook } from '@quantdeck/db/testing'
import { ensureDefined, MINUTE_MS, VirtualClock } from '@quantdeck/domain'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { Alerting } from '../src/features/alerts/alerting.ts'
import { startTestApi, type TestApi } from './harness.ts'

describeEngines('rules for alerts', (engine) => {
  let api: TestApi
  let clock: VirtualClock
  let risk: string
  let alerting: Alerting

  beforeEach(async () => {
    clock = new VirtualClock(Date.parse('2026-11-23T16:30:00Z'))
    api = await startTestApi({ engine, clock })
    risk = await api.enter(api.users.risk.userId)
    // What the house does by itself every two seconds, when this test says so.
    alerting = new Alerting(api.deps)
    await insertStrategy(api.deps.db.kysely, sampleStrategy({ ownerId: api.users.trader.userId }))
  })
  afterEach(async () => {
    await alerting.stop()
    await api.close()
  })

  const db = () => api.deps.db.kysely

  async function rule(kind: string): Promise<string> {
    return ensureDefined(
      (await listAlertRules(db())).find((one) => one.kind === kind),
      kind,
    ).ruleId
  }

  const patch = async (kind: string, body: object) =>
    api.call('PATCH', `/v1/alert-rules/${await rule(kind)}`, { token: risk, body })

  async function raise(over: Partial<NewAlert> = {}): Promise<AlertRecord | null> {
    const [alert = null] = await insertAlerts(db(), [
      sampleAlert({
        code: 'FEED_DOWN',
        strategyId: null,
        context: { symbol: 'AAPL' },
        createdAt: clock.now(),
        ...over,
      }),
    ])
    return alert
  }

  async function makeWebhook(): Promise<string> {
    // Nobody answers there: of that these tests do not want to hear.
    const kinds = ['kill_switch' as const, 'reconciliation_mismatch' as const, 'feed_stale' as const]
    const webhook = sampleWebhook({ createdAt: clock.now(), kinds })
    await insertWebhook(db(), webhook)
    return webhook.webhookId
  }

  async function told(webhookId: string): Promise<string[]> {
    const { deliveries } = await listDeliveries(db(), { webhookId }, { limit: 50, offset: 0 })
    return deliveries.toReversed().map(({ event, occurrence }) => `${event} ${occurrence}`)
  }

  async function pass(minutes: number): Promise<void> {
    clock.advanceBy(minutes * MINUTE_MS)
    await alerting.tellNew()
    await alerting.watch()
  }

  it('exist for every kind, and can be changed, made for a strategy and deleted', async () => {
    const list = await api.call('GET', '/v1/alert-rules', { token: risk })
    expect((list.body as { data: unknown[] }).data).toHaveLength(11)
    const body = { kind: 'cooldown', strategy_id: 'momentum_v1', severity: 'ERROR', repeat_minutes: 5 }
    const made = await api.call('POST', '/v1/alert-rules', { token: risk, body })
    expect(made.status).toBe(201)
    expect((await api.call('POST', '/v1/alert-rules', { token: risk, body })).status).toBe(409)
    const own = await raise({ code: 'COOLDOWN_STARTED', strategyId: 'momentum_v1' })
    expect(own?.severity).toBe('ERROR')
    const { rule_id: id } = (made.body as { data: { rule_id: string } }).data
    expect((await api.call('DELETE', `/v1/alert-rules/${id}`, { token: risk })).status).toBe(200)
    expect((await api.call('DELETE', `/v1/alert-rules/${id}`, { token: risk })).status).toBe(404)
    const unknown = { kind: 'cooldown', strategy_id: 'nobody_v1' }
    expect((await api.call('POST', '/v1/alert-rules', { token: risk, body: unknown })).status).toBe(404)
  })

  it('keep an alert from being raised, change its severity, and hold it back below the threshold', async () => {
    await patch('feed_stale', { severity: 'INFO', threshold: '10' })
    expect(await raise({ context: { symbol: 'AAPL', age_seconds: 599 } })).toBeNull()
    expect((await raise({ context: { symbol: 'AAPL', age_seconds: 600 } }))?.severity).toBe('INFO')
    await patch('feed_stale', { enabled: false })
    expect(await raise({ context: { symbol: 'AAPL', age_seconds: 900 } })).toBeNull()
  })

  it('make one of alerts about the same within their time, and only of those', async () => {
    await patch('feed_stale', { dedupe_minutes: 10 })
    expect(await raise()).not.toBeNull()
    expect(await raise({ context: { symbol: 'MSFT' } })).not.toBeNull()
    clock.advanceBy(9 * MINUTE_MS)
    expect(await raise()).toBeNull()
    clock.advanceBy(1 * MINUTE_MS)
    expect(await raise()).not.toBeNull()
  })

  it('cannot silence the kill switch or a reused token', async () => {
    for (const kind of ['kill_switch', 'refresh_reuse']) {
      for (const body of [{ enabled: false }, { severity: 'INFO' }, { dedupe_minutes: 5 }]) {
        expect((await patch(kind, body)).status, JSON.stringify(body)).toBe(400)
      }
      expect((await patch(kind, { repeat_minutes: 3 })).status).toBe(200)
    }
    expect((await patch('kill_switch', { threshold: '5' })).status).toBe(400)
    expect((await patch('cooldown', { escalate_webhook_id: 'nobody' })).status).toBe(400)
  })

  it('repeat the kill switch while it is active, acknowledged or not, and no longer', async () => {
    const webhookId = await makeWebhook()
    await patch('kill_switch', { repeat_minutes: 15, escalate_minutes: null })
    const admin = await api.enter(api.users.admin.userId)
    const press = (action: string) =>
      api.call('POST', '/v1/controls/kill-switch', { token: admin, body: { action, reason: 'drill' } })
    expect((await press('activate')).status).toBe(200)
    await pass(0)
    await pass(14)
    expect(await told(webhookId)).toEqual(['alert.raised 0'])
    await pass(1)
    await pass(15)
    expect(await told(webhookId)).toEqual(['alert.raised 0', 'alert.repeated 1', 'alert.repeated 2'])
    expect((await press('deactivate')).status).toBe(200)
    await pass(15)
    await pass(15)
    const after = (await told(webhookId)).slice(3)
    expect(after).toEqual(['alert.raised 0'])
  })

  it('escalate what nobody acknowledges, once, to whom the rule names', async () => {
    const webhookId = await makeWebhook()
    const duty = await makeWebhook()
    await patch('reconciliation_mismatch', {
      repeat_minutes: null,
      escalate_minutes: 10,
      escalate_webhook_id: duty,
    })
    const open = await raise({ code: 'LATE_FILL' })
    const handled = await raise({ code: 'LATE_FILL' })
    await pass(1)
    await acknowledgeAlert(db(), handled?.alertId ?? '', {
      acknowledgedAt: clock.now(),
      acknowledgedBy: 'me',
    })
    await pass(9)
    await pass(9)
    expect(await told(webhookId)).toEqual(['alert.raised 0', 'alert.raised 0'])
    expect(await told(duty)).toEqual(['alert.raised 0', 'alert.raised 0', 'alert.escalated 0'])
    const escalated = await findAlert(db(), open?.alertId ?? '', 'all')
    expect(escalated?.escalatedAt).toEqual(new Date(clock.nowMs() - 9 * MINUTE_MS))
  })

  it('tell of an acknowledgement after the alert, also when it comes before anybody was told', async () => {
    const webhookId = await makeWebhook()
    const early = await raise()
    const acknowledge = (alert: AlertRecord | null) =>
      api.call('PATCH', `/v1/alerts/${alert?.alertId}/acknowledge`, { token: risk })
    expect((await acknowledge(early)).status).toBe(200)
    await pass(0)
    const late = await raise({ context: { symbol: 'MSFT' } })
    await pass(0)
    expect((await acknowledge(late)).status).toBe(200)
    expect(await told(webhookId)).toEqual([
      'alert.raised 0',
      'alert.acknowledged 0',
      'alert.raised 0',
      'alert.acknowledged 0',
    ])
  })

  it('send to a webhook only what it wants, and nothing that was raised before it was there', async () => {
    await raise()
    const wants = sampleWebhook({ createdAt: clock.now(), minSeverity: 'ERROR', kinds: ['feed_stale'] })
    clock.advanceBy(1_000)
    await insertWebhook(db(), { ...wants, createdAt: clock.now() })
    await raise({ severity: 'WARNING', context: { symbol: 'A' } })
    await raise({ severity: 'CRITICAL', code: 'MODEL_CRITICAL' })
    await raise({ severity: 'ERROR', context: { symbol: 'B' } })
    await pass(0)
    expect(await told(wants.webhookId)).toEqual(['alert.raised 0'])
  })
})
