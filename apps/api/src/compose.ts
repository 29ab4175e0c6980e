import { startSealer, type Database, type Sealer } from '@quantdeck/db'
import type { Clock } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'

import { Admission } from './admission.ts'
import { openAlpaca } from './alpaca.ts'
import { ACCESS_TOPIC } from './auth/access-events.ts'
import { AuthService } from './auth/auth-service.ts'
import type { PasswordHasher } from './auth/passwords.ts'
import { RateLimiter } from './auth/rate-limits.ts'
import { RedisWindows } from './auth/redis-windows.ts'
import { MemoryWindows, type WindowStore } from './auth/sliding-window.ts'
import type { CoreDeps, Deps } from './deps.ts'
import { assembleDesk, ensureAccounts, type OpenBroker, resumeDesk, type DeskParts } from './desk/assemble.ts'
import { DeskWatch } from './desk/desk-watch.ts'
import { isLoopback, type Env } from './env.ts'
import { Alerting } from './features/alerts/alerting.ts'
import { DrillWatch } from './features/controls/drill.ts'
import { LatchKeeper } from './features/controls/latch-keeper.ts'
import { HealthHistory } from './features/health/history.ts'
import { probeDataFeed } from './features/health/data-feed.ts'
import { probeRedis } from './features/health/redis.ts'
import { HealthProbes } from './features/health/probes.ts'
import { Housekeeping } from './housekeeping.ts'
import { ReportLinks } from './features/runs/report-link.ts'
import { RunJobs } from './features/runs/run-jobs.ts'
import { assembleWebhooks } from './features/webhooks/webhooks.ts'
import { DrillFiles } from './latch/drill-files.ts'
import { KillLatch } from './latch/kill-latch.ts'
import { latchFolderOf } from './latch/latch-folder.ts'
import { MarketWatch } from './hub/market-watch.ts'
import { OutboxFeed } from './hub/outbox-feed.ts'
import { SignalHub } from './hub/signal-hub.ts'
import { PageWalks } from './pages/page-walks.ts'
import { ReadCache } from './rest/read-cache.ts'
import { releaseOrphanedKeys } from './rest/idempotency.ts'

/** What nobody woke the sealer for is sealed within this time. */
const SEAL_INTERVAL_MS = 500

export interface CoreParts {
  /** Open and migrated. */
  db: Database
  clock: Clock
  env: Env
  log: Logger
  /** Signs tokens; at least 32 bytes. */
  secret: string
  /** Hashes as costly as they should be, unless a test makes thousands. */
  passwords?: PasswordHasher
  /** A broker other than the simulated one. */
  openBroker?: OpenBroker
}

/** The house with its pipeline running, and how to stop it. It does not close the database. */
export interface House {
  readonly deps: Deps
  readonly parts: DeskParts
  readonly sealer: Sealer
  /** Not started: while a demo's history is being built, every feed would look silent. */
  readonly deskWatch: DeskWatch
  stop(): Promise<void>
}

/** Callers without a token: only while nobody but this machine can be one, or when that was declared. */
function allowsAnonymous(env: Env): boolean {
  return (isLoopback(env.host) || env.apiPublic) && !env.trustProxy
}

function composeCore(parts: CoreParts, windows: WindowStore): CoreDeps {
  const { db, clock, env, log, secret, passwords } = parts
  const allowAnonymous = allowsAnonymous(env)
  return {
    db,
    clock,
    env,
    log,
    auth: new AuthService({ db, clock, log, secret, allowAnonymous, windows, passwords }),
    limits: new RateLimiter(clock, env.rateLimits.table, windows),
    admission: new Admission({ log, waitingQueries: () => db.pool?.waitingCount ?? 0 }),
    hub: new SignalHub(),
    health: new HealthProbes(),
    healthHistory: new HealthHistory(),
    pages: new PageWalks(clock),
    reads: new ReadCache(db.writes, clock),
    instanceId: randomUUID(),
  }
}

/** Wires everything over a database and starts what runs by itself: sealer, streams, the desk as it was. */
export async function openHouse(parts: CoreParts): Promise<House> {
  const redis = await openRedis(parts)
  const core = composeCore(parts, redis ?? new MemoryWindows(parts.clock))
  const latch = await KillLatch.open({ folder: latchFolderOf(core.env), clock: core.clock, log: core.log })
  const { db, clock, log, hub, auth } = core
  const alpaca = await openAlpaca(core)
  await releaseOrphanedKeys(db)
  const feed = new OutboxFeed({ db, hub, log })
  await feed.start()
  hub.subscribe(({ event }) => {
    if (event.topic === ACCESS_TOPIC) auth.accessChanged()
  })
  const sealer = await startSealer(db, {
    clock,
    intervalMs: SEAL_INTERVAL_MS,
    onSealed: (messages) => feed.accept(messages),
    onError: (error) => log.error({ err: error }, 'sealing failed; trying again'),
  })
  await ensureAccounts(core, clock.now())
  await alpaca?.fundAccount(db)
  const openBroker = parts.openBroker ?? (alpaca ? () => alpaca.broker : undefined)
  const desk = assembleDesk({ ...core, latch, wakeSealer: () => sealer.wake() }, openBroker)
  alpaca?.attach(desk.desk)
  await resumeDesk(core, desk)
  const wakeSealer = (): void => sealer.wake()
  const latchKeeper = new LatchKeeper({ ...core, desk: desk.desk, wakeSealer }, latch)
  latchKeeper.start()
  const runs = new RunJobs(core, wakeSealer)
  await runs.start()
  const deps: Deps = {
    ...core,
    desk: desk.desk,
    broker: desk.broker,
    wakeSealer,
    bars: desk.bars,
    runs,
    latch,
    latchKeeper,
    reportLinks: new ReportLinks(parts.secret, clock),
    webhooks: assembleWebhooks({ ...core, secret: parts.secret, wakeSealer }),
  }
  const drills = new DrillWatch(deps, new DrillFiles(latchFolderOf(core.env)))
  drills.start()
  registerProbes(deps)
  if (redis !== null) deps.health.register('redis', () => probeRedis(redis))
  const watch = new MarketWatch(deps, () => sealer.wake())
  await watch.start()
  const { reconciliation } = desk
  const deskWatch = new DeskWatch({ desk: desk.desk, db, log, reconciliation, clock })
  const housekeeping = new Housekeeping(core)
  housekeeping.start()
  const alerting = new Alerting(deps)
  alerting.start()
  deps.webhooks.worker.start()
  const stopPrices = alpaca?.startPrices(deps)
  return {
    deps,
    parts: desk,
    sealer,
    deskWatch,
    stop: async () => {
      await stopPrices?.()
      watch.stop()
      await drills.stop()
      await latchKeeper.stop()
      await latch.close()
      await deskWatch.stop()
      await auth.loginWatch.settle()
      await alerting.stop()
      await deps.webhooks.worker.stop()
      await runs.close()
      await housekeeping.stop()
      await desk.broker.close()
      await desk.desk.close()
      await sealer.stop()
      await feed.stop()
      redis?.close()
    },
  }
}

/** Limits shared by all instances; null without REDIS_URL. */
async function openRedis({ env, clock, log }: CoreParts): Promise<RedisWindows | null> {
  if (env.redisUrl === null) return null
  const redis = new RedisWindows({ url: env.redisUrl, log, fallback: new MemoryWindows(clock) })
  await redis.start()
  return redis
}

function registerProbes(deps: Deps): void {
  const { health, broker, runs } = deps
  health.register('jobs', async () => ({ status: 'healthy', ...(await runs.counts()) }))
  health.register('broker_connection', () => {
    const { connected, detail } = broker.status()
    const status = connected ? 'healthy' : 'unhealthy'
    const mode = deps.env.broker === 'alpaca' ? deps.env.alpacaAccount : 'PAPER'
    return { status, broker: broker.name, mode, ...(detail !== undefined && { detail }) }
  })
  health.register('data_feed', () => probeDataFeed(deps))
}
