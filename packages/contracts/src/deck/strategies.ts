import * as z from 'zod'
import {
  instant,
  jsonObjectInput,
  jsonValue,
  lineInput,
  positiveDecimalInput,
  reasonInput,
  strategyIdInput,
  symbolInput,
  textInput,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { v1StrategyDetail, v1StrategyUpdateResponse } from '../v1/strategies.ts'

/** A new strategy. */
export const deckStrategyCreateResponse = z
  .object({ message: z.string(), data: v1StrategyDetail })
  .meta({ id: 'DeckStrategyCreateResponse' })

/** One change of a strategy: who, when, why, from what to what. */
export const deckStrategyChange = z
  .object({
    version: z.int().min(1),
    before: jsonValue.describe('null for the creation'),
    after: jsonValue,
    reason: z.string().nullable(),
    changed_by: z.string(),
    changed_at: instant,
  })
  .meta({ id: 'DeckStrategyChange' })

/** Every change of a strategy, recent first. */
export const deckStrategyHistoryResponse = z
  .object({ data: z.array(deckStrategyChange), meta: z.object({ total_count: z.int().min(0) }) })
  .meta({ id: 'DeckStrategyHistoryResponse' })

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

const history = endpoint(
  {
    method: 'GET',
    path: '/v1/strategies/{strategy_id}/history',
    summary: 'Every change of a strategy, recent first',
    description: 'Configuration, universe, status and mode: who changed what from what to what, and why.',
    tags: ['Strategies'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'list_strategy_history',
  },
  z.object({ strategy_id: strategyIdInput }),
  deckStrategyHistoryResponse,
)

const revert = endpoint(
  {
    method: 'POST',
    path: '/v1/strategies/{strategy_id}/revert',
    summary: 'Go back to an earlier configuration',
    description:
      'Name, description, universe, maximum of positions and configuration become those of the version; status and ' +
      'mode stay. It is a change of its own with a new version. For the owner and admins.',
    tags: ['Strategies'],
    access: { role: 'trader', scope: 'admin' },
    rateLimit: 'write',
    errors: [404, 409],
    operationId: 'revert_strategy',
  },
  z.strictObject({
    strategy_id: strategyIdInput,
    version: z.int().min(1).describe('The version whose values come back'),
    expected_version: z.int().min(1).optional().describe('409 unless this is still the version'),
    reason: reasonInput,
  }),
  v1StrategyUpdateResponse,
)

/** Strategies beyond the documented operations. */
export const deckStrategies = { create, history, revert }
