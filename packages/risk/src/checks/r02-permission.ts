import { type Check, stated } from '../check.ts'

/** R02: the principal may trade this strategy and mode, and LIVE was approved. Decided outside, recorded here. */
export const r02Permission: Check = {
  id: 'R02',
  exemptsReducing: false,
  run({ request, strategyScope }) {
    const { allowed, reason } = request.permission
    return [
      stated(
        'R02',
        'NOT_PERMITTED',
        strategyScope,
        allowed,
        reason ?? (allowed ? 'permitted' : 'not permitted'),
      ),
    ]
  },
}
