import { type Check, compared, skipped } from '../check.ts'

/** R16: automated executions since a person armed the strategy; off by default, survives the day roll. */
export const r16ExecutionThrottle: Check = {
  id: 'R16',
  exemptsReducing: true,
  run({ states, limits, strategyScope }) {
    const limit = limits.executionThrottle
    if (limit === null) return [skipped('R16', 'EXECUTION_THROTTLE', strategyScope, 'off')]
    return [
      compared({
        id: 'R16',
        code: 'EXECUTION_THROTTLE',
        passed: states.strategy.executions < limit,
        scope: strategyScope,
        limit: String(limit),
        observed: String(states.strategy.executions),
        unit: 'executions',
        message: 'automated executions since armed',
      }),
    ]
  },
}
