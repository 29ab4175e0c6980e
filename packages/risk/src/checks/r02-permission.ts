import { type Check, report, stated } from '../check.ts'

/** R02: the principal may trade this strategy and mode, and LIVE was approved. Decided outside, recorded here. */
export const r02Permission: Check = {
  id: 'R02',
  exemptsReducing: false,
  run(context) {
    const { allowed, reason } = context.request.permission
    const message = reason ?? (allowed ? 'permitted' : 'not permitted')
    report(context, stated('R02', 'NOT_PERMITTED', context.strategyScope, allowed, message))
  },
}
