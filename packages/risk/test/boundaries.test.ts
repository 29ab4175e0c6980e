import { Decimal } from '@quantdeck/domain'
import { describe, expect, it } from 'vitest'
import { type BarValues, judgeBar } from '../src/bar-quality.ts'
import { apply, initialRiskState, resolveLimits, restoreRiskState, type RiskEvent } from '../src/index.ts'
import { exact, format, isMultiple, plus, quotient, whole } from '../src/exact.ts'
import { stopLossLockUntil } from '../src/stop-loss-guard.ts'
import { transitions } from '../src/transitions.ts'
import { freshStates, limitsOf, NOW } from './fixtures.ts'
import { codes, judge, reducing, withEvents } from './judge.ts'

/** What a limit is worth shows at the limit itself: one step on either side, and exactly on it. */
const MINUTE = 60_000
const rowOf = (code: string, ...given: Parameters<typeof judge>) =>
  judge(...given).checks.find((row) => row.code === code)

describe('sizes exactly at a limit of the instrument', () => {
  it('are allowed: sizes breach beyond it', () => {
    expect(codes({ instrument: { minQuantity: '2' } })).toEqual([])
    expect(codes({ instrument: { maxQuantity: '2' } })).toEqual([])
    expect(codes({ instrument: { minQuantity: '0' }, order: { quantity: '0' } })).toEqual(['QTY_BELOW_MIN'])
  })

  it('make an order of nothing no reducing order, whatever is held', () => {
    expect(judge(reducing({ quantity: '0' })).reducing).toBe(false)
    expect(judge(reducing({ quantity: '4' })).reducing).toBe(true)
    expect(judge(reducing({ quantity: '4.01' })).reducing).toBe(false)
  })
})

describe('R15 knows a twin by its price', () => {
  const recent = (price: string | null) => ({
    recentOrders: [
      {
        at: NOW - 1_000,
        symbol: 'SPX',
        side: 'BUY' as const,
        orderType: 'LIMIT' as const,
        quantity: '2',
        price,
        notionalUsd: '6000',
      },
    ],
  })
  const limit = { order: { orderType: 'LIMIT' as const, limitPrice: '2999' } }

  it.each([
    ['2999', ['DUPLICATE_ORDER']],
    ['2999.00', ['DUPLICATE_ORDER']],
    ['2999.01', []],
    ['2998.99', []],
    [null, []],
  ])('%s beside 2999', (price, expected) => {
    expect(codes({ ...limit, ...recent(price) })).toEqual(expected)
  })
})

describe('R01 shows the scopes that hold, and no other', () => {
  it('the worst first', () => {
    const tradingStates = { global: 'ACTIVE', strategy: 'REDUCING', symbol: 'HALTED' } as const
    const rows = judge({ tradingStates }).checks.filter(({ id }) => id === 'R01')
    expect(rows.map(({ scope, observed }) => [scope, observed])).toEqual([
      ['symbol:SPX', 'HALTED'],
      ['strategy:s:PAPER', 'REDUCING'],
    ])
  })
})

describe('R11 says what it assumes', () => {
  it('of an order without a stop, and of one with', () => {
    expect(rowOf('MAX_RISK_PER_TRADE', { order: { stopLoss: null } })?.message).toMatch(
      /^risk of the trade \(no stop\) /,
    )
    expect(rowOf('MAX_RISK_PER_TRADE')?.message).toMatch(/^risk of the trade 200 USD/)
  })

  it('knows no risk where the entry has no price above 0', () => {
    const row = rowOf('MAX_RISK_PER_TRADE', { order: { orderType: 'LIMIT', limitPrice: '0' } })
    expect([row?.passed, row?.observed]).toEqual([false, null])
  })
})

describe('R26 at the edge of a day and of a lock', () => {
  it('has no result of a day that opened with nothing', () => {
    const { strategy, account } = freshStates()
    const states = { strategy: { ...strategy, dayOpenEquity: '0' }, account }
    const row = judge({}, { states }).checks.find(({ code }) => code === 'DAILY_LOSS_LIMIT')
    expect([row?.observed, row?.message]).toEqual([null, 'result of the day unknown, limit -0.05'])
  })

  it('ends a lock of the stop-loss guard at its very millisecond', () => {
    const guard = {
      stopLossGuard: { count: 1, lookbackMinutes: 60, durationMinutes: 30, locks: 'all' as const },
    }
    const { strategy, account } = freshStates()
    const at = NOW - 30 * MINUTE
    const stopExits = [{ at, symbol: 'SPX', side: 'BUY' as const }]
    const states = { strategy: { ...strategy, stopExits }, account }
    expect(codes({}, { strategy: guard, states })).toEqual([])
    expect(codes({ now: NOW - 1 }, { strategy: guard, states })).toEqual(['STOP_LOSS_GUARD'])
  })
})

describe('the stop-loss guard', () => {
  const guard = { count: 2, lookbackMinutes: 60, durationMinutes: 30, locks: 'symbol' as const }
  const limits = resolveLimits({ stopLossGuard: guard })
  const exit = (at: number, symbol = 'SPX') => ({ at, symbol, side: 'BUY' as const })
  const fold = (...events: RiskEvent[]) =>
    events.reduce((state, event) => apply(state, event, limits), freshStates().strategy)
  const stopExit = (at: number, symbol = 'SPX'): RiskEvent => ({
    type: 'stop_exit',
    at,
    symbol,
    positionSide: 'BUY',
  })

  it('counts exits within the look-back, not one that is exactly as old as it', () => {
    const entry = { symbol: 'SPX', side: 'BUY' as const }
    expect(stopLossLockUntil([exit(NOW - 60 * MINUTE), exit(NOW)], entry, guard)).toBeNull()
    expect(stopLossLockUntil([exit(NOW - 60 * MINUTE + 1), exit(NOW)], entry, guard)).toBe(NOW + 30 * MINUTE)
  })

  it('remembers an exit for as long as its lock may still be running', () => {
    const kept = (age: number) => fold(stopExit(NOW - age), stopExit(NOW)).stopExits.length
    expect([kept(90 * MINUTE - 1), kept(90 * MINUTE)]).toEqual([2, 1])
  })

  it('tells people of a lock once, when the exit comes that completes it', () => {
    const told = (before: RiskEvent[], event: RiskEvent) => {
      const state = fold(...before)
      return transitions(state, apply(state, event, limits), limits)
    }
    expect(told([], stopExit(NOW))).toEqual([])
    expect(told([stopExit(NOW - 1)], stopExit(NOW))).toEqual(['stop_loss_guard_locked'])
    expect(told([stopExit(NOW - 2), stopExit(NOW - 1)], stopExit(NOW))).toEqual(['stop_loss_guard_locked'])
    // Another symbol's exit completes nothing, and neither does anything else that happens while the lock runs.
    expect(told([stopExit(NOW - 2), stopExit(NOW - 1)], stopExit(NOW, 'ACME'))).toEqual([])
    for (const ages of [
      [2, 1],
      [3, 2, 1],
    ]) {
      const exits = ages.map((age) => stopExit(NOW - age))
      expect(told(exits, { type: 'entry_filled', at: NOW, orderId: 'o' })).toEqual([])
    }
  })
})

describe('what people are told of a cooldown', () => {
  const limits = resolveLimits()
  const loss = (at: number): RiskEvent => ({ type: 'trade_closed', at, netPnlUsd: '-1' })
  const told = (events: RiskEvent[], event: RiskEvent) => {
    const before = withEvents(...events).strategy
    return transitions(before, apply(before, event, limits), limits)
  }

  it('its start, and each loss that moves its end', () => {
    const losses = [loss(NOW), loss(NOW)]
    expect(told([loss(NOW)], loss(NOW))).toEqual([])
    expect(told(losses, loss(NOW))).toEqual(['cooldown_started'])
    expect(told([...losses, loss(NOW)], loss(NOW + MINUTE))).toEqual(['cooldown_extended'])
    // A loss of the same instant ends it where it ended before, and a win not at all.
    expect(told([...losses, loss(NOW)], loss(NOW))).toEqual([])
    expect(told([...losses, loss(NOW)], { type: 'trade_closed', at: NOW + MINUTE, netPnlUsd: '1' })).toEqual(
      [],
    )
    expect(
      told([...losses, loss(NOW)], { type: 'trade_closed', at: NOW + 31 * MINUTE, netPnlUsd: '1' }),
    ).toEqual([])
  })

  it('nothing of executions that nobody throttles', () => {
    expect(told([], { type: 'executed', at: NOW })).toEqual([])
  })
})

describe('the latches', () => {
  const limits = limitsOf().strategy
  it('start empty, and a state that an older version stored starts the rest of them so', () => {
    const start = initialRiskState('account:PAPER', { equity: '100', dayKey: '2026-01-07' })
    const nothing = { stopExits: [], collarBreaches: [], entryOrderIds: [], executions: 0, cleanPasses: 0 }
    expect(start).toMatchObject(nothing)
    const restored = restoreRiskState({ scope: 'account:PAPER', consecutiveLosses: 2 })
    expect(restored).toEqual({
      ...start,
      peakEquity: '0',
      dayOpenEquity: '0',
      dayKey: '',
      consecutiveLosses: 2,
    })
  })

  it('forget breaches of the collar when a person releases them', () => {
    const breach = (n: number): RiskEvent => ({ type: 'collar_breached', at: NOW + n })
    const breached = [0, 1, 2, 3].map(breach)
    expect(withEvents(...breached).strategy.collarTrippedAt).toBe(NOW + 3)
    const released = withEvents(...breached, { type: 'released', at: NOW + 4, equity: '1' }, breach(5))
    expect([released.strategy.collarBreaches, released.strategy.collarTrippedAt]).toEqual([[NOW + 5], null])
  })

  it('are armed again also where the throttle is set so low that nothing was counted', () => {
    const state = { ...freshStates().strategy, throttleTrippedAt: NOW }
    expect(apply(state, { type: 'rearmed', at: NOW }, limits).throttleTrippedAt).toBeNull()
  })

  it('keep the instant of the first difference from the broker', () => {
    const differs = (at: number): RiskEvent => ({ type: 'reconciled', at, matches: false })
    const once = withEvents(differs(NOW)).strategy
    expect(apply(once, differs(NOW + 1), limits)).toBe(once)
  })

  it('count a loss of an account that had nothing as a breach of any limit', () => {
    const start = { ...freshStates().strategy, peakEquity: '0', dayOpenEquity: '0' }
    const marked = apply(start, { type: 'equity_marked', at: NOW, equity: '-1' }, limits)
    expect([marked.drawdownTrippedAt, marked.dailyLossBlockedAt]).toEqual([NOW, NOW])
  })
})

describe('a bar is measured exactly at its limits', () => {
  const flat = (price: string): BarValues => {
    const [open, volume] = [new Decimal(price), new Decimal(1)]
    return { open, high: open, low: open, close: open, volume }
  }
  const after = (before: string, bar: BarValues) =>
    judgeBar({ close: new Decimal(before), pending: [] }, bar).verdict
  const detail = (over: Partial<Record<keyof BarValues, string>>) => {
    const values = Object.entries(over).map(([key, value]) => [key, new Decimal(value)] as const)
    const { verdict } = judgeBar(
      { close: null, pending: [] },
      { ...flat('10'), ...Object.fromEntries(values) },
    )
    return verdict.accepted ? null : verdict.detail
  }

  it.each([
    ['100', '120', true],
    ['100', '80', true],
    ['100', '120.00000001', false],
    ['100', '79.99999999', false],
    // A third of a cent has no exact double: the decimals decide.
    ['0.3', '0.36', true],
    ['0.7', '0.84', true],
    ['0.7', '0.8400000000000001', false],
    ['1.1', '1.32', true],
  ])('a close of %s and then %s', (before, close, accepted) => {
    expect(after(before, flat(close)).accepted).toBe(accepted)
  })

  it('is released together with nothing where it stands where the last one stood', () => {
    expect(after('100', flat('101'))).toEqual({ accepted: true, released: [] })
  })

  it.each([
    [{ open: '0' }, 'open is 0'],
    [{ high: '9', low: '11' }, 'high 9 < low 11'],
    [{ close: '12' }, 'close 12 is outside 10..10'],
    [{ volume: '-1' }, 'volume is -1'],
    [{ high: '100' }, 'high 100 is 10^1 times the close'],
    [{ low: '0.1' }, 'low 0.1 is 10^-2 times the close'],
  ])('and says what is wrong with it: %j', (over, words) => expect(detail(over)).toBe(words))
})

describe('exact arithmetic where doubles end', () => {
  it.each([
    // Each part is a safe integer; brought to the same decimals one of them is not.
    ['900719925474099', '0.000000000000000001', '900719925474099.000000000000000001'],
    ['9007199254740991', '0.5', '9007199254740991.5'],
    ['9007199254740991', '1', '9007199254740992'],
    ['-9007199254740991', '-2', '-9007199254740993'],
  ])('adds %s and %s', (a, b, sum) => expect(format(plus(exact(a), exact(b)))).toBe(sum))

  it.each([
    ['100000000000001', '0.00001', true],
    ['100000000000001.00001', '0.00001', true],
    ['100000000000001.00001', '0.00002', false],
    ['123456789012345678', '3', true],
    ['123456789012345679', '3', false],
    ['0.3', '0.000000000000000007', false],
    ['0.7', '0.000000000000000007', true],
  ])('sees whether %s is so many times %s', (value, step, is) =>
    expect(isMultiple(exact(value), exact(step))).toBe(is),
  )

  it.each([
    // Beyond safe integers on the way, with a result that doubles can tell and with one that they cannot.
    ['1234567890123456.789', '9876.54321', 2, '124999998873.43'],
    ['123456789012345678901', '123456789012345678901', 8, '1'],
    ['100000000000000000001', '100000000000000000000', 6, '1'],
    ['299999999999999999999', '100000000000000000000', 2, '2.99'],
    ['-299999999999999999999', '100000000000000000000', 2, '-2.99'],
    ['1', '3', 18, '0.333333333333333333'],
    ['20000000000000000', '3', 3, '6666666666666666.666'],
  ])('divides %s by %s to %i decimals', (a, b, places, result) =>
    expect(format(quotient(exact(a), exact(b), places))).toBe(result),
  )

  it.each([
    ['2147483647.2147483647', '2147483647.2147483647'],
    ['1.2147483648', '1.2147483648'],
    ['-1.2147483649', '-1.2147483649'],
    ['0.000000000000001', '0.000000000000001'],
    ['-0.10', '-0.1'],
    ['-0.00', '0'],
    ['0.000000000000000000', '0'],
  ])('writes %s', (value, text) => expect(format(exact(value))).toBe(text))

  it('cuts what it shows towards zero, and nothing that fits', () => {
    expect(format(exact('-1.239'), 2)).toBe('-1.23')
    expect(format(exact('1.23'), 2)).toBe('1.23')
    expect(format(whole(-7), 0)).toBe('-7')
  })
})
