import * as z from 'zod'
import {
  contractType,
  instant,
  lineInput,
  positiveDecimalInput,
  price,
  storedDecimal,
  symbolInput,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { intervalSeconds } from './interval-seconds.ts'

/** What can be traded, and in which steps. */
export const deckInstrument = z
  .object({
    symbol: z.string(),
    contract_type: contractType,
    currency: z.string().describe('Quote currency, ISO 4217'),
    tick_size: storedDecimal,
    lot_size: storedDecimal,
    min_quantity: storedDecimal,
    max_quantity: storedDecimal.nullable(),
    multiplier: storedDecimal.describe('Quote currency per unit and price point'),
    price_decimals: z.int().min(0),
    quantity_decimals: z.int().min(0),
    calendar: z.string(),
    bar_interval_seconds: z.int(),
    source: z.string(),
    last_price: price.nullable(),
    last_price_at: instant.nullable(),
  })
  .meta({ id: 'DeckInstrument' })

/** All instruments. */
export const deckInstrumentListResponse = z
  .object({ data: z.array(deckInstrument), meta: z.object({ total_count: z.int().min(0) }) })
  .meta({ id: 'DeckInstrumentListResponse' })

/** A new instrument. */
export const deckInstrumentResponse = z
  .object({ message: z.string(), data: deckInstrument })
  .meta({ id: 'DeckInstrumentResponse' })

const listInstruments = endpoint(
  {
    method: 'GET',
    path: '/v1/instruments',
    summary: 'List what can be traded',
    tags: ['Market data'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'list_instruments',
  },
  z.object({}),
  deckInstrumentListResponse,
)

const createInstrument = endpoint(
  {
    method: 'POST',
    path: '/v1/instruments',
    summary: 'Add an instrument',
    tags: ['Market data'],
    access: { role: 'trader', scope: 'market_data' },
    rateLimit: 'write',
    status: 201,
    errors: [409],
    idempotent: true,
    operationId: 'create_instrument',
  },
  z.strictObject({
    symbol: symbolInput,
    contract_type: contractType,
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .default('USD')
      .describe('Quote currency, ISO 4217'),
    tick_size: positiveDecimalInput.default('0.01'),
    lot_size: positiveDecimalInput.default('1'),
    min_quantity: positiveDecimalInput.optional().describe('One lot unless given'),
    max_quantity: positiveDecimalInput.optional().describe('No maximum unless given'),
    multiplier: positiveDecimalInput.default('1').describe('Quote currency per unit and price point'),
    calendar: lineInput(64).optional().describe("The contract type's usual one unless given"),
    bar_interval_seconds: intervalSeconds.default(86_400),
    source: lineInput(120).optional().describe('Where its prices come from'),
  }),
  deckInstrumentResponse,
)

/** What can be traded. */
export const deckInstruments = { listInstruments, createInstrument }
