import type { ServiceCheck, ServiceName, ServiceReports } from './probes.ts'

const KEPT = 50

/** The latest checks of each service, recent first; in memory, since they are about this process. */
export class HealthHistory {
  readonly #checks = new Map<ServiceName, ServiceCheck[]>()

  add(services: Partial<ServiceReports>, checkedAt: Date): void {
    for (const [name, report] of Object.entries(services)) {
      const { status, detail } = report
      const check: ServiceCheck = { status, checkedAt, ...(detail !== undefined && { detail }) }
      const kept = [check, ...(this.#checks.get(name as ServiceName) ?? [])].slice(0, KEPT)
      this.#checks.set(name as ServiceName, kept)
    }
  }

  list(name: ServiceName): ServiceCheck[] {
    return this.#checks.get(name) ?? []
  }
}
