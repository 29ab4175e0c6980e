import { type Check, compared, skipped } from '../check.ts'

/** R24: the signal's confidence is below the strategy's `signal_threshold`. */
export const r24Confidence: Check = {
  id: 'R24',
  exemptsReducing: true,
  run({ request, limits, strategyScope }) {
    const code = 'CONFIDENCE_BELOW_THRESHOLD'
    if (request.signal === null) return [skipped('R24', code, strategyScope, 'not_applicable')]
    if (limits.signalThreshold === null) return [skipped('R24', code, strategyScope, 'off')]
    const { confidence } = request.signal
    return [
      compared({
        id: 'R24',
        code,
        passed: confidence >= limits.signalThreshold,
        scope: strategyScope,
        limit: String(limits.signalThreshold),
        observed: String(confidence),
        unit: 'confidence',
        message: 'confidence of the signal',
      }),
    ]
  },
}
