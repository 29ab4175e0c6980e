import { formatInstant } from '@quantdeck/domain'

import type { Health, ServiceHealth } from './operations.ts'
import type { ServiceReports } from './probes.ts'

function instantOrNull(at: Date | null): string | null {
  return at === null ? null : formatInstant(at)
}

/** The document's fields of each service. */
const PRESENT = {
  database: ({ latencyMs, ...rest }: ServiceReports['database']) => ({ ...rest, latency_ms: latencyMs }),
  data_feed: ({ lastUpdate, stalenessSeconds, ...rest }: ServiceReports['data_feed']) => ({
    ...rest,
    last_update: instantOrNull(lastUpdate),
    staleness_seconds: stalenessSeconds,
  }),
  broker_connection: (report: ServiceReports['broker_connection']) => report,
  redis: (report: ServiceReports['redis']) => report,
  jobs: (report: ServiceReports['jobs']) => report,
}

function presentServices(services: ServiceReports) {
  return {
    database: PRESENT.database(services.database),
    data_feed: PRESENT.data_feed(services.data_feed),
    broker_connection: PRESENT.broker_connection(services.broker_connection),
    redis: PRESENT.redis(services.redis),
    jobs: PRESENT.jobs(services.jobs),
  }
}

export function presentHealth({ status, services, checkedAt }: Health) {
  return { status, services: presentServices(services), timestamp: formatInstant(checkedAt) }
}

function presentReport({ service, report }: ServiceHealth) {
  const present = PRESENT[service] as (value: typeof report) => {
    status: typeof report.status
    detail?: string
  }
  return present(report)
}

export function presentServiceHealth(health: ServiceHealth) {
  return {
    data: {
      service: health.service,
      ...presentReport(health),
      checked_at: formatInstant(health.checkedAt),
      history: health.history.map(({ checkedAt, ...check }) => ({
        ...check,
        checked_at: formatInstant(checkedAt),
      })),
    },
  }
}
