import type { Database } from '@quantdeck/db'
import type { Clock } from '@quantdeck/domain'
import type { Logger } from 'pino'

import type { Admission } from './admission.ts'
import type { AuthService } from './auth/auth-service.ts'
import type { RateLimiter } from './auth/rate-limits.ts'
import type { Broker } from './broker/port.ts'
import type { Desk } from './desk/desk.ts'
import type { LiveBars } from './desk/live-bars.ts'
import type { Env } from './env.ts'
import type { LatchKeeper } from './features/controls/latch-keeper.ts'
import type { HealthHistory } from './features/health/history.ts'
import type { HealthProbes } from './features/health/probes.ts'
import type { ReportLinks } from './features/runs/report-link.ts'
import type { RunJobs } from './features/runs/run-jobs.ts'
import type { Webhooks } from './features/webhooks/webhooks.ts'
import type { KillLatch } from './latch/kill-latch.ts'
import type { SignalHub } from './hub/signal-hub.ts'
import type { ReadCache } from './rest/read-cache.ts'
import type { PageWalks } from './pages/page-walks.ts'

/** What every operation and adapter is handed: built once, in main.ts (or by a test), never a global. */
export interface CoreDeps {
  readonly db: Database
  readonly clock: Clock
  readonly env: Env
  readonly log: Logger
  readonly auth: AuthService
  readonly limits: RateLimiter
  /** Whether there is room for another request at all, whoever sends it. */
  readonly admission: Admission
  readonly hub: SignalHub
  /** Where desk, broker and jobs say how they are; /v1/health asks them. */
  readonly health: HealthProbes
  readonly healthHistory: HealthHistory
  /** Who is going through which list: so that a page begins where the one before it ended. */
  readonly pages: PageWalks
  /** Answers of REST that may be given again. */
  readonly reads: ReadCache
  /** Id of this process in leases and idempotency rows. */
  readonly instanceId: string
}

/** Desk, broker and jobs join the core here and in compose.ts. */
export interface Deps extends CoreDeps {
  /** The books of both accounts and the only door to change them. */
  readonly desk: Desk
  readonly broker: Broker
  /** Seals what was just committed without waiting for the sealer's own interval. */
  readonly wakeSealer: () => void
  /** Where posted bars go on to, once they are stored. */
  readonly bars: LiveBars
  /** Backtests as jobs, each in a worker thread. */
  readonly runs: RunJobs
  readonly reportLinks: ReportLinks
  /** Stops that hold without the database, and what brings them there. */
  readonly latch: KillLatch
  readonly latchKeeper: LatchKeeper
  /** Where alerts are sent to. */
  readonly webhooks: Webhooks
}
