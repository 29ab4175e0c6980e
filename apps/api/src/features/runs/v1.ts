import { v1 } from '@quantdeck/contracts'
import { ensureDefined, formatInstant, parseDecimal } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { createRun } from './operations-create.ts'
import { getRun, listRuns } from './operations.ts'
import { presentRun, presentRunDetail } from './present-v1.ts'

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
      startDate: input.start_date,
      endDate: input.end_date,
      initialCapital: parseDecimal(input.initial_capital),
      symbols: input.symbols,
      parameters: input.parameters,
      ...(input.fees !== undefined && { fees: parseDecimal(input.fees) }),
      ...(input.slippage !== undefined && { slippage: parseDecimal(input.slippage) }),
      seed: input.seed,
      riskEngine: input.risk_engine,
      runId: idempotencyId,
    })
    const estimate = ensureDefined(run.estimatedCompletion ?? run.completedAt, 'an estimate')
    return {
      message: 'Backtest started',
      data: { run_id: run.runId, status: run.status, estimated_completion: formatInstant(estimate), notes },
    }
  }),
  get: implement(v1.runs.get, async ({ deps, actor, caller, input }) => ({
    data: presentRunDetail(await getRun(deps, actor, input.run_id), caller.baseUrl),
  })),
} satisfies Implements<typeof v1.runs>
