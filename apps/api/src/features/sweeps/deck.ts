import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { toBacktestSettings } from '../runs/backtest-settings.ts'
import { presentStarted } from '../runs/present-v1.ts'
import { cancelStudy, getStudy, listStudies } from '../studies/operations.ts'
import { toMetric } from '../studies/present.ts'
import { createSweep, promoteCell } from './operations.ts'
import { presentSweep, presentSweepDetail } from './present-deck.ts'

export const sweepsDeck = {
  create: implement(deck.sweeps.create, async ({ deps, actor, input, idempotencyId }) => {
    const study = await createSweep(deps, actor, {
      strategyId: input.strategy_id,
      ...toBacktestSettings(input),
      method: input.method,
      axes: input.axes,
      samples: input.samples ?? null,
      metric: toMetric(input.metric),
      studyId: idempotencyId,
    })
    return { message: 'Sweep started', data: presentSweep(study) }
  }),
  list: implement(deck.sweeps.list, async ({ deps, actor, input }) => {
    const { page, per_page, strategy_id, status } = input
    const query = { kind: 'SWEEP', strategyId: strategy_id, status, page, perPage: per_page } as const
    const { studies, totalCount } = await listStudies(deps, actor, query)
    return { data: studies.map(presentSweep), meta: { total_count: totalCount, page, per_page } }
  }),
  get: implement(deck.sweeps.get, async ({ deps, actor, input }) => ({
    data: presentSweepDetail(await getStudy(deps, actor, 'SWEEP', input.sweep_id)),
  })),
  cancel: implement(deck.sweeps.cancel, async ({ deps, actor, input }) => {
    const study = await cancelStudy(deps, actor, 'SWEEP', input.sweep_id)
    return { message: 'Sweep cancelled', data: { sweep_id: study.studyId, status: study.status } }
  }),
  promote: implement(deck.sweeps.promote, async ({ deps, actor, input, idempotencyId }) => {
    const cell = { sweepId: input.sweep_id, index: input.index, runId: idempotencyId }
    const { run, notes } = await promoteCell(deps, actor, cell)
    return presentStarted(run, notes)
  }),
} satisfies Implements<typeof deck.sweeps>
