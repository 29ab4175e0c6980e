import { v1Alerts } from './alerts.ts'
import { v1Auth } from './auth.ts'
import { v1Controls } from './controls.ts'
import { v1HealthEndpoints } from './health.ts'
import { v1Metrics } from './metrics.ts'
import { v1Orders } from './orders.ts'
import { v1Positions } from './positions.ts'
import { v1Runs } from './runs.ts'
import { v1Strategies } from './strategies.ts'

/** The v1 family: every operation of the first published document. */
export const v1 = {
  auth: v1Auth,
  metrics: v1Metrics,
  strategies: v1Strategies,
  positions: v1Positions,
  orders: v1Orders,
  runs: v1Runs,
  alerts: v1Alerts,
  controls: v1Controls,
  health: v1HealthEndpoints,
}

export * from './alerts.ts'
export * from './auth.ts'
export * from './controls.ts'
export * from './health.ts'
export * from './metrics.ts'
export * from './orders.ts'
export * from './positions.ts'
export * from './runs.ts'
export * from './strategies.ts'
