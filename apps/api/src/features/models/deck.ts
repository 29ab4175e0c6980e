import { deck, toInferenceItems } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import { MODEL_HEALTH_RULES } from '@quantdeck/risk'
import { implement, type Implements } from '../../trpc/implement.ts'
import { getModel, postInferences, setBaseline } from './operations.ts'
import { presentModelDetail } from './present-deck.ts'

export const inferencesDeck = {
  post: implement(deck.inferences.post, async ({ deps, actor, input }) => {
    const posted = toInferenceItems(input).map((item) => ({
      strategyId: item.strategy_code,
      action: item.action,
      inferredAt: item.timestamp === undefined ? null : new Date(item.timestamp),
    }))
    const accepted = await postInferences(deps, actor, posted)
    return { timestamp: formatInstant(deps.clock.now()), accepted }
  }),
} satisfies Implements<typeof deck.inferences>

export const modelsDeck = {
  get: implement(deck.models.get, async ({ deps, actor, input }) => ({
    data: presentModelDetail(await getModel(deps, actor, input.strategy_id)),
  })),
  setBaseline: implement(deck.models.setBaseline, async ({ deps, actor, input }) => {
    const { strategy_id, actions, note } = input
    const { setAt } = await setBaseline(deps, actor, { strategyId: strategy_id, actions, note: note ?? null })
    return {
      message: 'Baseline set',
      data: {
        strategy_id,
        action_count: actions.length,
        set_at: formatInstant(setAt),
        sufficient: actions.length >= MODEL_HEALTH_RULES.minimumBaseline,
      },
    }
  }),
} satisfies Implements<typeof deck.models>
