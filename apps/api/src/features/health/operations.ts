import { pingDatabase } from '@quantdeck/db'
import { notFound, SECOND_MS, type ServiceStatus } from '@quantdeck/domain'
import { performance } from 'node:perf_hooks'

import { requireRole, type Actor } from '../../auth/actor.ts'
import type { CoreDeps } from '../../deps.ts'
import {
  SERVICE_NAMES,
  type Probe,
  type ServiceCheck,
  type ServiceName,
  type ServiceReports,
} from './probes.ts'

const PROBE_TIMEOUT_MS = 3 * SECOND_MS
const DEGRADED_LATENCY_MS = 1_000

export interface Health {
  status: ServiceStatus
  services: ServiceReports
  checkedAt: Date
}

export async function getHealth(deps: CoreDeps, actor: Actor): Promise<Health> {
  requireRole(actor, 'viewer')
  const [database, feed, broker, redis, jobs] = await Promise.all([
    check(deps, 'database'),
    check(deps, 'data_feed'),
    check(deps, 'broker_connection'),
    check(deps, 'redis'),
    check(deps, 'jobs'),
  ])
  const services = { database, data_feed: feed, broker_connection: broker, redis, jobs }
  const checkedAt = deps.clock.now()
  deps.healthHistory.add(services, checkedAt)
  return { status: overall(services), services, checkedAt }
}

export interface ServiceHealth<N extends ServiceName = ServiceName> {
  service: N
  report: ServiceReports[N]
  checkedAt: Date
  history: ServiceCheck[]
}

/** @throws AppError NOT_FOUND for a name that is no service */
export async function getServiceHealth(deps: CoreDeps, actor: Actor, name: string): Promise<ServiceHealth> {
  requireRole(actor, 'viewer')
  const service = SERVICE_NAMES.find((known) => known === name)
  if (service === undefined) throw notFound('Service')
  const report = await check(deps, service)
  const checkedAt = deps.clock.now()
  deps.healthHistory.add({ [service]: report }, checkedAt)
  return { service, report, checkedAt, history: deps.healthHistory.list(service) }
}

/** Without its database the deck can do nothing; anything else that fails leaves a part of it standing. */
function overall({ database, ...others }: ServiceReports): ServiceStatus {
  if (database.status === 'unhealthy') return 'unhealthy'
  const all = [database, ...Object.values(others)]
  return all.every(({ status }) => status === 'healthy') ? 'healthy' : 'degraded'
}

async function check<N extends ServiceName>(deps: CoreDeps, name: N): Promise<ServiceReports[N]> {
  const probe: Probe<N> = deps.health.find(name) ?? standardProbe(deps, name)
  const startedAt = performance.now()
  try {
    return await withTimeout(async () => probe())
  } catch (error) {
    deps.log.warn({ err: error, service: name }, 'health probe failed')
    return failed(deps, name, performance.now() - startedAt)
  }
}

/** What is measured, or said, as long as nobody registered a probe of their own. */
function standardProbe<N extends ServiceName>(deps: CoreDeps, name: N): Probe<N> {
  const probes: { [K in ServiceName]: Probe<K> } = {
    database: () => probeDatabase(deps),
    data_feed: () => ({ status: 'degraded', lastUpdate: null, stalenessSeconds: null }),
    broker_connection: () => ({ status: 'healthy', broker: deps.env.broker, mode: 'PAPER' }),
    redis: () => ({ status: 'healthy', enabled: false }),
    jobs: () => ({ status: 'healthy', queued: 0, active: 0 }),
  }
  return probes[name]
}

async function probeDatabase({ db }: CoreDeps): Promise<ServiceReports['database']> {
  const startedAt = performance.now()
  await pingDatabase(db.kysely)
  const latencyMs = Math.round((performance.now() - startedAt) * 100) / 100
  return { status: latencyMs > DEGRADED_LATENCY_MS ? 'degraded' : 'healthy', latencyMs }
}

function failed<N extends ServiceName>(deps: CoreDeps, name: N, elapsedMs: number): ServiceReports[N] {
  const base = { status: 'unhealthy' as const, detail: 'It does not answer' }
  const reports: ServiceReports = {
    database: { ...base, latencyMs: Math.round(elapsedMs) },
    data_feed: { ...base, lastUpdate: null, stalenessSeconds: null },
    broker_connection: { ...base, broker: deps.env.broker, mode: 'PAPER' },
    redis: { ...base, enabled: deps.env.redisUrl !== null },
    jobs: { ...base, queued: 0, active: 0 },
  }
  return reports[name]
}

async function withTimeout<T>(work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('health probe timed out')), PROBE_TIMEOUT_MS)
  })
  try {
    return await Promise.race([work(), timeout])
  } finally {
    clearTimeout(timer)
  }
}
