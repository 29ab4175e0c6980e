import type { Deviation } from './deviation.ts'

const parameters = [
  ['/v1/metrics/summary', 'period'],
  ['/v1/metrics/summary', 'mode'],
  ['/v1/strategies', 'status'],
  ['/v1/strategies', 'mode'],
  ['/v1/positions', 'mode'],
  ['/v1/orders', 'status'],
  ['/v1/orders', 'mode'],
  ['/v1/runs', 'run_type'],
  ['/v1/runs', 'status'],
  ['/v1/alerts', 'severity'],
  ['/v1/alerts', 'acknowledged'],
] as const

/** Enum parameters of v1: a server that does not look. */
export const enums: readonly Deviation[] = parameters.map(([path, name]) => ({
  name: `a nonsensical ${name} of ${path} accepted`,
  caughtBy: `v1.${path.slice(4).replaceAll('/', '.')}.enum.${name}`,
  before: ({ path: asked, query }) => {
    if (asked === path && /nonsense/.test(query.get(name) ?? '')) query.delete(name)
  },
}))
