import * as z from 'zod/mini'

const costs = z.object({
  fee_bps: z.number(),
  fixed_fee: z.number(),
  fee_per_unit: z.number(),
  minimum_fee: z.number(),
  spread_bps: z.number(),
  slippage_bps: z.number(),
  slippage_model: z.string(),
})

const sizing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fraction'), of: z.string(), risk_per_trade: z.nullable(z.number()) }),
  z.object({ kind: z.literal('all_in') }),
  z.object({ kind: z.literal('units'), units: z.string() }),
  z.object({ kind: z.literal('risk'), fraction: z.number() }),
])

const facts = z.object({
  symbols: z.array(z.string()),
  bars: z.number(),
  warmup_bars: z.number(),
  gaps: z.array(z.object({ symbol: z.string(), from_t: z.number(), to_t: z.number() })),
  data_hash: z.string(),
  costs,
  sizing,
  fill: z.string(),
  final_exit: z.string(),
  total_fees: z.string(),
  seed: z.number(),
  risk_engine: z.boolean(),
  engine_version: z.string(),
  refusals: z.record(z.string(), z.number()),
  request: z.object({
    model_type: z.string(),
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    signal_threshold: z.nullable(z.union([z.string(), z.number()])),
  }),
})

/** What a finished backtest rests on, as this page shows it. */
export type RunFacts = z.infer<typeof facts>

/** @returns null for a run of another engine: its assumptions are shown as they are */
export function readFacts(assumptions: unknown): RunFacts | null {
  const result = facts.safeParse(assumptions)
  return result.success ? result.data : null
}
