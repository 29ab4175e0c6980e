import { describe, expect, it } from 'vitest'
import { NOW, freshStates } from '../../test/fixtures.ts'
import { judge, codes, reducing, withEvents } from '../../test/judge.ts'
import type { RiskEvent } from '../events.ts'

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
