import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { compareRuns, runMonteCarlo, runStatistics } from './operations-results.ts'
import { cancelRun, equityCsv, getRun, runReport, tradesCsv } from './operations.ts'
import {
  presentComparison,
  presentEquity,
  presentMonteCarlo,
  presentStatistics,
  presentTrades,
} from './present-deck.ts'

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
  tradesJson: implement(deck.runs.tradesJson, async ({ deps, actor, input }) => ({
    data: presentTrades(await getRun(deps, actor, input.run_id)),
  })),
  equityJson: implement(deck.runs.equityJson, async ({ deps, actor, input }) => ({
    data: presentEquity(await getRun(deps, actor, input.run_id)),
  })),
  statistics: implement(deck.runs.statistics, async ({ deps, actor, input }) => ({
    data: presentStatistics(await runStatistics(deps, actor, input.run_id)),
  })),
  compare: implement(deck.runs.compare, async ({ deps, actor, input }) => {
    const ids = input.ids.split(',').map((part) => part.trim())
    return { data: presentComparison(await compareRuns(deps, actor, ids)) }
  }),
  monteCarlo: implement(deck.runs.monteCarlo, async ({ deps, actor, input }) => {
    const { run_id: runId, method, draws, seed } = input
    return {
      data: presentMonteCarlo(runId, await runMonteCarlo(deps, actor, { runId, method, draws, seed })),
    }
  }),
} satisfies Implements<typeof deck.runs>
