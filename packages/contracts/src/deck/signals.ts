import * as z from 'zod'
import {
  dateRange,
  id,
  instant,
  lineInput,
  money,
  offsetInstant,
  pageMeta,
  pagination,
  price,
  signalOutcome,
  signalType,
  strategyIdInput,
  symbolInput,
  textInput,
  tradeSide,
  violation,
} from '../common.ts'
import { BODY_LIMITS, endpoint } from '../endpoint.ts'

/** The smallest price that the wire writes as a decimal anywhere. */
const positiveNumber = z.number().min(1e-8).max(1e12)

const itemShape = {
  strategy_code: strategyIdInput,
  symbol: symbolInput,
  signal: signalType,
  confidence: z.number().min(0).max(1),
  size: z.number().min(0).max(1).describe('Fraction of the allocation'),
  entry_price: positiveNumber.optional().describe('Quote currency per unit; the last price unless given'),
  stop_loss: positiveNumber.optional().describe('Quote currency per unit'),
  take_profit: positiveNumber.optional().describe('Quote currency per unit'),
  reasoning: textInput(2000).optional(),
  timestamp: offsetInstant.optional().describe('When the model made it; now unless given'),
  client_signal_id: lineInput(128)
    .optional()
    .describe('A repeated id of the same strategy answers the first outcome and acts no second time'),
}

/** Largest number of signals in one request. */
export const MAX_SIGNALS = 500

/** One signal as a trading service posts it. */
export const deckSignalInput = z.strictObject(itemShape).meta({ id: 'DeckSignalInput' })

const ITEM_FIELDS = Object.keys(itemShape)

const bodyFields = z
  .strictObject(itemShape)
  .partial()
  .extend({
    signals: z.array(deckSignalInput).min(1).max(MAX_SIGNALS).optional().describe('Several signals at once'),
  })

/** Either the fields of one signal, or `signals` alone: what `toSignalItems` tells apart. */
export const deckSignalsBody = bodyFields.superRefine((body, context) => {
  if (body.signals !== undefined) {
    for (const field of ITEM_FIELDS) {
      if (field in body) {
        context.addIssue({ code: 'custom', path: [field], message: 'Not allowed beside signals' })
      }
    }
    return
  }
  for (const field of ['strategy_code', 'symbol', 'signal', 'confidence', 'size'] as const) {
    if (body[field] === undefined) context.addIssue({ code: 'custom', path: [field], message: 'Required' })
  }
})

/** One signal as it is posted. */
export type DeckSignalInput = z.infer<typeof deckSignalInput>

/** The signals of a validated body, whichever form it had. */
export function toSignalItems(body: z.infer<typeof deckSignalsBody>): DeckSignalInput[] {
  if (body.signals !== undefined) return body.signals
  const { signals: _signals, ...item } = body
  return [deckSignalInput.parse(item)]
}

/** What became of one posted signal. */
export const deckSignalResult = z
  .object({
    signal_id: id,
    client_signal_id: z.string().nullable(),
    strategy_code: z.string(),
    symbol: z.string(),
    signal: signalType,
    side: tradeSide,
    risk_usd: z.number().describe('USD'),
    outcome: signalOutcome,
    order_ids: z.array(id),
    violations: z.array(violation).describe('Why there is no order: refused checks, or why none was needed'),
    duplicate: z.boolean().describe('The outcome of an earlier signal with this client_signal_id'),
  })
  .meta({ id: 'DeckSignalResult' })

/** What became of posted signals, in their order. */
export const deckSignalsPostResponse = z
  .object({ timestamp: instant, results: z.array(deckSignalResult) })
  .meta({ id: 'DeckSignalsPostResponse' })

/** A signal of the history. */
export const deckSignal = z
  .object({
    signal_id: id,
    strategy_id: id,
    symbol: z.string(),
    signal: signalType,
    side: tradeSide,
    confidence: z.number().min(0).max(1),
    size: z.number().min(0).max(1).describe('Fraction of the allocation'),
    entry_price: price.nullable(),
    stop_loss: price.nullable(),
    take_profit: price.nullable(),
    risk_usd: money,
    reasoning: z.string(),
    signal_at: instant.describe('When the model made it'),
    received_at: instant,
    client_signal_id: z.string().nullable(),
    outcome: signalOutcome,
    order_ids: z.array(id),
    violations: z.array(violation),
  })
  .meta({ id: 'DeckSignal' })

/** A page of signals. */
export const deckSignalListResponse = z
  .object({ data: z.array(deckSignal), meta: pageMeta })
  .meta({ id: 'DeckSignalListResponse' })

const post = endpoint(
  {
    method: 'POST',
    path: '/api/signals',
    summary: 'Post one signal or several',
    description:
      'Every signal goes through risk; the answer holds its order ids or the violations that stopped it.',
    tags: ['Signals'],
    access: { role: 'trader', scope: 'signals' },
    rateLimit: 'ingest',
    status: 202,
    errors: [404, 409, 422],
    idempotent: true,
    maxBodyBytes: BODY_LIMITS.ingestion,
    operationId: 'post_signals',
  },
  deckSignalsBody,
  deckSignalsPostResponse,
)

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/signals',
    summary: 'List signals with their outcomes, recent first',
    tags: ['Signals'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'list_signals',
  },
  z.object({
    strategy_id: strategyIdInput.optional(),
    symbol: symbolInput.optional(),
    signal: signalType.optional(),
    outcome: signalOutcome.optional(),
    ...dateRange,
    ...pagination,
  }),
  deckSignalListResponse,
)

/** Posting and history of signals. */
export const deckSignals = { post, list }
