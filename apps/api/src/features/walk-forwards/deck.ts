import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { toBacktestSettings } from '../runs/backtest-settings.ts'
import { cancelStudy, getStudy, listStudies } from '../studies/operations.ts'
import { toMetric } from '../studies/present.ts'
import { createWalkForward } from './operations.ts'
import { presentWalkForward, presentWalkForwardDetail } from './present-deck.ts'

export const walkForwardsDeck = {
  create: implement(deck.walkForwards.create, async ({ deps, actor, input, idempotencyId }) => {
    const study = await createWalkForward(deps, actor, {
      strategyId: input.strategy_id,
      ...toBacktestSettings(input),
      axes: input.axes,
      windows: {
        inSampleDays: input.in_sample_days,
        outOfSampleDays: input.out_of_sample_days,
        purgeDays: input.purge_days,
        embargoDays: input.embargo_days,
        isAnchored: input.anchored,
      },
      metric: toMetric(input.metric),
      studyId: idempotencyId,
    })
    return { message: 'Walk-forward study started', data: presentWalkForward(study) }
  }),
  list: implement(deck.walkForwards.list, async ({ deps, actor, input }) => {
    const { page, per_page, strategy_id, status } = input
    const query = { kind: 'WALK_FORWARD', strategyId: strategy_id, status, page, perPage: per_page } as const
    const { studies, totalCount } = await listStudies(deps, actor, query)
    return { data: studies.map(presentWalkForward), meta: { total_count: totalCount, page, per_page } }
  }),
  get: implement(deck.walkForwards.get, async ({ deps, actor, input }) => ({
    data: presentWalkForwardDetail(await getStudy(deps, actor, 'WALK_FORWARD', input.walk_forward_id)),
  })),
  cancel: implement(deck.walkForwards.cancel, async ({ deps, actor, input }) => {
    const study = await cancelStudy(deps, actor, 'WALK_FORWARD', input.walk_forward_id)
    const data = { walk_forward_id: study.studyId, status: study.status }
    return { message: 'Walk-forward study cancelled', data }
  }),
} satisfies Implements<typeof deck.walkForwards>
