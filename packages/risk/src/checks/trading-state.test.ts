import { describe, expect, it } from 'vitest'
import { NOW, freshStates } from '../../test/fixtures.ts'
import { judge, codes, reducing, withEvents } from '../../test/judge.ts'

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
