import { formatInstant } from '@quantdeck/domain'

/** A sealed outbox row: what happened, in commit order, without gaps. */
export interface OutboxEvent {
  readonly sequence: number
  readonly topic: string
  /** The strategy it is about; null for what concerns the account or the house. */
  readonly key: string | null
  readonly payload: unknown
  readonly createdAt: Date
}

/** What everybody may see, whatever strategies are in sight. */
const COMMON_TOPICS = new Set(['kill_switch', 'market_status'])
/** Topics of the literal stream and the `type` of their messages. */
const LITERAL_TYPES: Record<string, 'signal' | 'market_status'> = {
  signals: 'signal',
  market_status: 'market_status',
}
export const LITERAL_TOPICS = ['signals', 'market_status'] as const

export interface LiteralMessage {
  type: 'signal' | 'market_status' | 'heartbeat'
  timestamp: string
  data: unknown
  sequence: number
  gap?: true
}

export function literalMessage(event: OutboxEvent): LiteralMessage | null {
  const type = LITERAL_TYPES[event.topic]
  if (type === undefined) return null
  const { payload, sequence } = event
  return { type, timestamp: formatInstant(event.createdAt), data: payload, sequence }
}

/** Read anew every few seconds; a Set, because it is asked for each event and subscriber. */
export type Sight = 'all' | ReadonlySet<string>

export function isInSight(event: Pick<OutboxEvent, 'topic' | 'key'>, sight: Sight): boolean {
  if (sight === 'all' || COMMON_TOPICS.has(event.topic)) return true
  return event.key !== null && sight.has(event.key)
}
