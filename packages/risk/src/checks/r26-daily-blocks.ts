import { type Check, compared, moneyOf, skipped } from '../check.ts'
import type { RiskLimits } from '../limits.ts'
import type { RiskRequest } from '../request.ts'
import { type Exact, exact, format, minus, quotient, sign } from '../exact.ts'
import { type RiskState, isCoolingDown, lossStreak, tradesToday } from '../state.ts'
import { stopLossLockUntil } from '../stop-loss-guard.ts'
import type { CheckResult } from '../verdict.ts'

interface Scoped {
  request: RiskRequest
  state: RiskState
  limits: RiskLimits
  equity: Exact | null
  workingEntries: number
}

/** R26: the blocks of A02-A05, of the strategy and of its mode account. */
export const r26DailyBlocks: Check = {
  id: 'R26',
  exemptsReducing: true,
  run(context) {
    const { request, states, limits, accountLimits } = context
    const { strategyEquity, accountEquity } = moneyOf(context)
    const entries = request.books.workingEntryOrders
    const own: Scoped = {
      request,
      state: states.strategy,
      limits,
      equity: strategyEquity,
      workingEntries: entries.strategy,
    }
    const account: Scoped = {
      request,
      state: states.account,
      limits: accountLimits,
      equity: accountEquity,
      workingEntries: entries.account,
    }
    return [
      dailyLoss(own),
      dailyLoss(account),
      trades(own),
      trades(account),
      cooldown(own),
      cooldown(account),
      stopLossGuard(own),
      stopLossGuard(account),
    ]
  },
}

const iso = (at: number): string => new Date(at).toISOString()

/** A02: the latch decides; the present result of the day is shown beside it. */
function dailyLoss({ state, limits, equity }: Scoped): CheckResult {
  const open = exact(state.dayOpenEquity)
  const isDefined = equity !== null && sign(open) !== 0
  const observed = isDefined ? format(quotient(minus(equity, open), open, 6)) : null
  const passed = state.dailyLossBlockedAt === null
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
    id: 'R26',
    code: 'MAX_TRADES_PER_DAY',
    scope: state.scope,
    passed: count < limits.maxTradesPerDay,
    limit: String(limits.maxTradesPerDay),
    observed: String(count),
    unit: 'orders',
    message: 'entries today',
  })
}

/** A04: active iff now < until. */
function cooldown({ request, state, limits }: Scoped): CheckResult {
  const until = isCoolingDown(state, request.now) ? state.cooldownUntil : null
  const result = compared({
    id: 'R26',
    code: 'COOLDOWN_ACTIVE',
    passed: until === null,
    scope: state.scope,
    limit: String(limits.lossStreak),
    observed: String(lossStreak(state, request.now)),
    unit: 'losses',
    message: until === null ? 'in a row' : 'cooling down after',
  })
  if (until === null) return result
  return { ...result, until: iso(until), message: `${result.message}, until ${iso(until)}` }
}

/** A05: off by default. */
function stopLossGuard({ request, state, limits }: Scoped): CheckResult {
  const code = 'STOP_LOSS_GUARD'
  if (limits.stopLossGuard.count === null) return skipped('R26', code, state.scope, 'off')
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
