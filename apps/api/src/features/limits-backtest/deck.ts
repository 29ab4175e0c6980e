import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { toLimitOverrides } from '../limits/present-deck.ts'
import { backtestLimits } from './operations.ts'
import { presentLimitsBacktest } from './present-deck.ts'

export const limitsBacktestsDeck = {
  run: implement(deck.limitsBacktests.run, async ({ deps, actor, input }) => ({
    data: presentLimitsBacktest(
      await backtestLimits(deps, actor, {
        strategyId: input.strategy_id,
        limits: toLimitOverrides(input.limits),
        runId: input.run_id ?? null,
        mode: input.mode,
        startDate: input.start_date ?? null,
        endDate: input.end_date ?? null,
      }),
    ),
  })),
} satisfies Implements<typeof deck.limitsBacktests>
