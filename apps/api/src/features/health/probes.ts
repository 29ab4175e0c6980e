import type { ServiceStatus } from '@quantdeck/domain'

export const SERVICE_NAMES = ['database', 'data_feed', 'broker_connection', 'redis', 'jobs'] as const
export type ServiceName = (typeof SERVICE_NAMES)[number]

export interface ServiceReport {
  readonly status: ServiceStatus
  /** What this service says besides its status; plain values, named by the operation that asks. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

export type Probe = () => Promise<ServiceReport> | ServiceReport

/** Each part of the house registers how it is; until then it reads as healthy with `enabled: false`. */
export class HealthProbes {
  readonly #probes = new Map<ServiceName, Probe>()

  register(name: ServiceName, probe: Probe): void {
    this.#probes.set(name, probe)
  }

  find(name: ServiceName): Probe | undefined {
    return this.#probes.get(name)
  }
}
