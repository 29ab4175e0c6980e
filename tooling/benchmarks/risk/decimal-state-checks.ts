import { Decimal, type TradingState } from '@quantdeck/domain'
import {
  type CheckResult,
  fullBucket,
  isCoolingDown,
  latchedTradingState,
  lossStreak,
  refillBucket,
  type RiskCode,
  type RiskLimits,
  type RiskOrder,
  type RiskState,
  stopLossLockUntil,
  tradesToday,
} from '@quantdeck/risk'
import {
  compared,
  type DecimalCheck,
  decimalOrNull,
  type Judged,
  shown,
  skipped,
  stated,
  unknown,
} from './decimal-check.ts'

const SEVERITY: Record<TradingState, number> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 }

export const tradingState: DecimalCheck = ({ request, states, reducing }) => {
  const { global, strategy, symbol } = request.tradingStates
  const own = latchedTradingState(states.strategy)
  const scoped: [string, TradingState][] = [
    ['global', global],
    [states.account.scope, latchedTradingState(states.account)],
    [states.strategy.scope, SEVERITY[strategy] >= SEVERITY[own] ? strategy : own],
    [`symbol:${request.order.symbol}`, symbol],
  ]
  const held = scoped
    .filter(([, state]) => state !== 'ACTIVE')
    .toSorted(([, a], [, b]) => SEVERITY[b] - SEVERITY[a])
  const flattens = reducing && request.order.origin === 'kill_flatten'
  const shownStates: [string, TradingState][] = held.length > 0 ? held : [[states.strategy.scope, 'ACTIVE']]
  return shownStates.map(([scope, state]) => ({
    id: 'R01',
    code: state === 'HALTED' ? 'TRADING_HALTED' : 'TRADING_STATE_REDUCING',
    passed: state === 'ACTIVE' || flattens || (state === 'REDUCING' && reducing),
    scope,
    limit: 'ACTIVE',
    observed: state,
    unit: 'state',
    message: `trading state of ${scope} is ${state}`,
  }))
}

export const permission: DecimalCheck = ({ request, states }) => {
  const { allowed, reason } = request.permission
  const message = reason ?? (allowed ? 'permitted' : 'not permitted')
  return [stated('NOT_PERMITTED', states.strategy.scope, allowed, message)]
}

export const symbolRestricted: DecimalCheck = ({ request, states, limits, accountLimits, reducing }) => {
  const { symbol } = request.order
  const judge = (scope: string, { denySymbols, allowSymbols }: RiskLimits): CheckResult => {
    if (denySymbols.includes(symbol))
      return stated('SYMBOL_RESTRICTED', scope, false, `${symbol} is on the deny-list`)
    const listed = reducing || allowSymbols === null || allowSymbols.includes(symbol)
    const message = listed ? `${symbol} may be traded` : `${symbol} is not in the universe`
    return stated('SYMBOL_RESTRICTED', scope, listed, message)
  }
  return [judge(states.strategy.scope, limits), judge(states.account.scope, accountLimits)]
}

function counted(
  { code, scope, what }: { code: RiskCode; scope: string; what: string },
  unit: 'orders' | 'positions' | 'executions',
  { count, limit, passed }: { count: number; limit: number; passed: boolean },
): CheckResult {
  return compared({ code, scope, passed, limit: String(limit), observed: String(count), unit, what })
}

export const openPositions: DecimalCheck = ({ request, states, limits, accountLimits }) => {
  const { strategy, account } = request.books.otherOpenPositions
  const judge = (scope: string, others: number, limit: number): CheckResult =>
    counted({ code: 'MAX_OPEN_POSITIONS', scope, what: 'open positions with this one' }, 'positions', {
      count: others + 1,
      limit,
      passed: others + 1 <= limit,
    })
  return [
    judge(states.strategy.scope, strategy, limits.maxOpenPositions),
    judge(states.account.scope, account, accountLimits.maxOpenPositions),
  ]
}

export const messageRate: DecimalCheck = ({ request, states, limits }) => {
  const perSecond = limits.messagesPerSecond
  const before = request.messageBucket ?? fullBucket(perSecond, request.now)
  const { milliTokens } = refillBucket(before, perSecond, request.now)
  return [
    compared({
      code: 'MESSAGE_RATE',
      scope: states.strategy.scope,
      passed: milliTokens >= 1_000,
      limit: '1',
      observed: String(Math.floor(milliTokens / 1_000)),
      unit: 'orders',
      what: `messages left of ${perSecond} per second`,
    }),
  ]
}

export const executionThrottle: DecimalCheck = ({ states, limits }) => {
  const { scope, executions } = states.strategy
  const limit = limits.executionThrottle
  if (limit === null) return [skipped('EXECUTION_THROTTLE', scope, 'off')]
  const row = { code: 'EXECUTION_THROTTLE' as const, scope, what: 'automated executions since armed' }
  return [counted(row, 'executions', { count: executions, limit, passed: executions < limit })]
}

export const activeOrders: DecimalCheck = ({ request, states, limits }) => {
  const count = request.books.activeOrders + 1
  const limit = limits.maxActiveOrders
  const row = {
    code: 'MAX_ACTIVE_ORDERS' as const,
    scope: states.strategy.scope,
    what: 'working orders with this one',
  }
  return [counted(row, 'orders', { count, limit, passed: count <= limit })]
}

export const staleMarketData: DecimalCheck = ({ request, limits }) => {
  const scope = `symbol:${request.order.symbol}`
  const { feed } = request.market
  if (feed === null || feed.ageSeconds === null)
    return [unknown('STALE_MARKET_DATA', scope, 'seconds', 'age of the last price')]
  const limit = feed.kind === 'ticks' ? limits.maxTickAgeSeconds : limits.maxBarAgeBars * feed.intervalSeconds
  return [
    compared({
      code: 'STALE_MARKET_DATA',
      scope,
      passed: feed.ageSeconds <= limit,
      limit: String(limit),
      observed: String(feed.ageSeconds),
      unit: 'seconds',
      what: 'age of the last price in session time',
    }),
  ]
}

export const marketClosed: DecimalCheck = ({ request, limits, reducing }) => {
  const scope = `symbol:${request.order.symbol}`
  const { orderType, timeInForce } = request.order
  const { isOpen } = request.market
  if (reducing && limits.reducingExemptFromMarketClosed) return [skipped('MARKET_CLOSED', scope, 'reducing')]
  if (orderType !== 'MARKET' || timeInForce === 'OPG')
    return [skipped('MARKET_CLOSED', scope, 'not_applicable')]
  const message = isOpen === null ? 'market hours are unknown' : `the market is ${isOpen ? 'open' : 'closed'}`
  return [stated('MARKET_CLOSED', scope, isOpen === true, message)]
}

export const reduceOnly: DecimalCheck = ({ request, states, reducing }) => {
  const code = 'REDUCE_ONLY_WOULD_INCREASE'
  if (!request.order.reduceOnly) return [skipped(code, states.strategy.scope, 'not_applicable')]
  const message = reducing
    ? 'the order only reduces'
    : 'a reduce-only order would open, grow or flip the position'
  return [stated(code, states.strategy.scope, reducing, message)]
}

export const shape: DecimalCheck = ({ request }) => {
  const { order, now } = request
  const broken: [RiskCode, string, boolean][] = [
    ['EXPIRE_TIME_IN_PAST', 'the order has already expired', isExpired(order, now)],
    ['MISSING_LIMIT_PRICE', 'a LIMIT order needs a limit price', lacks(order, 'LIMIT', order.limitPrice)],
    ['MISSING_STOP_PRICE', 'a STOP order needs a stop price', lacks(order, 'STOP', order.stopPrice)],
    [
      'UNSUPPORTED_LIMIT_PRICE',
      'only a LIMIT order has a limit price',
      order.limitPrice !== null && order.orderType !== 'LIMIT',
    ],
    [
      'UNSUPPORTED_STOP_PRICE',
      'only a STOP order has a stop price',
      order.stopPrice !== null && order.orderType !== 'STOP',
    ],
    [
      'UNSUPPORTED_TIME_IN_FORCE',
      'a STOP order cannot be for the opening auction',
      order.orderType === 'STOP' && order.timeInForce === 'OPG',
    ],
  ]
  return broken.map(([code, message, is]) => stated(code, 'order', !is, is ? message : 'well formed'))
}

function isExpired({ expiresAt }: RiskOrder, now: number): boolean {
  return expiresAt !== null && expiresAt !== undefined && expiresAt <= now
}

function lacks({ orderType }: RiskOrder, type: RiskOrder['orderType'], price: string | null): boolean {
  return orderType === type && price === null
}

export const signalExpired: DecimalCheck = ({ request, states, limits, reducing }) => {
  const { signal, instrument, now } = request
  const { scope } = states.strategy
  if (signal === null) return [skipped('SIGNAL_EXPIRED', scope, 'not_applicable')]
  if (signal.signal === 'CLOSE' && reducing) return [skipped('SIGNAL_EXPIRED', scope, 'reducing')]
  if (signal.alreadyUsed) return [stated('SIGNAL_EXPIRED', scope, false, 'the signal was used before')]
  if (instrument === null) return [unknown('SIGNAL_EXPIRED', scope, 'seconds', 'time to live of the signal')]
  const ttlSeconds = limits.signalTtlBars * instrument.barIntervalSeconds
  const ageMs = now - signal.signalAt
  return [
    compared({
      code: 'SIGNAL_EXPIRED',
      scope,
      passed: ageMs <= ttlSeconds * 1_000,
      limit: String(ttlSeconds),
      observed: String(ageMs / 1_000),
      unit: 'seconds',
      what: 'age of the signal',
    }),
  ]
}

export const confidence: DecimalCheck = ({ request, states, limits }) => {
  const code = 'CONFIDENCE_BELOW_THRESHOLD'
  const { scope } = states.strategy
  const threshold = limits.signalThreshold
  if (request.signal === null) return [skipped(code, scope, 'not_applicable')]
  if (threshold === null) return [skipped(code, scope, 'off')]
  const observed = request.signal.confidence
  return [
    compared({
      code,
      scope,
      passed: observed >= threshold,
      limit: String(threshold),
      observed: String(observed),
      unit: 'confidence',
      what: 'confidence of the signal',
    }),
  ]
}

export const modelUnhealthy: DecimalCheck = ({ request, states }) => {
  const { modelHealth } = request
  const { scope } = states.strategy
  if (modelHealth === null) return [skipped('MODEL_UNHEALTHY', scope, 'not_applicable')]
  return [stated('MODEL_UNHEALTHY', scope, modelHealth !== 'critical', `the model is ${modelHealth}`)]
}

interface Scoped {
  state: RiskState
  limits: RiskLimits
  equityUsd: string | null
  working: number
}

export const dailyBlocks: DecimalCheck = (judged) => {
  const { request, states, limits, accountLimits } = judged
  const { strategyEquityUsd, accountEquityUsd, workingEntryOrders } = request.books
  const scopes: Scoped[] = [
    { state: states.strategy, limits, equityUsd: strategyEquityUsd, working: workingEntryOrders.strategy },
    {
      state: states.account,
      limits: accountLimits,
      equityUsd: accountEquityUsd,
      working: workingEntryOrders.account,
    },
  ]
  return [dailyLoss, trades, cooldown, stopLossGuard].flatMap((rule) =>
    scopes.map((scoped) => rule(scoped, judged)),
  )
}

function dailyLoss({ state, limits, equityUsd }: Scoped): CheckResult {
  const open = new Decimal(state.dayOpenEquity)
  const equity = decimalOrNull(equityUsd)
  const observed = equity && !open.isZero() ? shown(equity.minus(open).div(open), 6) : null
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

function trades({ state, limits, working }: Scoped): CheckResult {
  const count = tradesToday(state) + working
  const limit = limits.maxTradesPerDay
  const row = { code: 'MAX_TRADES_PER_DAY' as const, scope: state.scope, what: 'entries today' }
  return counted(row, 'orders', { count, limit, passed: count < limit })
}

function cooldown({ state, limits }: Scoped, { request }: Judged): CheckResult {
  const until = isCoolingDown(state, request.now) ? state.cooldownUntil : null
  const result = compared({
    code: 'COOLDOWN_ACTIVE',
    scope: state.scope,
    passed: until === null,
    limit: String(limits.lossStreak),
    observed: String(lossStreak(state, request.now)),
    unit: 'losses',
    what: until === null ? 'in a row' : 'cooling down after',
  })
  if (until === null) return result
  const iso = new Date(until).toISOString()
  return { ...result, until: iso, message: `${result.message}, until ${iso}` }
}

function stopLossGuard({ state, limits }: Scoped, { request }: Judged): CheckResult {
  const { stopLossGuard: guard } = limits
  if (guard.count === null) return skipped('STOP_LOSS_GUARD', state.scope, 'off')
  const until = stopLossLockUntil(state.stopExits, request.order, guard)
  const locked = until !== null && request.now < until
  return {
    id: 'R26',
    code: 'STOP_LOSS_GUARD',
    passed: !locked,
    scope: state.scope,
    limit: String(guard.count),
    observed: null,
    unit: 'orders',
    message: locked ? 'locked after stop-loss exits' : 'not locked',
    ...(locked ? { until: new Date(until).toISOString() } : {}),
  }
}
