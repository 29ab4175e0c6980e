import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'

import { bodyOf, type Message } from './body.ts'
import { MAX_ATTEMPTS, retryDelayMs } from './send.ts'
import { newSigningSecret, signatureHeaders } from './signature.ts'

const message: Message = {
  type: 'alert.escalated',
  timestamp: '2026-01-07T16:30:00Z',
  data: {
    severity: 'CRITICAL',
    code: 'KILL_SWITCH_ACTIVATED',
    message: 'Kill switch activated by <!channel> & co',
    strategy_id: 'momentum_v1',
    created_at: '2026-01-07T16:20:00Z',
  },
}

describe('the body of a message', () => {
  it('is the message itself in the format json', () => {
    expect(JSON.parse(bodyOf(message, { format: 'json', chatId: null }))).toEqual(message)
  })

  it('is a text for people in Slack, where nothing of it is markup', () => {
    expect(JSON.parse(bodyOf(message, { format: 'slack', chatId: null }))).toEqual({
      text: '[CRITICAL] Not acknowledged: Kill switch activated by &lt;!channel&gt; &amp; co\nstrategy momentum_v1\nKILL_SWITCH_ACTIVATED · 2026-01-07T16:20:00Z',
    })
  })

  it('is the same as plain text in Telegram, to the chat, and never longer than Telegram takes', () => {
    const long = { ...message, data: { ...message.data, message: 'x'.repeat(9_000) } }
    const body = JSON.parse(bodyOf(long, { format: 'telegram', chatId: '-100' })) as { text: string }
    expect(body).toMatchObject({ chat_id: '-100', link_preview_options: { is_disabled: true } })
    expect(body.text.length).toBeLessThanOrEqual(4_096)
  })
})

describe('the signature', () => {
  const at = new Date()
  const body = '{"type":"alert.raised","text":"ñ"}'

  it("is what the standard's own library computes and verifies", () => {
    const secret = newSigningSecret()
    const headers = signatureHeaders({ id: 'msg_1', at, body }, [secret])
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign('msg_1', at, body))
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow(WebhookVerificationError)
    expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow()
  })

  it('holds for either secret while one is replaced', () => {
    const [old, fresh] = [newSigningSecret(), newSigningSecret()]
    const headers = signatureHeaders({ id: 'msg_1', at, body }, [fresh, old])
    for (const secret of [old, fresh]) expect(() => new Webhook(secret).verify(body, headers)).not.toThrow()
    expect(() => new Webhook(newSigningSecret()).verify(body, headers)).toThrow(WebhookVerificationError)
  })
})

describe('the back-off', () => {
  it('doubles from 5 s to an hour, with jitter between half and all of it', () => {
    expect([1, 2, 3, 12, 18].map((n) => retryDelayMs(n, null, 1 - Number.EPSILON) / 1000)).toEqual([
      5, 10, 20, 3600, 3600,
    ])
    expect(retryDelayMs(1, null, 0) / 1000).toBe(2.5)
  })

  it('waits as long as the receiver asks for, if that is longer', () => {
    expect(retryDelayMs(1, 120, 0.5)).toBe(120_000)
    expect(retryDelayMs(10, 1, 0)).toBeGreaterThan(1_000_000)
  })

  it('gives up after most of a night', () => {
    const hours = (random: number) =>
      Array.from({ length: MAX_ATTEMPTS - 1 }, (_, n) => retryDelayMs(n + 1, null, random)).reduce(
        (a, b) => a + b,
      ) / 3_600_000
    expect(hours(0)).toBeGreaterThan(4)
    expect(hours(0.999)).toBeLessThan(10)
  })
})
