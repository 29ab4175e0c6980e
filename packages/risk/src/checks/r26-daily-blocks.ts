import { type Check, moneyOf, report, skipped } from '../check.ts'
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
    report(context, dailyLoss(own))
    report(context, dailyLoss(account))
    report(context, trades(own))
    report(context, trades(account))
    report(context, cooldown(own))
    report(context, cooldown(account))
    report(context, stopLossGuard(own))
    report(context, stopLossGuard(account))
  },
}

const iso = (at: number): string => new Date(at).toISOString()

/** A02: the latch decides; the present result of the day is shown beside it. */
function dailyLoss({ state, limits, equity }: Scoped): CheckResult {
  const open = exact(state.dayOpenEquity)
  const isDefined = equity !== null && sign(open) !== 0
  const observed = isDefined ? format(quotient(minus(equity, open), open, 6)) : null
  const limit = `-${limits.maxDailyLoss}`
  const passed = state.dailyLossBlockedAt === null
  return {
    id: 'R26',
    code: 'DAILY_LOSS_LIMIT',
    passed,
    scope: state.scope,
    limit,
    observed,
    unit: 'fraction',
    message: passed
      ? `result of the day ${observed ?? 'unknown'}, limit ${limit}`
      : `the daily loss limit of ${limit} was reached; entries wait for the next session`,
  }
}

/** A03: entry orders with a fill today, and those that may still fill. */
function trades({ state, limits, workingEntries }: Scoped): CheckResult {
  const count = tradesToday(state) + workingEntries
  const limit = String(limits.maxTradesPerDay)
  const observed = String(count)
  return {
    id: 'R26',
    code: 'MAX_TRADES_PER_DAY',
    passed: count < limits.maxTradesPerDay,
    scope: state.scope,
    limit,
    observed,
    unit: 'orders',
    message: `entries today ${observed} orders, limit ${limit}`,
  }
}

/** A04: active iff now < until. */
function cooldown({ request, state, limits }: Scoped): CheckResult {
  const until = isCoolingDown(state, request.now) ? state.cooldownUntil : null
  const limit = String(limits.lossStreak)
  const observed = String(lossStreak(state, request.now))
  const start = until === null ? 'in a row' : 'cooling down after'
  const row: CheckResult = {
    id: 'R26',
    code: 'COOLDOWN_ACTIVE',
    passed: until === null,
    scope: state.scope,
    limit,
    observed,
    unit: 'losses',
    message: `${start} ${observed} losses, limit ${limit}`,
  }
  if (until === null) return row
  row.until = iso(until)
  row.message += `, until ${row.until}`
  return row
}

/** A05: off by default. */
function stopLossGuard({ request, state, limits }: Scoped): CheckResult {
  const code = 'STOP_LOSS_GUARD'
  if (limits.stopLossGuard.count === null) return skipped('R26', code, state.scope, 'off')
  const until = stopLossLockUntil(state.stopExits, request.order, limits.stopLossGuard)
  const locked = until !== null && request.now < until
  const row: CheckResult = {
    id: 'R26',
    code,
    passed: !locked,
    scope: state.scope,
    limit: String(limits.stopLossGuard.count),
    observed: null,
    unit: 'orders',
    message: locked ? 'locked after stop-loss exits' : 'not locked',
  }
  if (locked) row.until = iso(until)
  return row
}
