import type { Webhook } from '@quantdeck/db'
import type { JsonValue } from '@quantdeck/domain'

/** The message as it is stored with a delivery: the form that Standard Webhooks recommends. */
export interface Message {
  type: string
  timestamp: string
  data: Record<string, JsonValue>
}

/** The bytes that a receiver gets: as they are, or as text for people. */
export function bodyOf(message: Message, { format, chatId }: Pick<Webhook, 'format' | 'chatId'>): string {
  if (format === 'json') return JSON.stringify(message)
  const text = textOf(message)
  if (format === 'slack') return JSON.stringify({ text: escapeSlack(text) })
  return JSON.stringify({ chat_id: chatId, text, link_preview_options: { is_disabled: true } })
}

const HEADINGS: Record<string, string> = {
  'alert.raised': '',
  'alert.repeated': 'Still active: ',
  'alert.escalated': 'Not acknowledged: ',
  'alert.acknowledged': 'Acknowledged: ',
  'webhook.test': 'Test: ',
}

/** Telegram takes 4,096 characters. */
const MAX_TEXT = 3_500

function textOf({ type, data }: Message): string {
  const by = type === 'alert.acknowledged' ? `\nby ${shown(data['acknowledged_by'])}` : ''
  const strategy = typeof data['strategy_id'] === 'string' ? `\nstrategy ${data['strategy_id']}` : ''
  const line = `[${shown(data['severity'])}] ${HEADINGS[type] ?? ''}${shown(data['message'])}`
  return `${line}${strategy}${by}\n${shown(data['code'])} · ${shown(data['created_at'])}`.slice(0, MAX_TEXT)
}

function shown(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Slack reads these three as markup: a message must not mention everybody in a channel. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
