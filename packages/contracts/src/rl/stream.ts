import * as z from 'zod'
import { instant, marketStatus, offsetInstant, signalType } from '../common.ts'

/** The WebSocket's path. */
export const STREAM_PATH = '/ws/trading-signals'

/** Seconds between two heartbeats. */
export const HEARTBEAT_SECONDS = 30

/** Close codes beyond those of RFC 6455. */
export const STREAM_CLOSE_CODES = {
  unauthorized: 4401,
  forbidden: 4403,
  tooSlow: 1013,
  restart: 1012,
} as const

/** Query parameters of the connection request, as text; an invalid value is refused with 400. */
export const rlStreamQuery = z
  .object({
    since: z
      .string()
      .regex(/^(?:0|[1-9]\d{0,14})$/)
      .optional()
      .describe('Replay what came after this sequence (exclusive)'),
    snapshot: z.enum(['0', '1']).optional().describe("1: first each strategy's latest signal"),
    ticket: z.string().min(1).max(256).optional().describe('Single-use, 30 s; instead of a header'),
  })
  .meta({ id: 'RlStreamQuery' })

/** `data` of a signal message. */
export const rlStreamSignalData = z
  .object({
    strategy_code: z.string(),
    signal: signalType,
    confidence: z.number().min(0).max(1),
    price: z.number().describe('Quote currency per unit'),
    reasoning: z.string(),
    symbol: z.string(),
  })
  .meta({ id: 'RlStreamSignalData', 'x-added-fields': ['symbol'] })

/** `data` of a heartbeat. */
export const rlStreamHeartbeatData = z
  .object({ server_time: instant, connected_clients: z.int().min(0) })
  .meta({ id: 'RlStreamHeartbeatData' })

/** `data` of a market status message. */
export const rlStreamMarketStatusData = z
  .object({
    status: marketStatus,
    next_open: offsetInstant.optional().describe("With the exchange's own offset"),
    next_close: offsetInstant.optional().describe("With the exchange's own offset"),
  })
  .meta({ id: 'RlStreamMarketStatusData' })

const addedShape = {
  sequence: z.int().min(0).describe('Rises in commit order; pass it as `since` to resume'),
  gap: z.literal(true).optional().describe('Only on the first message of a replay that had to skip some'),
}
const ADDED = ['sequence', 'gap']

/** A new signal. */
export const rlStreamSignalMessage = z
  .object({ type: z.literal('signal'), timestamp: instant, data: rlStreamSignalData, ...addedShape })
  .meta({ id: 'RlStreamSignalMessage', 'x-added-fields': ADDED })

/** Sent every 30 s. */
export const rlStreamHeartbeatMessage = z
  .object({ type: z.literal('heartbeat'), timestamp: instant, data: rlStreamHeartbeatData, ...addedShape })
  .meta({ id: 'RlStreamHeartbeatMessage', 'x-added-fields': ADDED })

/** Sent on connect and on every change. */
export const rlStreamMarketStatusMessage = z
  .object({
    type: z.literal('market_status'),
    timestamp: instant,
    data: rlStreamMarketStatusData,
    ...addedShape,
  })
  .meta({ id: 'RlStreamMarketStatusMessage', 'x-added-fields': ADDED })

/** Whatever the server sends as JSON; a text `ping` is answered with the bare text `pong`. */
export const rlStreamMessage = z
  .discriminatedUnion('type', [rlStreamSignalMessage, rlStreamHeartbeatMessage, rlStreamMarketStatusMessage])
  .meta({ id: 'RlStreamMessage' })

/** A new signal. */
export type RlStreamSignalMessage = z.infer<typeof rlStreamSignalMessage>
/** A heartbeat. */
export type RlStreamHeartbeatMessage = z.infer<typeof rlStreamHeartbeatMessage>
/** A market status. */
export type RlStreamMarketStatusMessage = z.infer<typeof rlStreamMarketStatusMessage>
/** Any message of the stream. */
export type RlStreamMessage = z.infer<typeof rlStreamMessage>
/** Query of the connection request. */
export type RlStreamQuery = z.infer<typeof rlStreamQuery>
