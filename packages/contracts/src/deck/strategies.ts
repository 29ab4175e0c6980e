import * as z from 'zod'
import { jsonObjectInput, lineInput, positiveDecimalInput, symbolInput, textInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { v1StrategyDetail } from '../v1/strategies.ts'

/** A new strategy. */
export const deckStrategyCreateResponse = z
  .object({ message: z.string(), data: v1StrategyDetail })
  .meta({ id: 'DeckStrategyCreateResponse' })

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/strategies',
    summary: 'Create a strategy',
    description: 'It starts inactive in BACKTEST and belongs to its creator. A taken id is 409.',
    tags: ['Strategies'],
    access: { role: 'trader', scope: 'admin' },
    rateLimit: 'write',
    status: 201,
    errors: [409],
    idempotent: true,
    operationId: 'create_strategy',
  },
  z.strictObject({
    strategy_id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'Letters, digits, "_", "." and "-", at most 64')
      .meta({ example: 'momentum_v1' }),
    name: lineInput(120),
    description: textInput(2000).optional(),
    universe: z.array(symbolInput).min(1).max(1000).describe('Symbols it may trade'),
    allocated_capital: positiveDecimalInput.describe('USD'),
    max_positions: z.int().min(1).max(1000).optional().describe('10 unless given'),
    config: jsonObjectInput.optional(),
  }),
  deckStrategyCreateResponse,
)

/** Strategies beyond the documented operations. */
export const deckStrategies = { create }
