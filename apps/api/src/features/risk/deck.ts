import { deck, RISK_CONSEQUENCES } from '@quantdeck/contracts'
import { Decimal, formatInstant } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { listRiskEvents } from './operations-events.ts'
import { riskWhatIf } from './operations.ts'
import { presentRiskStatus } from './rl.ts'

export const riskDeck = {
  events: implement(deck.risk.events, async ({ deps, actor, input }) => {
    const range = dateRange(input.from_date, input.to_date)
    const { events, totalCount } = await listRiskEvents(deps, actor, {
      ...range,
      ...(input.strategy_id === undefined ? {} : { strategyId: input.strategy_id }),
    })
    return {
      data: events.map((event) => ({
        event_id: event.alertId,
        at: formatInstant(event.createdAt),
        code: event.code,
        severity: event.severity,
        strategy_id: event.strategyId,
        message: event.message,
      })),
      meta: { total_count: totalCount },
    }
  }),
  whatIf: implement(deck.risk.whatIf, async ({ deps, actor, input }) => {
    const { before, after, consequences } = await riskWhatIf(deps, actor, {
      strategyId: input.strategy_id,
      result: new Decimal(input.result_pct).div(100),
    })
    return {
      data: {
        mode: before.mode,
        before: presentRiskStatus(before),
        after: presentRiskStatus(after),
        consequences: RISK_CONSEQUENCES.filter((each) => consequences.includes(each)),
      },
    }
  }),
} satisfies Implements<typeof deck.risk>
