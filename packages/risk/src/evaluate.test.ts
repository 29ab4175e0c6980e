import { describe, expect, it } from 'vitest'
import { type Overrides, NOW, freshStates, limitsOf, requestOf } from '../test/fixtures.ts'
import { apply } from './apply.ts'
import { RISK_CODES, RISK_CODES_BY_RULE } from './codes.ts'
import { evaluate } from './evaluate.ts'
import type { RiskEvent } from './events.ts'
import type { LimitOverrides } from './limits.ts'
import type { RiskStates } from './request.ts'
import type { Verdict } from './verdict.ts'

interface Case {
  strategy?: LimitOverrides
  global?: LimitOverrides
  states?: RiskStates
}

const judge = (overrides: Overrides = {}, { strategy, global, states }: Case = {}): Verdict =>
  evaluate(requestOf(overrides), states ?? freshStates(), limitsOf(strategy, global))
const codes = (overrides: Overrides = {}, extra: Case = {}): string[] =>
  judge(overrides, extra).violations.map((violation) => violation.code)
/** A position of 4, and an order that sells 2 of them. */
const reducing = (order: Overrides['order'] = {}): Overrides => ({
  order: { side: 'SELL', ...order },
  books: { positionQuantity: '4' },
})
const withEvents = (...events: RiskEvent[]): RiskStates => {
  const { strategy, account } = freshStates()
  return {
    strategy: events.reduce((state, event) => apply(state, event, limitsOf().strategy), strategy),
    account,
  }
}

describe('a verdict', () => {
  it('allows an order within every limit and shows every rule in order', () => {
    const verdict = judge()
    expect(verdict.violations).toEqual([])
    expect(verdict.allowed).toBe(true)
    expect([...new Set(verdict.checks.map((check) => check.id))]).toEqual(Object.keys(RISK_CODES_BY_RULE))
    expect(verdict.checks.every((check) => check.message !== '')).toBe(true)
  })

  it('collects all violations; the first in the documented order is the headline', () => {
    const verdict = judge({
      tradingStates: { global: 'HALTED' },
      order: { quantity: '20' },
      market: { isOpen: false },
      modelHealth: 'critical',
    })
    expect(verdict.allowed).toBe(false)
    expect(verdict.violations[0]?.code).toBe('TRADING_HALTED')
    expect(verdict.violations.map((v) => v.id)).toEqual([
      'R01',
      'R06',
      'R06',
      'R09',
      'R11',
      'R11',
      'R19',
      'R25',
    ])
  })

  it('says what was observed against which limit, in which unit and scope', () => {
    const violation = judge({ order: { quantity: '9' } }).violations[0]
    expect(violation).toEqual({
      id: 'R06',
      code: 'MAX_ORDER_NOTIONAL',
      passed: false,
      scope: 'account:PAPER',
      limit: '25000',
      observed: '27000',
      unit: 'USD',
      message: 'order notional 27000 USD, limit 25000',
    })
  })

  it('shows which rules a reducing order was excused from', () => {
    const verdict = judge(reducing())
    expect(verdict.reducing).toBe(true)
    const skipped = verdict.checks.filter((check) => check.skipped === 'reducing').map((check) => check.id)
    expect(skipped).toEqual([
      'R06',
      'R08',
      'R09',
      'R10',
      'R11',
      'R12',
      'R13',
      'R14',
      'R16',
      'R17',
      'R18',
      'R19',
      'R24',
      'R25',
      'R26',
    ])
  })

  it('has only codes from the table', () => {
    const seen = judge({ instrument: null }).checks.map((check) => check.code)
    expect(seen.every((code) => RISK_CODES.includes(code))).toBe(true)
    expect(new Set(RISK_CODES).size).toBe(RISK_CODES.length)
  })

  it('throws only on amounts that are no decimals', () => {
    expect(() => judge({ order: { quantity: '1e2' } })).toThrow(RangeError)
  })
})

describe('what counts as reducing', () => {
  it.each([
    ['SELL', '4', '4', '0', true],
    ['SELL', '4.01', '4', '0', false],
    ['SELL', '2', '4', '2', true],
    ['SELL', '2', '4', '2.01', false],
    ['BUY', '2', '4', '0', false],
    ['BUY', '2', '-2', '0', true],
    ['SELL', '2', '-2', '0', false],
    ['SELL', '2', '0', '0', false],
  ] as const)(
    '%s %s with a position of %s and %s working: %s',
    (side, quantity, positionQuantity, working, expected) => {
      const verdict = judge({
        order: { side, quantity },
        books: { positionQuantity, workingSameSideQuantity: working },
      })
      expect(verdict.reducing).toBe(expected)
    },
  )
})

describe('R01 trading state', () => {
  it.each(['global', 'strategy', 'symbol'] as const)(
    'HALTED at %s scope stops entries and exits',
    (scope) => {
      expect(codes({ tradingStates: { [scope]: 'HALTED' } })).toEqual(['TRADING_HALTED'])
      expect(codes({ ...reducing(), tradingStates: { [scope]: 'HALTED' } })).toEqual(['TRADING_HALTED'])
    },
  )

  it.each(['global', 'strategy', 'symbol'] as const)('REDUCING at %s scope lets exits pass', (scope) => {
    expect(codes({ tradingStates: { [scope]: 'REDUCING' } })).toEqual(['TRADING_STATE_REDUCING'])
    expect(codes({ ...reducing(), tradingStates: { [scope]: 'REDUCING' } })).toEqual([])
  })

  it('HALTED lets only the reducing orders of an accepted flatten pass', () => {
    const tradingStates = { global: 'HALTED' as const }
    expect(codes({ ...reducing({ origin: 'kill_flatten' }), tradingStates })).toEqual([])
    expect(codes({ order: { origin: 'kill_flatten' }, tradingStates })).toEqual(['TRADING_HALTED'])
  })

  it('names the worst scope first', () => {
    const verdict = judge({ tradingStates: { global: 'REDUCING', symbol: 'HALTED' } })
    expect(verdict.violations.map((v) => [v.code, v.scope])).toEqual([
      ['TRADING_HALTED', 'symbol:SPX'],
      ['TRADING_STATE_REDUCING', 'global'],
    ])
  })

  it('obeys the drawdown latches of strategy and account', () => {
    const tripped = withEvents({ type: 'equity_marked', at: NOW, equity: '25500' })
    expect(codes({}, { states: tripped })).toEqual(['TRADING_STATE_REDUCING', 'DAILY_LOSS_LIMIT'])
    expect(codes(reducing(), { states: tripped })).toEqual([])
    const { strategy, account } = freshStates()
    const states = { strategy, account: { ...account, drawdownTrippedAt: 1 } }
    expect(judge({}, { states }).violations[0]?.scope).toBe('account:PAPER')
    expect(judge({ tradingStates: { strategy: 'HALTED' } }, { states: tripped }).violations[0]?.code).toBe(
      'TRADING_HALTED',
    )
  })
})

describe('R02-R05', () => {
  it('R02 refuses without permission, exits too, and repeats the reason', () => {
    const permission = { allowed: false, reason: 'LIVE is not approved' }
    expect(judge({ ...reducing(), permission }).violations[0]).toMatchObject({
      code: 'NOT_PERMITTED',
      message: 'LIVE is not approved',
    })
    expect(judge({ permission: { allowed: false } }).violations[0]?.message).toBe('not permitted')
  })

  it('R03 refuses denied symbols always, symbols outside the universe unless the order reduces', () => {
    expect(codes({}, { strategy: { allowSymbols: ['USD/COP'] } })).toEqual(['SYMBOL_RESTRICTED'])
    expect(codes({}, { strategy: { allowSymbols: ['SPX'] } })).toEqual([])
    expect(codes(reducing(), { strategy: { allowSymbols: [] } })).toEqual([])
    expect(codes(reducing(), { global: { denySymbols: ['SPX'] } })).toEqual([
      'SYMBOL_RESTRICTED',
      'SYMBOL_RESTRICTED',
    ])
  })

  it.each<[string, Overrides, string[]]>([
    ['an unknown symbol', { instrument: null }, ['INSTRUMENT_NOT_FOUND', 'SIGNAL_EXPIRED']],
    ['a price between ticks', { order: { stopLoss: '2900.001' } }, ['PRICE_PRECISION']],
    ['a price of 0', { order: { stopLoss: '0' } }, ['PRICE_NOT_POSITIVE', 'MAX_RISK_PER_TRADE']],
    ['a quantity between lots', { order: { quantity: '2.005' } }, ['QTY_PRECISION']],
    ['a quantity of 0', { order: { quantity: '0' } }, ['QTY_BELOW_MIN']],
    ['a negative quantity', { order: { quantity: '-1' } }, ['QTY_BELOW_MIN']],
    ['less than the minimum', { instrument: { minQuantity: '3' } }, ['QTY_BELOW_MIN']],
    ['more than the maximum', { instrument: { maxQuantity: '1.99' } }, ['QTY_ABOVE_MAX']],
  ])('R04 refuses %s', (_, overrides, expected) => {
    expect(codes(overrides)).toEqual(expected)
  })

  it('R04 knows no maximum where the instrument has none', () => {
    expect(codes({ instrument: { maxQuantity: null } })).toEqual([])
  })

  it('R05 is off by default and binds at > the limit', () => {
    expect(codes({}, { strategy: { maxOrderQuantity: '1.99' } })).toEqual(['MAX_ORDER_QTY'])
    expect(codes({}, { strategy: { maxOrderQuantity: '2' } })).toEqual([])
  })
})

describe('sizes breach above the limit, not at it', () => {
  const big = { accountEquityUsd: '1000000', freeBalanceUsd: '1000000' }
  it.each<[string, Overrides, Overrides, string, LimitOverrides?]>([
    [
      'R06 account',
      { books: { accountEquityUsd: '24000' } },
      { books: { accountEquityUsd: '23999.99' } },
      'MAX_ORDER_NOTIONAL',
    ],
    [
      'R08',
      { books: { freeBalanceUsd: '6001' } },
      { books: { freeBalanceUsd: '6000.99' } },
      'INSUFFICIENT_FREE_BALANCE',
    ],
    [
      'R08 working buys',
      { books: { freeBalanceUsd: '6101', workingBuysUsd: '100' } },
      { books: { freeBalanceUsd: '6101', workingBuysUsd: '100.01' } },
      'INSUFFICIENT_FREE_BALANCE',
    ],
    [
      'R09 with position and working',
      { books: { positionQuantity: '5', workingSameSideQuantity: '3' } },
      { books: { positionQuantity: '5', workingSameSideQuantity: '3.01' } },
      'MAX_POSITION',
    ],
    [
      'R10',
      { books: { accountGrossUsd: '94000' } },
      { books: { accountGrossUsd: '94000.01' } },
      'MAX_GROSS_EXPOSURE',
    ],
    [
      'R11 allocation',
      { books: { strategyGrossUsd: '24000' } },
      { books: { strategyGrossUsd: '24000.01' } },
      'STRATEGY_ALLOCATION',
    ],
    ['R11 risk', { order: { stopLoss: '2700' } }, { order: { stopLoss: '2699.99' } }, 'MAX_RISK_PER_TRADE'],
    [
      'R11 risk without a stop',
      { order: { stopLoss: null } },
      { order: { stopLoss: null, quantity: '2.01' } },
      'MAX_RISK_PER_TRADE',
    ],
    [
      'R12 strategy',
      { books: { otherOpenPositions: { strategy: 4, account: 4 } } },
      { books: { otherOpenPositions: { strategy: 5, account: 5 } } },
      'MAX_OPEN_POSITIONS',
      { maxOpenPositions: 5 },
    ],
    [
      'R12 account',
      { books: { otherOpenPositions: { strategy: 0, account: 19 } } },
      { books: { otherOpenPositions: { strategy: 0, account: 20 } } },
      'MAX_OPEN_POSITIONS',
    ],
    ['R17', { books: { activeOrders: 49 } }, { books: { activeOrders: 50 } }, 'MAX_ACTIVE_ORDERS'],
    [
      'R18 bars',
      { market: { feed: { kind: 'bars', ageSeconds: 46_800, intervalSeconds: 23_400 } } },
      { market: { feed: { kind: 'bars', ageSeconds: 46_801, intervalSeconds: 23_400 } } },
      'STALE_MARKET_DATA',
    ],
    [
      'R18 ticks',
      { market: { feed: { kind: 'ticks', ageSeconds: 10, intervalSeconds: 2 } } },
      { market: { feed: { kind: 'ticks', ageSeconds: 10.001, intervalSeconds: 2 } } },
      'STALE_MARKET_DATA',
    ],
    [
      'R24',
      { signal: { confidence: 0.6 } },
      { signal: { confidence: 0.599 } },
      'CONFIDENCE_BELOW_THRESHOLD',
      { signalThreshold: 0.6 },
    ],
  ])('%s', (_, at, above, code, strategy) => {
    expect(codes(at, { strategy })).toEqual([])
    expect(codes(above, { strategy })).toContain(code)
  })

  it('R06 measures against the allocation as well', () => {
    const order = { quantity: '11', stopLoss: '2999' }
    expect(judge({ order, books: big }).violations.map((v) => [v.code, v.scope])).toEqual([
      ['MAX_ORDER_NOTIONAL', 'strategy:s:PAPER'],
      ['MAX_POSITION', 'strategy:s:PAPER'],
      ['STRATEGY_ALLOCATION', 'strategy:s:PAPER'],
    ])
  })

  it('R09 takes a limit of its own, counts shorts by size and flips by what is left', () => {
    expect(codes({}, { strategy: { maxPositionNotionalUsd: '5999.99' } })).toEqual(['MAX_POSITION'])
    expect(codes({ order: { side: 'SELL' }, books: { positionQuantity: '-9' } })).toEqual(['MAX_POSITION'])
    const flip = { order: { side: 'SELL' as const, quantity: '8', stopLoss: '3050' } }
    expect(codes({ ...flip, books: { positionQuantity: '1' } })).toEqual([])
  })

  it('exempts reducing orders from all of them', () => {
    const books = { positionQuantity: '4', accountEquityUsd: '1', freeBalanceUsd: '0', activeOrders: 99 }
    expect(codes({ ...reducing(), books, market: { feed: null }, modelHealth: 'critical' })).toEqual([])
  })
})

describe('missing data fails closed', () => {
  it.each<[string, Overrides, string[]]>([
    [
      'no unit value',
      { market: { unitValueUsd: null } },
      ['R06', 'R06', 'R08', 'R09', 'R10', 'R11', 'R11', 'R14'],
    ],
    ['no account equity', { books: { accountEquityUsd: null } }, ['R06', 'R10']],
    ['no allocation', { books: { allocationUsd: null } }, ['R06', 'R09', 'R11', 'R14']],
    ['no strategy equity', { books: { strategyEquityUsd: null } }, ['R11']],
    ['no free balance', { books: { freeBalanceUsd: null } }, ['R08']],
    ['no reference price', { market: { referencePrice: null } }, ['R11']],
    ['no feed', { market: { feed: null } }, ['R18']],
    [
      'a feed without data',
      { market: { feed: { kind: 'bars', ageSeconds: null, intervalSeconds: 60 } } },
      ['R18'],
    ],
    ['unknown hours', { market: { isOpen: null } }, ['R19']],
  ])('%s', (_, overrides, expected) => {
    expect(judge(overrides).violations.map((violation) => violation.id)).toEqual(expected)
  })
})

describe('R07 price collar', () => {
  const limit = (limitPrice: string, extra: Overrides = {}) =>
    codes({ ...extra, order: { orderType: 'LIMIT', limitPrice, ...extra.order } })

  it('binds above 5 % from the reference, 1 % for FX, either way', () => {
    expect(limit('3150')).toEqual([])
    expect(limit('3150.01')).toEqual(['PRICE_COLLAR'])
    expect(limit('2849.99')).toEqual(['PRICE_COLLAR'])
    expect(limit('3030', { instrument: { contractType: 'FX' } })).toEqual([])
    expect(limit('3030.01', { instrument: { contractType: 'FX' } })).toEqual(['PRICE_COLLAR'])
  })

  it('is doubled, not removed, for reducing orders', () => {
    expect(limit('3300', reducing())).toEqual([])
    expect(limit('3300.01', reducing())).toEqual(['PRICE_COLLAR'])
  })

  it('refuses a limit price without a reference to hold it against', () => {
    expect(limit('3000', { market: { referencePrice: null } })).toEqual(['PRICE_COLLAR'])
    expect(limit('3000', { market: { referencePrice: '0' } })).toEqual(['PRICE_COLLAR'])
  })
})

describe('R13-R17', () => {
  it('R13 needs one whole token', () => {
    expect(codes({ messageBucket: { milliTokens: 1_000, at: NOW } })).toEqual([])
    expect(codes({ messageBucket: { milliTokens: 999, at: NOW } })).toEqual(['MESSAGE_RATE'])
    expect(codes({ messageBucket: { milliTokens: 0, at: NOW - 100 } })).toEqual([])
    expect(codes({ messageBucket: null })).toEqual([])
  })

  const recent = { symbol: 'SPX', side: 'BUY', orderType: 'MARKET', quantity: '2.00', price: null } as const

  it('R14 counts what was submitted within the last 60 s', () => {
    const orders = (at: number, notionalUsd: string) => ({
      recentOrders: [{ ...recent, quantity: '1', at, notionalUsd }],
    })
    expect(codes(orders(NOW - 59_999, '54000'))).toEqual([])
    expect(codes(orders(NOW - 59_999, '54000.01'))).toEqual(['WINDOW_NOTIONAL'])
    expect(codes(orders(NOW - 60_000, '54000.01'))).toEqual([])
  })

  it('R15 refuses an identical order within 10 s, exits too, unless asked for', () => {
    const twin = { recentOrders: [{ ...recent, at: NOW - 9_999, notionalUsd: '0' }] }
    expect(codes(twin)).toEqual(['DUPLICATE_ORDER'])
    expect(codes({ ...twin, order: { allowDuplicate: true } })).toEqual([])
    expect(codes({ recentOrders: [{ ...recent, at: NOW - 10_000, notionalUsd: '0' }] })).toEqual([])
    const others = [
      { symbol: 'X' },
      { side: 'SELL' as const },
      { quantity: '2.01' },
      { price: '1' },
      { orderType: 'LIMIT' as const },
    ]
    for (const other of others) {
      expect(codes({ recentOrders: [{ ...recent, at: NOW, notionalUsd: '0', ...other }] })).toEqual([])
    }
    const exit = { ...recent, side: 'SELL' as const, at: NOW, notionalUsd: '0' }
    expect(codes({ ...reducing(), recentOrders: [exit] })).toEqual(['DUPLICATE_ORDER'])
  })

  it('R16 stops entries after N automated executions', () => {
    const { strategy, account } = freshStates()
    const states = (executions: number) => ({ strategy: { ...strategy, executions }, account })
    const throttled = { strategy: { executionThrottle: 3 } }
    expect(codes({}, { ...throttled, states: states(2) })).toEqual([])
    expect(codes({}, { ...throttled, states: states(3) })).toEqual(['EXECUTION_THROTTLE'])
    expect(codes({}, { states: states(99) })).toEqual([])
  })
})

describe('R19-R25', () => {
  it('R19 refuses market orders for now while the market is closed; others wait', () => {
    const market = { isOpen: false }
    expect(codes({ market })).toEqual(['MARKET_CLOSED'])
    expect(codes({ market, order: { timeInForce: 'GTC' } })).toEqual(['MARKET_CLOSED'])
    expect(codes({ market, order: { timeInForce: 'OPG' } })).toEqual([])
    expect(codes({ market, order: { orderType: 'LIMIT', limitPrice: '3000' } })).toEqual([])
    expect(codes({ market, ...reducing() })).toEqual([])
    expect(codes({ market, ...reducing() }, { strategy: { reducingExemptFromMarketClosed: false } })).toEqual(
      ['MARKET_CLOSED'],
    )
  })

  it('R20 refuses a reduce-only order that would open, grow or flip', () => {
    expect(codes({ order: { reduceOnly: true } })).toEqual(['REDUCE_ONLY_WOULD_INCREASE'])
    expect(codes(reducing({ reduceOnly: true }))).toEqual([])
    expect(codes(reducing({ reduceOnly: true, quantity: '4.01' }))).toContain('REDUCE_ONLY_WOULD_INCREASE')
  })

  it.each<[string, Overrides['order'], string]>([
    ['an expiry in the past', { expiresAt: NOW }, 'EXPIRE_TIME_IN_PAST'],
    ['a LIMIT without a price', { orderType: 'LIMIT' }, 'MISSING_LIMIT_PRICE'],
    ['a STOP without a price', { orderType: 'STOP' }, 'MISSING_STOP_PRICE'],
    ['a MARKET with a limit price', { limitPrice: '3000' }, 'UNSUPPORTED_LIMIT_PRICE'],
    ['a MARKET with a stop price', { stopPrice: '3000' }, 'UNSUPPORTED_STOP_PRICE'],
    [
      'a STOP for the opening auction',
      { orderType: 'STOP', stopPrice: '3000', timeInForce: 'OPG' },
      'UNSUPPORTED_TIME_IN_FORCE',
    ],
  ])('R21 refuses %s', (_, order, code) => {
    expect(codes({ order })).toEqual([code])
  })

  it('R21 accepts an expiry in the future', () => {
    expect(codes({ order: { expiresAt: NOW + 1 } })).toEqual([])
    expect(codes({ order: { expiresAt: null } })).toEqual([])
  })

  it('R22 refuses to cross an own resting order', () => {
    const resting = (limitPrice: string, extra = {}) => ({
      restingOrders: [{ orderId: 'o1', symbol: 'SPX', side: 'SELL' as const, limitPrice, ...extra }],
    })
    expect(codes(resting('3000'))).toEqual(['SELF_TRADE'])
    expect(codes(resting('3000.01'))).toEqual([])
    expect(codes(resting('1', { symbol: 'X' }))).toEqual([])
    expect(codes(resting('1', { side: 'BUY' }))).toEqual([])
    expect(codes({ ...resting('3010'), order: { orderType: 'LIMIT', limitPrice: '3010' } })).toEqual([
      'SELF_TRADE',
    ])
    expect(codes({ ...resting('1'), order: { orderType: 'STOP', stopPrice: '3010' } })).toEqual([])
    const bids = (limitPrice: string) => resting(limitPrice, { side: 'BUY' })
    expect(codes({ ...reducing(), ...bids('3000') })).toEqual(['SELF_TRADE'])
    expect(codes({ ...reducing(), ...bids('2999.99') })).toEqual([])
    expect(codes({ ...resting('9999'), market: { referencePrice: null } })).toContain('SELF_TRADE')
  })

  it('R23 refuses a signal older than 5 bars or used before; a CLOSE that reduces is never too old', () => {
    const ttl = 5 * 86_400_000
    expect(codes({ signal: { signalAt: NOW - ttl } })).toEqual([])
    expect(codes({ signal: { signalAt: NOW - ttl - 1 } })).toEqual(['SIGNAL_EXPIRED'])
    expect(codes({ signal: { alreadyUsed: true } })).toEqual(['SIGNAL_EXPIRED'])
    expect(codes({ ...reducing(), signal: { signal: 'CLOSE', signalAt: 0 } })).toEqual([])
    expect(codes({ signal: { signal: 'CLOSE', signalAt: 0 } })).toEqual(['SIGNAL_EXPIRED'])
    expect(codes({ signal: null })).toEqual([])
  })

  it('R24 does not concern orders without a signal', () => {
    expect(codes({ signal: null }, { strategy: { signalThreshold: 0.99 } })).toEqual([])
  })

  it('R25 stops entries of a critical model, and nothing else', () => {
    expect(codes({ modelHealth: 'critical' })).toEqual(['MODEL_UNHEALTHY'])
    expect(codes({ modelHealth: 'warning' })).toEqual([])
    expect(codes({ modelHealth: null })).toEqual([])
    expect(codes({ ...reducing(), modelHealth: 'critical' })).toEqual([])
  })
})

describe('R26 blocks of the day', () => {
  it('counts working entries with the trades of the day, per scope', () => {
    const entries = Array.from({ length: 19 }, (_, index): RiskEvent => ({
      type: 'entry_filled',
      at: NOW,
      orderId: `o${index}`,
    }))
    const states = withEvents(...entries)
    expect(codes({}, { states })).toEqual([])
    expect(codes({ books: { workingEntryOrders: { strategy: 1, account: 0 } } }, { states })).toEqual([
      'MAX_TRADES_PER_DAY',
    ])
    const account = { books: { workingEntryOrders: { strategy: 0, account: 20 } } }
    expect(judge(account).violations[0]?.scope).toBe('account:PAPER')
  })

  it('tells until when a cooldown lasts, and lets it end by itself', () => {
    const loss = { type: 'trade_closed', at: NOW, netPnlUsd: '-1' } as const
    const states = withEvents(loss, loss, loss)
    expect(judge({}, { states }).violations[0]).toMatchObject({
      code: 'COOLDOWN_ACTIVE',
      observed: '3',
      until: '2026-01-07T15:30:00.000Z',
    })
    expect(codes({ now: NOW + 30 * 60_000 }, { states })).toEqual([])
    expect(codes(reducing(), { states })).toEqual([])
  })

  it('shows the result of the day beside its limit', () => {
    const row = judge({ books: { strategyEquityUsd: '29700' } }).checks.find(
      (c) => c.code === 'DAILY_LOSS_LIMIT',
    )
    expect(row).toMatchObject({ limit: '-0.05', observed: '-0.01', unit: 'fraction', passed: true })
    const unknown = judge({ books: { strategyEquityUsd: null } }).checks.find(
      (c) => c.code === 'DAILY_LOSS_LIMIT',
    )
    expect(unknown).toMatchObject({ observed: null, passed: true })
  })

  it('locks after stop-loss exits where the guard is on', () => {
    const { strategy, account } = freshStates()
    const exit = { at: NOW - 1_000, symbol: 'SPX', side: 'BUY' as const }
    const states = { strategy: { ...strategy, stopExits: [exit, exit] }, account }
    const guard = (locks: 'symbol' | 'side' | 'all') => ({
      strategy: { stopLossGuard: { count: 2, lookbackMinutes: 60, durationMinutes: 30, locks } },
      states,
    })
    expect(codes({}, guard('symbol'))).toEqual(['STOP_LOSS_GUARD'])
    expect(codes({ order: { side: 'SELL' } }, guard('symbol'))).toEqual(['STOP_LOSS_GUARD'])
    expect(codes({ order: { side: 'SELL' } }, guard('side'))).toEqual([])
    expect(codes({ now: NOW + 30 * 60_000 }, guard('side'))).toEqual([])
    const elsewhere = { ...states, strategy: { ...strategy, stopExits: [exit, { ...exit, symbol: 'X' }] } }
    expect(codes({}, { ...guard('symbol'), states: elsewhere })).toEqual([])
    expect(codes({}, { ...guard('all'), states: elsewhere })).toEqual(['STOP_LOSS_GUARD'])
  })
})
