import { describeEngines } from '@quantdeck/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { startTestApi, type TestApi } from './harness.ts'
import { WebhookReceiver } from './harness/webhook-receiver.ts'

interface CreatedWebhook {
  webhook_id: string
  url_hint: string
  secret: string
}

describeEngines('a webhook', (engine) => {
  let api: TestApi
  let admin: string
  let receiver: WebhookReceiver

  beforeAll(async () => {
    api = await startTestApi({ engine, env: { WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8' } })
    admin = await api.enter(api.users.admin.userId)
    await api.confirm(admin)
    receiver = await WebhookReceiver.start()
  })
  afterAll(async () => {
    await receiver.close()
    await api.close()
  })

  async function create(body: object): Promise<CreatedWebhook> {
    const answer = await api.call('POST', '/v1/webhooks', { token: admin, body })
    expect(answer.status, answer.text).toBe(201)
    return (answer.body as { data: CreatedWebhook }).data
  }

  const killSwitch = (action: 'activate' | 'deactivate') =>
    api.call('POST', '/v1/controls/kill-switch', { token: admin, body: { action, reason: 'drill' } })

  it('is told of a real alert within five seconds, in a message that the standard library verifies', async () => {
    const { secret, webhook_id: webhookId, url_hint: hint } = await create({ name: 'ops', url: receiver.url })
    receiver.secret = secret
    expect(hint).toBe(`http://127.0.0.1:${receiver.port}/…`)
    const startedMs = performance.now()
    expect((await killSwitch('activate')).status).toBe(200)
    await expect.poll(() => receiver.received.length, { timeout: 5_000 }).toBe(1)
    const [message] = receiver.received
    expect((message?.atMs ?? 0) - startedMs).toBeLessThan(5_000)
    expect(message).toMatchObject({
      isVerified: true,
      body: {
        type: 'alert.raised',
        data: {
          code: 'KILL_SWITCH_ACTIVATED',
          kind: 'kill_switch',
          severity: 'CRITICAL',
          acknowledged: false,
        },
      },
    })
    // The receiver knows before the log does.
    await api.deps.webhooks.worker.flush()
    const log = await api.call('GET', `/v1/webhooks/${webhookId}/deliveries`, { token: admin })
    expect(log.body).toMatchObject({
      data: [
        {
          delivery_id: message?.id,
          event: 'alert.raised',
          status: 'DELIVERED',
          attempts: 1,
          last_status: 200,
        },
      ],
      meta: { total_count: 1 },
    })
  })
})
