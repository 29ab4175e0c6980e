import type { Check } from './check.ts'
import { AUTH_CHECKS } from './checks/auth.ts'
import { ERROR_CHECKS } from './checks/errors.ts'
import { LIMIT_CHECKS } from './checks/limits.ts'
import { LIST_CHECKS } from './checks/lists.ts'
import { METRIC_CHECKS } from './checks/metrics.ts'
import { PERCENT_CHECKS } from './checks/percents.ts'
import { READ_CHECKS } from './checks/reads.ts'
import { RL_CHECKS } from './checks/rl.ts'
import { STREAM_CHECKS } from './checks/stream.ts'
import { TRANSPORT_CHECKS } from './checks/transport.ts'
import { WRITE_CHECKS } from './checks/writes.ts'

/** Every check, in the order of the report. Writes and the exhausted limit come last: they disturb what follows. */
export const CHECKS: readonly Check[] = [
  ...AUTH_CHECKS,
  ...READ_CHECKS,
  ...METRIC_CHECKS,
  ...PERCENT_CHECKS,
  ...LIST_CHECKS,
  ...RL_CHECKS,
  ...ERROR_CHECKS,
  ...TRANSPORT_CHECKS,
  ...STREAM_CHECKS,
  ...WRITE_CHECKS,
  ...LIMIT_CHECKS,
]
