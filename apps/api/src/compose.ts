import type { Database } from '@quantdeck/db'
import type { Clock } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'

import { AuthService } from './auth/auth-service.ts'
import { RateLimiter } from './auth/rate-limits.ts'
import type { CoreDeps } from './deps.ts'
import { isLoopback, type Env } from './env.ts'
import { HealthHistory } from './features/health/history.ts'
import { HealthProbes } from './features/health/probes.ts'
import { SignalHub } from './hub/signal-hub.ts'

export interface CoreParts {
  db: Database
  clock: Clock
  env: Env
  log: Logger
  /** Signs tokens; at least 32 bytes. */
  secret: string
}

/** Callers without a token: only while nobody but this machine can be one, or when that was declared. */
function allowsAnonymous(env: Env): boolean {
  return (isLoopback(env.host) || env.apiPublic) && !env.trustProxy
}

/** The parts every room shares, over an open and migrated database. Starts nothing. */
export function composeCore({ db, clock, env, log, secret }: CoreParts): CoreDeps {
  return {
    db,
    clock,
    env,
    log,
    auth: new AuthService({ db, clock, log, secret, allowAnonymous: allowsAnonymous(env) }),
    limits: new RateLimiter(clock, env.rateLimits.table),
    hub: new SignalHub(),
    health: new HealthProbes(),
    healthHistory: new HealthHistory(),
    instanceId: randomUUID(),
  }
}
