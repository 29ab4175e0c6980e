import { acknowledgeAlerts, listAlerts, transaction, type Trx, upsertModelBaseline } from '@quantdeck/db'
import { dayInZone, ensureDefined } from '@quantdeck/domain'
import { type BarTools, settle } from '../desk/bar-flow.ts'
import type { DeskContext } from '../desk/context.ts'
import type { Deps } from '../deps.ts'
import { DEMO_SEED } from './catalog.ts'
import { DemoModels } from './models.ts'
import { playEvent } from './play.ts'
import { type DemoProgress, putProgress } from './progress.ts'
import { buildTimeline, SPX_SESSIONS, spxSessions, type TimelineEvent } from './timeline.ts'
import { UsdCopMarket } from './usdcop-series.ts'

const EVENTS_PER_TRANSACTION = 600
const BASELINE_SESSIONS = 20
const BOGOTA = 'America/Bogota'
const OPEN_ALERTS = 3

/**
 * Builds the demo's history through the real pipeline on a virtual clock: one time-ordered stream of both markets.
 * Each transaction holds the facts and how far it came, so that a build that was killed goes on where it stopped.
 */
export async function buildHistory(
  deps: Deps,
  tools: Omit<BarTools, 'db'>,
  progress: DemoProgress,
  onProgress: (share: number) => void,
): Promise<DemoProgress> {
  const market = new UsdCopMarket(DEMO_SEED)
  const builtFor = new Date(progress.builtFor)
  const timeline = buildTimeline(builtFor, market)
  const models = new DemoModels()
  models.restore(progress.models)
  let done = progress.eventsDone ?? timeline.length
  while (done < timeline.length) {
    const batch = timeline.slice(done, done + EVENTS_PER_TRANSACTION)
    done += batch.length
    await playBatch(deps, { tools, models }, batch, { ...progress, eventsDone: done })
    onProgress(done / timeline.length)
  }
  await storeBaselines(deps, models, timeline)
  await acknowledgeOldAlerts(deps)
  return finish(deps, progress, { market, models, timeline })
}

async function playBatch(
  deps: Deps,
  { tools, models }: { tools: Omit<BarTools, 'db'>; models: DemoModels },
  events: readonly TimelineEvent[],
  progress: DemoProgress,
): Promise<void> {
  const last = ensureDefined(events.at(-1), 'an event')
  await deps.desk.run(
    'PAPER',
    async (ctx, trx) => {
      for (const event of events) await playWithModels(ctx, { ...tools, db: trx }, models, event)
      await putProgress(trx, { ...progress, models: models.snapshot() }, last.at)
    },
    { at: last.at, push: false },
  )
}

/** A model speaks after each bar of its market. */
async function playWithModels(
  ctx: DeskContext,
  tools: BarTools,
  models: DemoModels,
  event: TimelineEvent,
): Promise<void> {
  await playEvent(ctx, tools, event)
  const { bar, kind, at } = event
  if (kind === 'open' || bar.symbol !== 'USD/COP') return
  const spoken: DeskContext = { ...ctx, at }
  for (const strategyId of models.strategyIds)
    models.speak(spoken, strategyId, bar.close, dayInZone(at, BOGOTA))
  settle(spoken, tools)
}

/** The baseline of a model: what it did in the first sessions. */
async function storeBaselines(
  deps: Deps,
  models: DemoModels,
  timeline: readonly TimelineEvent[],
): Promise<void> {
  const closes = timeline.filter(({ bar, kind }) => kind === 'close' && bar.symbol === 'USD/COP')
  const days = [...new Set(closes.map(({ at }) => dayInZone(at, BOGOTA)))]
  const lastDay = days[BASELINE_SESSIONS - 1]
  const until = closes.findLast(({ at }) => dayInZone(at, BOGOTA) === lastDay)?.at
  if (!until) return
  for (const strategyId of models.strategyIds) await storeBaseline(deps, strategyId, until)
}

async function storeBaseline(deps: Deps, strategyId: string, until: Date): Promise<void> {
  const rows = await deps.db.kysely
    .selectFrom('inferences')
    .select('action')
    .where('strategyId', '=', strategyId)
    .where('inferredAt', '<=', until)
    .orderBy('seq')
    .execute()
  await upsertModelBaseline(deps.db.kysely, {
    strategyId,
    actions: rows.map(({ action }) => action),
    setAt: until,
    setBy: 'demo',
    note: `first ${BASELINE_SESSIONS} sessions of the demo`,
  })
}

/** History is no news: only the last few alerts are left for the newcomer. */
async function acknowledgeOldAlerts(deps: Deps): Promise<void> {
  const { alerts } = await listAlerts(deps.db.kysely, { visible: 'all' }, { limit: 1, offset: OPEN_ALERTS })
  const [newestOld] = alerts
  if (!newestOld) return
  await acknowledgeAlerts(
    deps.db.kysely,
    { visible: 'all', until: newestOld.createdAt },
    { acknowledgedAt: deps.clock.now(), acknowledgedBy: 'demo' },
  )
}

async function finish(
  deps: Deps,
  progress: DemoProgress,
  built: { market: UsdCopMarket; models: DemoModels; timeline: readonly TimelineEvent[] },
): Promise<DemoProgress> {
  const builtFor = new Date(progress.builtFor)
  // From bars of five minutes to a model that speaks every minute.
  built.models.speakFaster(5)
  const lastBar = built.timeline.findLast(({ bar }) => bar.symbol === 'USD/COP')
  const complete: DemoProgress = {
    ...progress,
    eventsDone: null,
    market: built.market.snapshot(),
    models: built.models.snapshot(),
    spxIndex: SPX_SESSIONS,
    spxUntil: spxSessions(builtFor).at(-1)?.closeMs ?? progress.builtFor,
    usdcopUntil: lastBar?.at.getTime() ?? progress.builtFor,
  }
  await transaction(deps.db, (trx: Trx) => putProgress(trx, complete, builtFor))
  return complete
}
