import { describe, expect, it } from 'vitest'
import type { LimitOverrides } from '../src/limits.ts'
import type { RiskStates } from '../src/request.ts'
import type { CheckResult } from '../src/verdict.ts'
import { type Overrides, NOW, freshStates } from './fixtures.ts'
import { judge } from './judge.ts'

/** A row of the inspector as one line. */
function line({
  id,
  code,
  passed,
  skipped,
  scope,
  limit,
  observed,
  unit,
  message,
  until,
}: CheckResult): string {
  const outcome = skipped ?? (passed ? 'passed' : 'refused')
  const cells = [id, code, outcome, scope, limit, observed, unit, message]
  return [...cells, ...(until === undefined ? [] : [until])].map(String).join(' | ')
}

const GUARDED: LimitOverrides = {
  executionThrottle: 5,
  signalThreshold: 0.5,
  stopLossGuard: { count: 2, lookbackMinutes: 60, durationMinutes: 30, locks: 'side' },
}

/** Every latch set, every counter at its limit. */
function exhausted(): RiskStates {
  const { strategy, account } = freshStates()
  const exit = { symbol: 'SPX', side: 'BUY' as const }
  const held = {
    dailyLossBlockedAt: 1,
    drawdownTrippedAt: 1,
    entryOrderIds: Array.from({ length: 20 }, String),
    consecutiveLosses: 3,
    cooldownUntil: NOW + 60_000,
    executions: 5,
    stopExits: [
      { ...exit, at: NOW - 2 },
      { ...exit, at: NOW - 1 },
    ],
  }
  return { strategy: { ...strategy, ...held }, account: { ...account, ...held } }
}

const FAULTY: Overrides = {
  order: {
    orderType: 'STOP',
    timeInForce: 'OPG',
    limitPrice: '4000.001',
    stopPrice: '0',
    stopLoss: '2600',
    quantity: '1000.005',
    reduceOnly: true,
    expiresAt: NOW - 1,
  },
  permission: { allowed: false },
  market: { feed: { kind: 'ticks', ageSeconds: 11, intervalSeconds: 60 } },
  books: {
    otherOpenPositions: { strategy: 20, account: 30 },
    activeOrders: 50,
    workingEntryOrders: { strategy: 1, account: 2 },
  },
  messageBucket: { milliTokens: 999, at: NOW },
  recentOrders: [
    {
      at: NOW - 1_500,
      symbol: 'SPX',
      side: 'BUY',
      orderType: 'STOP',
      quantity: '1000.005',
      price: '4000.001',
      notionalUsd: '60000',
    },
  ],
  signal: { signalAt: NOW - 432_000_001, confidence: 0.4 },
  modelHealth: 'critical',
  tradingStates: { global: 'HALTED', symbol: 'REDUCING' },
}

describe('the inspector shows every rule with limit, observed value, unit and a sentence', () => {
  it('of an order that is allowed', () => {
    const order = { orderType: 'LIMIT' as const, limitPrice: '2990', takeProfit: '3200.5' }
    const { checks } = judge({ order }, { strategy: { ...GUARDED, maxOrderQuantity: '3' } })
    expect(checks.map(line)).toEqual(ALLOWED)
  })

  it('of an order that almost every rule refuses', () => {
    const strategy = { ...GUARDED, denySymbols: ['SPX'], maxOrderQuantityBySymbol: { SPX: '5' } }
    const limits = { strategy, global: { allowSymbols: ['X'] }, states: exhausted() }
    expect(judge(FAULTY, limits).checks.map(line)).toEqual(REFUSED)
  })

  it('of an order about which nothing is known', () => {
    const { checks } = judge({
      instrument: null,
      order: { orderType: 'LIMIT', limitPrice: '3000' },
      market: { referencePrice: null, unitValueUsd: null, feed: null, isOpen: null },
      books: { strategyEquityUsd: null, accountEquityUsd: null, allocationUsd: null, freeBalanceUsd: null },
    })
    expect(checks.map(line)).toEqual(UNKNOWN)
  })

  it('of an order that reduces a position, with the rules that it is excused from', () => {
    const { checks } = judge({
      order: { side: 'SELL', reduceOnly: true, allowDuplicate: true },
      books: { positionQuantity: '4' },
      signal: { signal: 'CLOSE' },
    })
    expect(checks.map(line)).toEqual(REDUCING)
  })

  it('of a market that is open, closed or of unknown hours, and of a signal that was used', () => {
    const row = (overrides: Overrides, id: string) =>
      judge(overrides).checks.filter((check) => check.id === id)
    const sentences = [
      ...[true, false, null].flatMap((isOpen) => row({ market: { isOpen } }, 'R19')),
      ...row({ signal: { alreadyUsed: true } }, 'R23'),
      ...row({ restingOrders: [{ orderId: 'o9', symbol: 'SPX', side: 'SELL', limitPrice: '3000' }] }, 'R22'),
    ].map(({ message }) => message)
    expect(sentences).toEqual([
      'the market is open',
      'the market is closed',
      'market hours are unknown',
      'the signal was used before',
      'would trade with own order o9',
    ])
  })
})

const ALLOWED = [
  'R01 | TRADING_STATE_REDUCING | passed | strategy:s:PAPER | ACTIVE | ACTIVE | state | trading state of strategy:s:PAPER is ACTIVE',
  'R02 | NOT_PERMITTED | passed | strategy:s:PAPER | null | null | null | permitted',
  'R03 | SYMBOL_RESTRICTED | passed | strategy:s:PAPER | null | null | null | SPX may be traded',
  'R03 | SYMBOL_RESTRICTED | passed | account:PAPER | null | null | null | SPX may be traded',
  'R04 | INSTRUMENT_NOT_FOUND | passed | symbol:SPX | null | null | null | SPX is known',
  'R04 | PRICE_PRECISION | passed | symbol:SPX | 0.01 | 2990 | price | price 2990 price, limit 0.01',
  'R04 | PRICE_NOT_POSITIVE | passed | symbol:SPX | 0 | 2990 | price | price 2990 price, limit 0',
  'R04 | PRICE_PRECISION | passed | symbol:SPX | 0.01 | 2900 | price | price 2900 price, limit 0.01',
  'R04 | PRICE_NOT_POSITIVE | passed | symbol:SPX | 0 | 2900 | price | price 2900 price, limit 0',
  'R04 | PRICE_PRECISION | passed | symbol:SPX | 0.01 | 3200.5 | price | price 3200.5 price, limit 0.01',
  'R04 | PRICE_NOT_POSITIVE | passed | symbol:SPX | 0 | 3200.5 | price | price 3200.5 price, limit 0',
  'R04 | QTY_PRECISION | passed | symbol:SPX | 0.01 | 2 | units | quantity 2 units, limit 0.01',
  'R04 | QTY_BELOW_MIN | passed | symbol:SPX | 0.01 | 2 | units | quantity 2 units, limit 0.01',
  'R04 | QTY_ABOVE_MAX | passed | symbol:SPX | 1000 | 2 | units | quantity 2 units, limit 1000',
  'R05 | MAX_ORDER_QTY | passed | strategy:s:PAPER | 3 | 2 | units | order quantity 2 units, limit 3',
  'R06 | MAX_ORDER_NOTIONAL | passed | account:PAPER | 25000 | 6000 | USD | order notional 6000 USD, limit 25000',
  'R06 | MAX_ORDER_NOTIONAL | passed | strategy:s:PAPER | 30000 | 6000 | USD | order notional 6000 USD, limit 30000',
  'R07 | PRICE_COLLAR | passed | strategy:s:PAPER | 0.05 | 0.003333 | fraction | distance from the reference price 0.003333 fraction, limit 0.05',
  'R08 | INSUFFICIENT_FREE_BALANCE | passed | account:PAPER | 100000 | 6001 | USD | needed balance 6001 USD, limit 100000',
  'R09 | MAX_POSITION | passed | strategy:s:PAPER | 30000 | 6000 | USD | projected position 6000 USD, limit 30000',
  'R10 | MAX_GROSS_EXPOSURE | passed | account:PAPER | 100000 | 6000 | USD | gross exposure 6000 USD, limit 100000',
  'R11 | STRATEGY_ALLOCATION | passed | strategy:s:PAPER | 30000 | 6000 | USD | strategy notional 6000 USD, limit 30000',
  'R11 | MAX_RISK_PER_TRADE | passed | strategy:s:PAPER | 600 | 180.60200668 | USD | risk of the trade 180.60200668 USD, limit 600',
  'R12 | MAX_OPEN_POSITIONS | passed | strategy:s:PAPER | 20 | 1 | positions | open positions with this one 1 positions, limit 20',
  'R12 | MAX_OPEN_POSITIONS | passed | account:PAPER | 20 | 1 | positions | open positions with this one 1 positions, limit 20',
  'R13 | MESSAGE_RATE | passed | strategy:s:PAPER | 1 | 10 | orders | messages left of 10 per second 10 orders, limit 1',
  'R14 | WINDOW_NOTIONAL | passed | strategy:s:PAPER | 60000 | 6000 | USD | notional within 60 s 6000 USD, limit 60000',
  'R15 | DUPLICATE_ORDER | passed | strategy:s:PAPER | null | null | null | no identical order in the window',
  'R16 | EXECUTION_THROTTLE | passed | strategy:s:PAPER | 5 | 0 | executions | automated executions since armed 0 executions, limit 5',
  'R17 | MAX_ACTIVE_ORDERS | passed | strategy:s:PAPER | 50 | 1 | orders | working orders with this one 1 orders, limit 50',
  'R18 | STALE_MARKET_DATA | passed | symbol:SPX | 46800 | 1800 | seconds | age of the last price in session time 1800 seconds, limit 46800',
  'R19 | MARKET_CLOSED | not_applicable | symbol:SPX | null | null | null | not applied: does not concern this order',
  'R20 | REDUCE_ONLY_WOULD_INCREASE | not_applicable | strategy:s:PAPER | null | null | null | not applied: does not concern this order',
  'R21 | EXPIRE_TIME_IN_PAST | passed | order | null | null | null | well formed',
  'R21 | MISSING_LIMIT_PRICE | passed | order | null | null | null | well formed',
  'R21 | MISSING_STOP_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_LIMIT_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_STOP_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_TIME_IN_FORCE | passed | order | null | null | null | well formed',
  'R22 | SELF_TRADE | passed | account:PAPER | null | null | null | crosses no order of the account',
  'R23 | SIGNAL_EXPIRED | passed | strategy:s:PAPER | 432000 | 1 | seconds | age of the signal 1 seconds, limit 432000',
  'R24 | CONFIDENCE_BELOW_THRESHOLD | passed | strategy:s:PAPER | 0.5 | 0.8 | confidence | confidence of the signal 0.8 confidence, limit 0.5',
  'R25 | MODEL_UNHEALTHY | passed | strategy:s:PAPER | null | null | null | the model is healthy',
  'R26 | DAILY_LOSS_LIMIT | passed | strategy:s:PAPER | -0.05 | 0 | fraction | result of the day 0, limit -0.05',
  'R26 | DAILY_LOSS_LIMIT | passed | account:PAPER | -0.05 | 0 | fraction | result of the day 0, limit -0.05',
  'R26 | MAX_TRADES_PER_DAY | passed | strategy:s:PAPER | 20 | 0 | orders | entries today 0 orders, limit 20',
  'R26 | MAX_TRADES_PER_DAY | passed | account:PAPER | 20 | 0 | orders | entries today 0 orders, limit 20',
  'R26 | COOLDOWN_ACTIVE | passed | strategy:s:PAPER | 3 | 0 | losses | in a row 0 losses, limit 3',
  'R26 | COOLDOWN_ACTIVE | passed | account:PAPER | 3 | 0 | losses | in a row 0 losses, limit 3',
  'R26 | STOP_LOSS_GUARD | passed | strategy:s:PAPER | 2 | null | orders | not locked',
  'R26 | STOP_LOSS_GUARD | off | account:PAPER | null | null | null | not applied: switched off',
]

const REFUSED = [
  'R01 | TRADING_HALTED | refused | global | ACTIVE | HALTED | state | trading state of global is HALTED',
  'R01 | TRADING_STATE_REDUCING | refused | account:PAPER | ACTIVE | REDUCING | state | trading state of account:PAPER is REDUCING',
  'R01 | TRADING_STATE_REDUCING | refused | strategy:s:PAPER | ACTIVE | REDUCING | state | trading state of strategy:s:PAPER is REDUCING',
  'R01 | TRADING_STATE_REDUCING | refused | symbol:SPX | ACTIVE | REDUCING | state | trading state of symbol:SPX is REDUCING',
  'R02 | NOT_PERMITTED | refused | strategy:s:PAPER | null | null | null | not permitted',
  'R03 | SYMBOL_RESTRICTED | refused | strategy:s:PAPER | null | null | null | SPX is on the deny-list',
  'R03 | SYMBOL_RESTRICTED | refused | account:PAPER | null | null | null | SPX is not in the universe',
  'R04 | INSTRUMENT_NOT_FOUND | passed | symbol:SPX | null | null | null | SPX is known',
  'R04 | PRICE_PRECISION | refused | symbol:SPX | 0.01 | 4000.001 | price | price 4000.001 price, limit 0.01',
  'R04 | PRICE_NOT_POSITIVE | passed | symbol:SPX | 0 | 4000.001 | price | price 4000.001 price, limit 0',
  'R04 | PRICE_PRECISION | passed | symbol:SPX | 0.01 | 0 | price | price 0 price, limit 0.01',
  'R04 | PRICE_NOT_POSITIVE | refused | symbol:SPX | 0 | 0 | price | price 0 price, limit 0',
  'R04 | PRICE_PRECISION | passed | symbol:SPX | 0.01 | 2600 | price | price 2600 price, limit 0.01',
  'R04 | PRICE_NOT_POSITIVE | passed | symbol:SPX | 0 | 2600 | price | price 2600 price, limit 0',
  'R04 | QTY_PRECISION | refused | symbol:SPX | 0.01 | 1000.005 | units | quantity 1000.005 units, limit 0.01',
  'R04 | QTY_BELOW_MIN | passed | symbol:SPX | 0.01 | 1000.005 | units | quantity 1000.005 units, limit 0.01',
  'R04 | QTY_ABOVE_MAX | refused | symbol:SPX | 1000 | 1000.005 | units | quantity 1000.005 units, limit 1000',
  'R05 | MAX_ORDER_QTY | refused | strategy:s:PAPER | 5 | 1000.005 | units | order quantity 1000.005 units, limit 5',
  'R06 | MAX_ORDER_NOTIONAL | refused | account:PAPER | 25000 | 3000015 | USD | order notional 3000015 USD, limit 25000',
  'R06 | MAX_ORDER_NOTIONAL | refused | strategy:s:PAPER | 30000 | 3000015 | USD | order notional 3000015 USD, limit 30000',
  'R07 | PRICE_COLLAR | refused | strategy:s:PAPER | 0.05 | 0.333333 | fraction | distance from the reference price 0.333333 fraction, limit 0.05',
  'R08 | INSUFFICIENT_FREE_BALANCE | refused | account:PAPER | 100000 | 3000016 | USD | needed balance 3000016 USD, limit 100000',
  'R09 | MAX_POSITION | refused | strategy:s:PAPER | 30000 | 3000015 | USD | projected position 3000015 USD, limit 30000',
  'R10 | MAX_GROSS_EXPOSURE | refused | account:PAPER | 100000 | 3000015 | USD | gross exposure 3000015 USD, limit 100000',
  'R11 | STRATEGY_ALLOCATION | refused | strategy:s:PAPER | 30000 | 3000015 | USD | strategy notional 3000015 USD, limit 30000',
  'R11 | MAX_RISK_PER_TRADE | refused | strategy:s:PAPER | 600 | 1050005.73750231 | USD | risk of the trade 1050005.73750231 USD, limit 600',
  'R12 | MAX_OPEN_POSITIONS | refused | strategy:s:PAPER | 20 | 21 | positions | open positions with this one 21 positions, limit 20',
  'R12 | MAX_OPEN_POSITIONS | refused | account:PAPER | 20 | 31 | positions | open positions with this one 31 positions, limit 20',
  'R13 | MESSAGE_RATE | refused | strategy:s:PAPER | 1 | 0 | orders | messages left of 10 per second 0 orders, limit 1',
  'R14 | WINDOW_NOTIONAL | refused | strategy:s:PAPER | 60000 | 3060015 | USD | notional within 60 s 3060015 USD, limit 60000',
  'R15 | DUPLICATE_ORDER | refused | strategy:s:PAPER | 10 | 1.5 | seconds | age of an identical order 1.5 seconds, limit 10',
  'R16 | EXECUTION_THROTTLE | refused | strategy:s:PAPER | 5 | 5 | executions | automated executions since armed 5 executions, limit 5',
  'R17 | MAX_ACTIVE_ORDERS | refused | strategy:s:PAPER | 50 | 51 | orders | working orders with this one 51 orders, limit 50',
  'R18 | STALE_MARKET_DATA | refused | symbol:SPX | 10 | 11 | seconds | age of the last price in session time 11 seconds, limit 10',
  'R19 | MARKET_CLOSED | not_applicable | symbol:SPX | null | null | null | not applied: does not concern this order',
  'R20 | REDUCE_ONLY_WOULD_INCREASE | refused | strategy:s:PAPER | null | null | null | a reduce-only order would open, grow or flip the position',
  'R21 | EXPIRE_TIME_IN_PAST | refused | order | null | null | null | the order has already expired',
  'R21 | MISSING_LIMIT_PRICE | passed | order | null | null | null | well formed',
  'R21 | MISSING_STOP_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_LIMIT_PRICE | refused | order | null | null | null | only a LIMIT order has a limit price',
  'R21 | UNSUPPORTED_STOP_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_TIME_IN_FORCE | refused | order | null | null | null | a STOP order cannot be for the opening auction',
  'R22 | SELF_TRADE | passed | account:PAPER | null | null | null | crosses no order of the account',
  'R23 | SIGNAL_EXPIRED | refused | strategy:s:PAPER | 432000 | 432000.001 | seconds | age of the signal 432000.001 seconds, limit 432000',
  'R24 | CONFIDENCE_BELOW_THRESHOLD | refused | strategy:s:PAPER | 0.5 | 0.4 | confidence | confidence of the signal 0.4 confidence, limit 0.5',
  'R25 | MODEL_UNHEALTHY | refused | strategy:s:PAPER | null | null | null | the model is critical',
  'R26 | DAILY_LOSS_LIMIT | refused | strategy:s:PAPER | -0.05 | 0 | fraction | the daily loss limit of -0.05 was reached; entries wait for the next session',
  'R26 | DAILY_LOSS_LIMIT | refused | account:PAPER | -0.05 | 0 | fraction | the daily loss limit of -0.05 was reached; entries wait for the next session',
  'R26 | MAX_TRADES_PER_DAY | refused | strategy:s:PAPER | 20 | 21 | orders | entries today 21 orders, limit 20',
  'R26 | MAX_TRADES_PER_DAY | refused | account:PAPER | 20 | 22 | orders | entries today 22 orders, limit 20',
  'R26 | COOLDOWN_ACTIVE | refused | strategy:s:PAPER | 3 | 3 | losses | cooling down after 3 losses, limit 3, until 2026-01-07T15:01:00.000Z | 2026-01-07T15:01:00.000Z',
  'R26 | COOLDOWN_ACTIVE | refused | account:PAPER | 3 | 3 | losses | cooling down after 3 losses, limit 3, until 2026-01-07T15:01:00.000Z | 2026-01-07T15:01:00.000Z',
  'R26 | STOP_LOSS_GUARD | refused | strategy:s:PAPER | 2 | null | orders | locked after stop-loss exits | 2026-01-07T15:29:59.999Z',
  'R26 | STOP_LOSS_GUARD | off | account:PAPER | null | null | null | not applied: switched off',
]

const UNKNOWN = [
  'R01 | TRADING_STATE_REDUCING | passed | strategy:s:PAPER | ACTIVE | ACTIVE | state | trading state of strategy:s:PAPER is ACTIVE',
  'R02 | NOT_PERMITTED | passed | strategy:s:PAPER | null | null | null | permitted',
  'R03 | SYMBOL_RESTRICTED | passed | strategy:s:PAPER | null | null | null | SPX may be traded',
  'R03 | SYMBOL_RESTRICTED | passed | account:PAPER | null | null | null | SPX may be traded',
  'R04 | INSTRUMENT_NOT_FOUND | refused | symbol:SPX | null | null | null | SPX is not known, or its currency has no USD rate',
  'R05 | MAX_ORDER_QTY | off | strategy:s:PAPER | null | null | null | not applied: switched off',
  'R06 | MAX_ORDER_NOTIONAL | refused | account:PAPER | null | null | USD | order notional is unknown',
  'R06 | MAX_ORDER_NOTIONAL | refused | strategy:s:PAPER | null | null | USD | order notional is unknown',
  'R07 | PRICE_COLLAR | refused | strategy:s:PAPER | null | null | fraction | distance from the reference price is unknown',
  'R08 | INSUFFICIENT_FREE_BALANCE | refused | account:PAPER | null | null | USD | needed balance is unknown',
  'R09 | MAX_POSITION | refused | strategy:s:PAPER | null | null | USD | projected position is unknown',
  'R10 | MAX_GROSS_EXPOSURE | refused | account:PAPER | null | null | USD | gross exposure is unknown',
  'R11 | STRATEGY_ALLOCATION | refused | strategy:s:PAPER | null | null | USD | strategy notional is unknown',
  'R11 | MAX_RISK_PER_TRADE | refused | strategy:s:PAPER | null | null | USD | risk of the trade is unknown',
  'R12 | MAX_OPEN_POSITIONS | passed | strategy:s:PAPER | 20 | 1 | positions | open positions with this one 1 positions, limit 20',
  'R12 | MAX_OPEN_POSITIONS | passed | account:PAPER | 20 | 1 | positions | open positions with this one 1 positions, limit 20',
  'R13 | MESSAGE_RATE | passed | strategy:s:PAPER | 1 | 10 | orders | messages left of 10 per second 10 orders, limit 1',
  'R14 | WINDOW_NOTIONAL | refused | strategy:s:PAPER | null | null | USD | notional in the window is unknown',
  'R15 | DUPLICATE_ORDER | passed | strategy:s:PAPER | null | null | null | no identical order in the window',
  'R16 | EXECUTION_THROTTLE | off | strategy:s:PAPER | null | null | null | not applied: switched off',
  'R17 | MAX_ACTIVE_ORDERS | passed | strategy:s:PAPER | 50 | 1 | orders | working orders with this one 1 orders, limit 50',
  'R18 | STALE_MARKET_DATA | refused | symbol:SPX | null | null | seconds | age of the last price is unknown',
  'R19 | MARKET_CLOSED | not_applicable | symbol:SPX | null | null | null | not applied: does not concern this order',
  'R20 | REDUCE_ONLY_WOULD_INCREASE | not_applicable | strategy:s:PAPER | null | null | null | not applied: does not concern this order',
  'R21 | EXPIRE_TIME_IN_PAST | passed | order | null | null | null | well formed',
  'R21 | MISSING_LIMIT_PRICE | passed | order | null | null | null | well formed',
  'R21 | MISSING_STOP_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_LIMIT_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_STOP_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_TIME_IN_FORCE | passed | order | null | null | null | well formed',
  'R22 | SELF_TRADE | passed | account:PAPER | null | null | null | crosses no order of the account',
  'R23 | SIGNAL_EXPIRED | refused | strategy:s:PAPER | null | null | seconds | time to live of the signal is unknown',
  'R24 | CONFIDENCE_BELOW_THRESHOLD | off | strategy:s:PAPER | null | null | null | not applied: switched off',
  'R25 | MODEL_UNHEALTHY | passed | strategy:s:PAPER | null | null | null | the model is healthy',
  'R26 | DAILY_LOSS_LIMIT | passed | strategy:s:PAPER | -0.05 | null | fraction | result of the day unknown, limit -0.05',
  'R26 | DAILY_LOSS_LIMIT | passed | account:PAPER | -0.05 | null | fraction | result of the day unknown, limit -0.05',
  'R26 | MAX_TRADES_PER_DAY | passed | strategy:s:PAPER | 20 | 0 | orders | entries today 0 orders, limit 20',
  'R26 | MAX_TRADES_PER_DAY | passed | account:PAPER | 20 | 0 | orders | entries today 0 orders, limit 20',
  'R26 | COOLDOWN_ACTIVE | passed | strategy:s:PAPER | 3 | 0 | losses | in a row 0 losses, limit 3',
  'R26 | COOLDOWN_ACTIVE | passed | account:PAPER | 3 | 0 | losses | in a row 0 losses, limit 3',
  'R26 | STOP_LOSS_GUARD | off | strategy:s:PAPER | null | null | null | not applied: switched off',
  'R26 | STOP_LOSS_GUARD | off | account:PAPER | null | null | null | not applied: switched off',
]

const REDUCING = [
  'R01 | TRADING_STATE_REDUCING | passed | strategy:s:PAPER | ACTIVE | ACTIVE | state | trading state of strategy:s:PAPER is ACTIVE',
  'R02 | NOT_PERMITTED | passed | strategy:s:PAPER | null | null | null | permitted',
  'R03 | SYMBOL_RESTRICTED | passed | strategy:s:PAPER | null | null | null | SPX may be traded',
  'R03 | SYMBOL_RESTRICTED | passed | account:PAPER | null | null | null | SPX may be traded',
  'R04 | INSTRUMENT_NOT_FOUND | passed | symbol:SPX | null | null | null | SPX is known',
  'R04 | PRICE_PRECISION | passed | symbol:SPX | 0.01 | 2900 | price | price 2900 price, limit 0.01',
  'R04 | PRICE_NOT_POSITIVE | passed | symbol:SPX | 0 | 2900 | price | price 2900 price, limit 0',
  'R04 | QTY_PRECISION | passed | symbol:SPX | 0.01 | 2 | units | quantity 2 units, limit 0.01',
  'R04 | QTY_BELOW_MIN | passed | symbol:SPX | 0.01 | 2 | units | quantity 2 units, limit 0.01',
  'R04 | QTY_ABOVE_MAX | passed | symbol:SPX | 1000 | 2 | units | quantity 2 units, limit 1000',
  'R05 | MAX_ORDER_QTY | off | strategy:s:PAPER | null | null | null | not applied: switched off',
  'R06 | MAX_ORDER_NOTIONAL | reducing | order | null | null | null | not applied: the order reduces a position',
  'R07 | PRICE_COLLAR | not_applicable | strategy:s:PAPER | null | null | null | not applied: does not concern this order',
  'R08 | INSUFFICIENT_FREE_BALANCE | reducing | order | null | null | null | not applied: the order reduces a position',
  'R09 | MAX_POSITION | reducing | order | null | null | null | not applied: the order reduces a position',
  'R10 | MAX_GROSS_EXPOSURE | reducing | order | null | null | null | not applied: the order reduces a position',
  'R11 | STRATEGY_ALLOCATION | reducing | order | null | null | null | not applied: the order reduces a position',
  'R12 | MAX_OPEN_POSITIONS | reducing | order | null | null | null | not applied: the order reduces a position',
  'R13 | MESSAGE_RATE | reducing | order | null | null | null | not applied: the order reduces a position',
  'R14 | WINDOW_NOTIONAL | reducing | order | null | null | null | not applied: the order reduces a position',
  'R15 | DUPLICATE_ORDER | off | strategy:s:PAPER | null | null | null | not applied: switched off',
  'R16 | EXECUTION_THROTTLE | reducing | order | null | null | null | not applied: the order reduces a position',
  'R17 | MAX_ACTIVE_ORDERS | reducing | order | null | null | null | not applied: the order reduces a position',
  'R18 | STALE_MARKET_DATA | reducing | order | null | null | null | not applied: the order reduces a position',
  'R19 | MARKET_CLOSED | reducing | symbol:SPX | null | null | null | not applied: the order reduces a position',
  'R20 | REDUCE_ONLY_WOULD_INCREASE | passed | strategy:s:PAPER | null | null | null | the order only reduces',
  'R21 | EXPIRE_TIME_IN_PAST | passed | order | null | null | null | well formed',
  'R21 | MISSING_LIMIT_PRICE | passed | order | null | null | null | well formed',
  'R21 | MISSING_STOP_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_LIMIT_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_STOP_PRICE | passed | order | null | null | null | well formed',
  'R21 | UNSUPPORTED_TIME_IN_FORCE | passed | order | null | null | null | well formed',
  'R22 | SELF_TRADE | passed | account:PAPER | null | null | null | crosses no order of the account',
  'R23 | SIGNAL_EXPIRED | reducing | strategy:s:PAPER | null | null | null | not applied: the order reduces a position',
  'R24 | CONFIDENCE_BELOW_THRESHOLD | reducing | order | null | null | null | not applied: the order reduces a position',
  'R25 | MODEL_UNHEALTHY | reducing | order | null | null | null | not applied: the order reduces a position',
  'R26 | DAILY_LOSS_LIMIT | reducing | order | null | null | null | not applied: the order reduces a position',
]
