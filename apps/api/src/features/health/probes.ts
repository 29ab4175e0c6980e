import type { ServiceStatus, TradingMode } from '@quantdeck/domain'

export const SERVICE_NAMES = ['database', 'data_feed', 'broker_connection', 'redis', 'jobs'] as const
export type ServiceName = (typeof SERVICE_NAMES)[number]

export interface ServiceReport {
  status: ServiceStatus
  /** What is wrong, if anything. */
  detail?: string
}

/** What each service says about itself. */
export interface ServiceReports {
  database: ServiceReport & { latencyMs: number }
  data_feed: ServiceReport & { lastUpdate: Date | null; stalenessSeconds: number | null }
  broker_connection: ServiceReport & { broker: string; mode: TradingMode }
  redis: ServiceReport & { enabled: boolean }
  jobs: ServiceReport & { queued: number; active: number }
}

export interface ServiceCheck {
  status: ServiceStatus
  checkedAt: Date
  detail?: string
}

export type Probe<N extends ServiceName> = () => Promise<ServiceReports[N]> | ServiceReports[N]

type ProbeTable = { [N in ServiceName]?: Probe<N> }

/** Parts that are built after the core (broker, jobs, a feed with its own idea of fresh) say here how they are. */
export class HealthProbes {
  readonly #probes: ProbeTable = {}

  register<N extends ServiceName>(name: N, probe: Probe<N>): void {
    const probes: { [K in N]?: Probe<K> } = this.#probes
    probes[name] = probe
  }

  find<N extends ServiceName>(name: N): Probe<N> | undefined {
    const probes: { [K in N]?: Probe<K> } = this.#probes
    return probes[name]
  }
}
