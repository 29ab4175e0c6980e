import { type Check, compared, skipped } from '../check.ts'
import type { RiskLimits } from '../limits.ts'
import type { RiskRequest } from '../request.ts'
import { formatScaled, ratioForDisplay, toScaled } from '../scaled.ts'
import { type RiskState, isCoolingDown, lossStreak, tradesToday } from '../state.ts'
import { stopLossLockUntil } from '../stop-loss-guard.ts'
import type { CheckResult } from '../verdict.ts'

interface Scoped {
  request: RiskRequest
  state: RiskState
  limits: RiskLimits
  equityUsd: string | null
  workingEntries: number
}

/** R26: the blocks of A02-A05, of the strategy and of its mode account. */
export const r26DailyBlocks: Check = {
  id: 'R26',
  exemptsReducing: true,
  run({ request, states, limits, accountLimits }) {
    const { strategyEquityUsd, accountEquityUsd, workingEntryOrders } = request.books
    const scopes: Scoped[] = [
      {
        request,
        state: states.strategy,
        limits,
        equityUsd: strategyEquityUsd,
        workingEntries: workingEntryOrders.strategy,
      },
      {
        request,
        state: states.account,
        limits: accountLimits,
        equityUsd: accountEquityUsd,
        workingEntries: workingEntryOrders.account,
      },
    ]
    return [dailyLoss, trades, cooldown, stopLossGuard].flatMap((rule) => scopes.map(rule))
  },
}

const iso = (at: number): string => new Date(at).toISOString()

/** A02: the latch decides; the present result of the day is shown beside it. */
function dailyLoss({ state, limits, equityUsd }: Scoped): CheckResult {
  const open = toScaled(state.dayOpenEquity)
  const result = equityUsd === null ? null : ratioForDisplay(toScaled(equityUsd) - open, open)
  const passed = state.dailyLossBlockedAt === null
  const observed = result === null ? null : formatScaled(result, 1, 6)
  return {
    id: 'R26',
    code: 'DAILY_LOSS_LIMIT',
    passed,
    scope: state.scope,
    limit: `-${limits.maxDailyLoss}`,
    observed,
    unit: 'fraction',
    message: passed
      ? `result of the day ${observed ?? 'unknown'}, limit -${limits.maxDailyLoss}`
      : `the daily loss limit of -${limits.maxDailyLoss} was reached; entries wait for the next session`,
  }
}

/** A03: entry orders with a fill today, and those that may still fill. */
function trades({ state, limits, workingEntries }: Scoped): CheckResult {
  const count = tradesToday(state) + workingEntries
  return compared({
    code: 'MAX_TRADES_PER_DAY',
    scope: state.scope,
    passed: count < limits.maxTradesPerDay,
    limit: String(limits.maxTradesPerDay),
    observed: String(count),
    unit: 'orders',
    what: 'entries today',
  })
}

/** A04: active iff now < until. */
function cooldown({ request, state, limits }: Scoped): CheckResult {
  const until = isCoolingDown(state, request.now) ? state.cooldownUntil : null
  const row = {
    code: 'COOLDOWN_ACTIVE' as const,
    scope: state.scope,
    limit: String(limits.lossStreak),
    observed: String(lossStreak(state, request.now)),
    unit: 'losses' as const,
  }
  if (until === null) return compared({ ...row, passed: true, what: 'in a row' })
  const cooling = compared({ ...row, passed: false, what: 'cooling down after' })
  return { ...cooling, until: iso(until), message: `${cooling.message}, until ${iso(until)}` }
}

/** A05: off by default. */
function stopLossGuard({ request, state, limits }: Scoped): CheckResult {
  const code = 'STOP_LOSS_GUARD'
  if (limits.stopLossGuard.count === null) return skipped(code, state.scope, 'off')
  const until = stopLossLockUntil(state.stopExits, request.order, limits.stopLossGuard)
  const locked = until !== null && request.now < until
  return {
    id: 'R26',
    code,
    passed: !locked,
    scope: state.scope,
    limit: String(limits.stopLossGuard.count),
    observed: null,
    unit: 'orders',
    message: locked ? 'locked after stop-loss exits' : 'not locked',
    ...(locked ? { until: iso(until) } : {}),
  }
}
