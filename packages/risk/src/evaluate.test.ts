import { describe, expect, it } from 'vitest'
import { type Overrides } from '../test/fixtures.ts'
import { judge, reducing } from '../test/judge.ts'
import { CHECKS } from './checks/index.ts'
import { RISK_CODES, RISK_CODES_BY_RULE } from './codes.ts'

describe('a verdict', () => {
  it('allows an order within every limit and shows every rule in order', () => {
    const verdict = judge()
    expect(verdict.violations).toEqual([])
    expect(verdict.allowed).toBe(true)
    expect([...new Set(verdict.checks.map((check) => check.id))]).toEqual(Object.keys(RISK_CODES_BY_RULE))
    expect(verdict.checks.every((check) => check.message !== '')).toBe(true)
  })

  it('knows its rules by the names of the table, each once', () => {
    expect(CHECKS.map(({ id }) => id)).toEqual(Object.keys(RISK_CODES_BY_RULE))
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
