import { listRuns } from '@quantdeck/db'
import { Decimal, ensureDefined } from '@quantdeck/domain'
import { systemActor } from '../auth/actor.ts'
import type { Deps } from '../deps.ts'
import { createRun } from '../features/runs/operations-create.ts'
import { spxSessions } from './timeline.ts'

const STRATEGIES = ['momentum_v1', 'mean_reversion_v1'] as const
/** The document's own example covers two years. */
const SESSIONS = 504

/** Asks for the demo's two backtests as anybody would: the last two years of each index strategy. */
export async function requestBacktests(deps: Deps, builtFor: Date): Promise<void> {
  const sessions = spxSessions(builtFor).slice(-SESSIONS)
  const first = ensureDefined(sessions[0], 'a session')
  const last = ensureDefined(sessions.at(-1), 'a session')
  for (const strategyId of STRATEGIES) {
    const asked = { visible: 'all', strategyId, runType: 'BACKTEST' } as const
    const { totalCount } = await listRuns(deps.db.kysely, asked, { limit: 1, offset: 0 })
    if (totalCount > 0) continue
    await createRun(deps, systemActor('demo'), {
      strategyId,
      startDate: first.day,
      endDate: last.day,
      initialCapital: new Decimal(100_000),
      runId: null,
    })
  }
}
