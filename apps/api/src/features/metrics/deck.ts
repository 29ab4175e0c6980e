import { deck } from '@quantdeck/contracts'
import { formatFixed, formatInstant, formatPercent, type V1Period } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { metricsWindow } from './operations-window.ts'
import { strategyCurves } from './operations.ts'
import { presentEarlier, presentRunning } from './present-deck.ts'
import type { Wanted } from './span.ts'
import { dateOf, presentCurve, presentSummary } from './v1.ts'

export const metricsDeck = {
  strategyCurves: implement(deck.metrics.strategyCurves, async ({ deps, actor, input }) => {
    const wanted = wantedOf(input)
    const { curves, hourly, updatedAt } = await strategyCurves(deps, actor, { wanted, mode: input.mode })
    return {
      data: curves.map(({ strategy, mode, curve, returnFraction }) => ({
        strategy_id: strategy.strategyId,
        name: strategy.name,
        mode,
        return_pct: formatPercent(returnFraction),
        equity_curve: presentCurve(curve, hourly),
      })),
      meta: { period: wanted.period, updated_at: formatInstant(updatedAt) },
    }
  }),
  window: implement(deck.metrics.window, async ({ deps, actor, input }) => {
    const wanted = wantedOf(input)
    const found = await metricsWindow(deps, actor, { wanted, mode: input.mode })
    const { summary } = found
    const { equity_curve: _, ...figures } = presentSummary(summary)
    return {
      data: {
        figures,
        equity: summary.curve.map((point) => ({
          date: dateOf(point.at, summary.hourly),
          equity: formatFixed(point.equity, 2),
          realized_pnl: formatFixed(point.realizedPnl, 2),
          unrealized_pnl: formatFixed(point.unrealizedPnl, 2),
        })),
        running: found.running.map(presentRunning),
        earlier: found.earlier && presentEarlier(found.earlier),
      },
      meta: {
        period: wanted.period,
        from: formatInstant(found.from),
        to: formatInstant(found.to),
        updated_at: formatInstant(summary.updatedAt),
      },
    }
  }),
} satisfies Implements<typeof deck.metrics>

interface WindowInput {
  period?: V1Period | undefined
  from_day?: string | undefined
  to_day?: string | undefined
}

function wantedOf({ period, from_day: from, to_day: to }: WindowInput): Wanted {
  if (from !== undefined || to !== undefined) return { period: null, ...dateRange(from, to) }
  return { period: period ?? '1m' }
}
