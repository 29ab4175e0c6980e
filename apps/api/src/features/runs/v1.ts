import { v1 } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { createRun } from './operations-create.ts'
import { getRun, listRuns } from './operations.ts'
import { toBacktestSettings } from './backtest-settings.ts'
import { presentRun, presentRunDetail, presentStarted } from './present-v1.ts'

export const runsV1 = {
  list: implement(v1.runs.list, async ({ deps, actor, caller, input }) => {
    const { page, per_page, strategy_id, run_type, status } = input
    const query = { strategyId: strategy_id, runType: run_type, status, page, perPage: per_page }
    const { runs, totalCount } = await listRuns(deps, actor, query)
    return {
      data: runs.map((run) => presentRun(run, caller.baseUrl)),
      meta: { total_count: totalCount, page, per_page },
    }
  }),
  create: implement(v1.runs.create, async ({ deps, actor, input, idempotencyId }) => {
    const { run, notes } = await createRun(deps, actor, {
      strategyId: input.strategy_id,
      ...toBacktestSettings(input),
      runId: idempotencyId,
    })
    return presentStarted(run, notes)
  }),
  get: implement(v1.runs.get, async ({ deps, actor, caller, input }) => ({
    data: presentRunDetail(await getRun(deps, actor, input.run_id), caller.baseUrl),
  })),
} satisfies Implements<typeof v1.runs>
