import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { cancelRun, equityCsv, runReport, tradesCsv } from './operations.ts'

export const runsDeck = {
  cancel: implement(deck.runs.cancel, async ({ deps, actor, input }) => {
    const run = await cancelRun(deps, actor, input.run_id)
    return { message: 'Run cancelled', data: { run_id: run.runId, status: run.status } }
  }),
  report: implement(deck.runs.report, ({ deps, actor, input }) =>
    runReport(deps, actor, { runId: input.run_id, token: input.token }),
  ),
  tradesCsv: implement(deck.runs.tradesCsv, ({ deps, actor, input }) => tradesCsv(deps, actor, input.run_id)),
  equityCsv: implement(deck.runs.equityCsv, ({ deps, actor, input }) => equityCsv(deps, actor, input.run_id)),
} satisfies Implements<typeof deck.runs>
