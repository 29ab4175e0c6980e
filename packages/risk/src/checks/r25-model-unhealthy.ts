import { type Check, skipped, stated } from '../check.ts'

/** R25: a critical model opens nothing. A warning changes nothing here: a check never resizes. */
export const r25ModelUnhealthy: Check = {
  id: 'R25',
  exemptsReducing: true,
  run({ request, strategyScope }) {
    const { modelHealth } = request
    if (modelHealth === null) return [skipped('R25', 'MODEL_UNHEALTHY', strategyScope, 'not_applicable')]
    return [
      stated(
        'R25',
        'MODEL_UNHEALTHY',
        strategyScope,
        modelHealth !== 'critical',
        `the model is ${modelHealth}`,
      ),
    ]
  },
}
