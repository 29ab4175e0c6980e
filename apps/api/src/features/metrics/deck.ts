import { deck } from '@quantdeck/contracts'
import { formatInstant, formatPercent } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { strategyCurves } from './operations.ts'
import { presentCurve } from './v1.ts'

export const metricsDeck = {
  strategyCurves: implement(deck.metrics.strategyCurves, async ({ deps, actor, input }) => {
    const { curves, hourly, updatedAt } = await strategyCurves(deps, actor, input)
    return {
      data: curves.map(({ strategy, mode, curve, returnFraction }) => ({
        strategy_id: strategy.strategyId,
        name: strategy.name,
        mode,
        return_pct: formatPercent(returnFraction),
        equity_curve: presentCurve(curve, hourly),
      })),
      meta: { period: input.period, updated_at: formatInstant(updatedAt) },
    }
  }),
} satisfies Implements<typeof deck.metrics>
