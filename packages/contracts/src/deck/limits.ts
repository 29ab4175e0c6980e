import * as z from 'zod'
import {
  id,
  instant,
  NON_NEGATIVE_DECIMAL,
  positiveDecimalInput,
  reasonInput,
  strategyIdInput,
  symbolInput,
  tradingState,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** A decimal string above zero and at most one: a share of equity or price. */
const fraction = z
  .string()
  .max(20)
  .regex(/^(?:0\.\d{0,9}[1-9]\d{0,8}|1(?:\.0{1,8})?)$/, 'Must be a decimal string above 0 and at most 1')
const multiple = positiveDecimalInput
const count = z.int().min(1).max(1_000_000)
const minutes = z.int().min(1).max(100_000)
const seconds = z.int().min(1).max(86_400)

const shape = {
  max_drawdown: fraction.describe('A01: fraction of the peak equity'),
  drawdown_warning: fraction.describe('A01: from here on a warning'),
  max_daily_loss: fraction.describe('A02: fraction of the equity at the open of the day'),
  max_trades_per_day: count.describe('A03: entry orders with a fill'),
  warning_share: fraction.describe('A03, R16: share of the limit from which a warning is raised'),
  loss_streak: z.int().min(1).max(1000).describe('A04: losing trades in a row that start a cooldown'),
  cooldown_minutes: minutes.describe('A04: minutes'),
  stop_loss_guard: z
    .strictObject({
      count: count.nullable().describe('Stop-loss exits; null: off'),
      lookback_minutes: minutes,
      duration_minutes: minutes,
      locks: z.enum(['symbol', 'side', 'all']),
    })
    .describe('A05'),
  deny_symbols: z.array(symbolInput).max(1000).describe('R03: never traded, not even to reduce'),
  max_order_quantity: positiveDecimalInput.nullable().describe('R05: units; null: off'),
  max_order_notional_of_account_equity: multiple.describe('R06: multiple of the equity of the account'),
  max_order_notional_of_allocation: multiple.describe('R06: multiple of the allocation'),
  price_collar: fraction.describe('R07: fraction of the reference price'),
  price_collar_fx: fraction.describe('R07, for FX'),
  collar_breaches: count.describe('R07: more within the window reduce the strategy'),
  collar_window_seconds: seconds.describe('R07: seconds'),
  max_position_notional_usd: z
    .string()
    .max(32)
    .regex(NON_NEGATIVE_DECIMAL, 'Must be a decimal string of zero or above')
    .nullable()
    .describe('R09: USD; null: the allocation'),
  max_gross_exposure: multiple.describe('R10: multiple of the equity of the account'),
  max_risk_per_trade: fraction.describe('R11: fraction of the equity of the strategy'),
  assumed_risk_without_stop: fraction.describe('R11: fraction of the notional'),
  max_open_positions: count.describe('R12'),
  messages_per_second: z.int().min(1).max(10_000).describe('R13, also the burst'),
  window_notional_of_allocation: multiple.describe('R14: multiple of the allocation'),
  window_seconds: seconds.describe('R14: seconds'),
  duplicate_window_seconds: seconds.describe('R15: seconds'),
  execution_throttle: count.nullable().describe('R16: executions until a person re-arms; null: off'),
  max_active_orders: count.describe('R17'),
  max_tick_age_seconds: seconds.describe('R18: seconds of session time'),
  max_bar_age_bars: count.describe('R18: expected bars'),
  signal_ttl_bars: count.describe('R23: bars'),
  signal_threshold: z.number().min(0).max(1).nullable().describe('R24: confidence; null: off'),
}

/** Every limit of the risk engine. Fractions are decimal strings: "0.15" is 15 %. */
export const deckRiskLimits = z.object(shape).meta({ id: 'DeckRiskLimits' })

/** Input: only the limits that differ. */
export const deckRiskLimitOverrides = z
  .strictObject(
    Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.optional()])) as {
      [K in keyof typeof shape]: z.ZodOptional<(typeof shape)[K]>
    },
  )
  .meta({ id: 'DeckRiskLimitOverrides' })

/** The limits in force, and which of them were set where. */
export const deckLimitsResponse = z
  .object({
    data: z.object({
      strategy_id: id.nullable().describe('null: the global limits'),
      limits: deckRiskLimits.describe('In force'),
      overrides: deckRiskLimits.partial().describe('Set here'),
      inherited: deckRiskLimits.describe('Without what is set here'),
      updated_at: instant.nullable(),
      updated_by: z.string().nullable(),
    }),
  })
  .meta({ id: 'DeckLimitsResponse' })

/** A throttle that counts from 0 again. */
export const deckRearmResponse = z
  .object({
    message: z.string(),
    data: z.object({
      strategy_id: id,
      executions: z.int().min(0).describe('Automated executions that it had counted'),
      was_tripped: z.boolean().describe('It had put the strategy into REDUCING'),
      trading_state: tradingState.describe(
        'Effective state of the strategy now: other latches and switches hold on',
      ),
    }),
  })
  .meta({ id: 'DeckRearmResponse' })

const options = {
  tags: ['Risk limits'],
} as const

const get = endpoint(
  {
    ...options,
    method: 'GET',
    path: '/v1/strategies/{strategy_id}/limits',
    summary: 'Risk limits of a strategy',
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'get_strategy_limits',
  },
  z.object({ strategy_id: strategyIdInput }),
  deckLimitsResponse,
)

const put = endpoint(
  {
    ...options,
    method: 'PUT',
    path: '/v1/strategies/{strategy_id}/limits',
    summary: 'Set the risk limits of a strategy',
    description:
      'Replaces what was set: a limit that is not named falls back to the global one. In force from the next order on.',
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'write',
    errors: [404],
    operationId: 'set_strategy_limits',
  },
  z.strictObject({ strategy_id: strategyIdInput, limits: deckRiskLimitOverrides, reason: reasonInput }),
  deckLimitsResponse,
)

const getGlobal = endpoint(
  {
    ...options,
    method: 'GET',
    path: '/v1/risk/limits',
    summary: 'Global risk limits',
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'get_global_limits',
  },
  z.object({}),
  deckLimitsResponse,
)

const putGlobal = endpoint(
  {
    ...options,
    method: 'PUT',
    path: '/v1/risk/limits',
    summary: 'Set the global risk limits',
    description:
      'Replaces what was set: a limit that is not named falls back to its default. They bind the accounts and every strategy that sets none of its own.',
    access: { role: 'risk', scope: 'admin' },
    rateLimit: 'write',
    operationId: 'set_global_limits',
  },
  z.strictObject({ limits: deckRiskLimitOverrides, reason: reasonInput }),
  deckLimitsResponse,
)

const rearm = endpoint(
  {
    ...options,
    method: 'POST',
    path: '/v1/strategies/{strategy_id}/re-arm',
    summary: 'Arm the execution throttle of a strategy again',
    description:
      'Counts its automated executions from 0 and ends what the throttle stopped; every other latch and switch holds on. By a person. Where the throttle has counted nothing it changes nothing.',
    access: { role: 'risk' },
    rateLimit: 'write',
    errors: [404],
    idempotent: true,
    operationId: 'rearm_strategy',
  },
  z.strictObject({ strategy_id: strategyIdInput, reason: reasonInput }),
  deckRearmResponse,
)

/** Risk limits, of a strategy and of everything. */
export const deckLimits = { get, put, getGlobal, putGlobal, rearm }
