import { bumpAllAccountVersions, insertInstrument, insertStrategy, transaction } from '@quantdeck/db'
import type { Deps } from '../deps.ts'
import type { BarTools } from '../desk/bar-flow.ts'
import { ensureAccounts } from '../desk/assemble.ts'
import { syncSessionRun } from '../features/strategies/session-runs.ts'
import { requestBacktests } from './backtests.ts'
import { demoInstruments, demoStrategies } from './catalog.ts'
import { buildHistory } from './history.ts'
import { LiveDemo } from './live.ts'
import { type DemoProgress, findProgress, putProgress } from './progress.ts'
import { readSpxRows } from './spx-series.ts'
import { spxSessions, usdcopSessions } from './timeline.ts'

export interface DemoOptions {
  tools: Omit<BarTools, 'db'>
  /** Who owns the demo's strategies. */
  ownerId: string
  onProgress: (share: number) => void
}

/** Builds what is missing of the demo, then lets it run. A build that was killed goes on where it stopped. */
export async function startDemo(deps: Deps, options: DemoOptions): Promise<LiveDemo> {
  const progress = (await findProgress(deps.db.kysely)) ?? (await layFoundation(deps, options.ownerId))
  const complete =
    progress.eventsDone === null
      ? progress
      : await buildHistory(deps, options.tools, progress, options.onProgress)
  if (readSpxRows()) await requestBacktests(deps, new Date(progress.builtFor))
  const live = new LiveDemo(deps, options.tools, complete)
  await live.start()
  return live
}

async function layFoundation(deps: Deps, ownerId: string): Promise<DemoProgress> {
  const builtFor = deps.clock.now()
  const first = spxSessions(builtFor)[0] ?? usdcopSessions(builtFor)[0]
  const startsAt = new Date(first?.openMs ?? builtFor.getTime())
  const calendar = deps.env.demoCalendar === 'real' ? 'USDCOP' : 'DEMO'
  const progress: DemoProgress = {
    builtFor: builtFor.getTime(),
    eventsDone: 0,
    market: null,
    models: {},
    spxIndex: 0,
    spxUntil: 0,
    usdcopUntil: 0,
  }
  await ensureAccounts(deps, startsAt)
  await transaction(deps.db, async (trx) => {
    for (const instrument of demoInstruments(calendar)) await insertInstrument(trx, instrument)
    for (const strategy of demoStrategies(ownerId, startsAt)) {
      await insertStrategy(trx, strategy)
      await syncSessionRun(trx, { before: null, after: strategy, at: startsAt })
    }
    await bumpAllAccountVersions(trx)
    await putProgress(trx, progress, startsAt)
  })
  return progress
}
