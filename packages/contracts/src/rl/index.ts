import { rlMonitor } from './monitor.ts'
import { rlPerformance } from './performance.ts'
import { rlPositions } from './positions.ts'
import { rlRisk } from './risk.ts'
import { rlSignals } from './signals.ts'

/** The rl family: every HTTP operation of the second published document; its stream is in `stream.ts`. */
export const rl = {
  signals: rlSignals,
  performance: rlPerformance,
  positions: rlPositions,
  risk: rlRisk,
  monitor: rlMonitor,
}

export * from './monitor.ts'
export * from './performance.ts'
export * from './positions.ts'
export * from './risk.ts'
export * from './signals.ts'
export * from './stream.ts'
