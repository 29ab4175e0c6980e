import * as z from 'zod'
import { day, id, idInput, instant, money, percent, strategyIdInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { deckRiskLimitOverrides } from './limits.ts'
import { figure } from './runs.ts'

/** A result with or without the proposed limits. */
export const deckLimitsOutcome = z
  .object({
    trades: z.int().min(0),
    pnl: money,
    return_pct: percent,
    max_drawdown_pct: percent,
    worst_day: z.object({ date: day, pnl: money }).nullable(),
    win_rate: figure,
    profit_factor: figure,
  })
  .meta({ id: 'DeckLimitsOutcome' })

/** What proposed limits would have stopped, and what that would have cost. */
export const deckLimitsBacktest = z
  .object({
    strategy_id: id,
    source: z.enum(['books', 'run']).describe('books: the trades of PAPER or LIVE'),
    run_id: id.nullable(),
    from: instant.nullable().describe('First entry'),
    to: instant.nullable().describe('Last exit'),
    capital: money,
    without: deckLimitsOutcome.describe('As it happened'),
    with: deckLimitsOutcome.describe('Under the proposed limits'),
    cost: money.describe('P&L with less P&L without: negative is forgone, positive is saved'),
    denied: z.array(
      z.object({
        code: z.string(),
        orders: z.int().min(1),
        forgone_pnl: money.describe('Net result of the trades that would not have been made'),
      }),
    ),
    denied_trades: z
      .array(
        z.object({
          at: instant,
          symbol: z.string(),
          side: z.enum(['BUY', 'SELL']),
          quantity: z.string(),
          code: z.string(),
          message: z.string(),
          pnl: money,
        }),
      )
      .describe('The first 500'),
    events: z.array(z.object({ at: instant, type: z.string(), message: z.string() })),
    curve: z.array(z.object({ date: day, without: money, with: money })),
    notes: z.array(z.string()),
  })
  .meta({ id: 'DeckLimitsBacktest' })

const run = endpoint(
  {
    method: 'POST',
    path: '/v1/strategies/{strategy_id}/limits/backtest',
    summary: "Replay a strategy's trades under proposed limits",
    description:
      'Every entry of the history is put through the risk engine again, in order, with the equity that the limits would have left. Nothing is changed.',
    tags: ['Risk limits'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'runs',
    errors: [404, 409],
    operationId: 'backtest_limits',
  },
  z.strictObject({
    strategy_id: strategyIdInput,
    limits: deckRiskLimitOverrides.describe('What is absent stays as it is in force'),
    run_id: idInput.optional().describe('Trades of this finished backtest instead of the books'),
    mode: z.enum(['PAPER', 'LIVE']).default('PAPER').describe('Whose books'),
    start_date: day.optional(),
    end_date: day.optional(),
  }),
  z.object({ data: deckLimitsBacktest }).meta({ id: 'DeckLimitsBacktestResponse' }),
)

/** Trying limits on history. */
export const deckLimitsBacktests = { run }
