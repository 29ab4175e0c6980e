import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { rearmStrategy } from '../controls/operations-rearm.ts'
import { presentRearmed } from '../controls/present-v1.ts'
import { getGlobalLimits, getStrategyLimits, setGlobalLimits, setStrategyLimits } from './operations.ts'
import { presentLimitsView, toLimitOverrides } from './present-deck.ts'

export const limitsDeck = {
  get: implement(deck.limits.get, async ({ deps, actor, input }) =>
    presentLimitsView(await getStrategyLimits(deps, actor, input.strategy_id)),
  ),
  put: implement(deck.limits.put, async ({ deps, actor, input }) => {
    const change = { overrides: toLimitOverrides(input.limits), reason: input.reason }
    return presentLimitsView(await setStrategyLimits(deps, actor, input.strategy_id, change))
  }),
  getGlobal: implement(deck.limits.getGlobal, async ({ deps, actor }) =>
    presentLimitsView(await getGlobalLimits(deps, actor)),
  ),
  putGlobal: implement(deck.limits.putGlobal, async ({ deps, actor, input }) => {
    const change = { overrides: toLimitOverrides(input.limits), reason: input.reason }
    return presentLimitsView(await setGlobalLimits(deps, actor, change))
  }),
  rearm: implement(deck.limits.rearm, async ({ deps, actor, input }) => {
    const { strategy_id: strategyId, reason } = input
    return presentRearmed(await rearmStrategy(deps, actor, { strategyId, reason }))
  }),
} satisfies Implements<typeof deck.limits>
