import { rlFixtures, v1Fixtures } from '@quantdeck/contracts/fixtures'
import { describe, expect, it } from 'vitest'

import { differencesFromExample } from './like-example.ts'

const { positionDetail, runList } = v1Fixtures
const detail = {
  position_id: '0b8ef1f4-3f4e-4d2a-9d0b-2b0c5e0f7a11',
  strategy_id: 'momentum_v1',
  symbol: 'AAPL',
  quantity: '1.00',
  entry_orders: [
    {
      order_id: '0b8ef1f4-3f4e-4d2a-9d0b-2b0c5e0f7a11',
      filled_at: '2026-01-20T14:30:00.123Z',
      quantity: '1.00',
      price: '150.25',
    },
  ],
  unrealized_pnl: '5.55',
  risk_metrics: { stop_loss_price: '1.00', take_profit_price: '2.00', max_loss: '-1.00', max_profit: '1.00' },
}
const added = {
  contract_type: 'STOCK',
  average_entry_price: '150.25',
  current_price: '155.80',
  unrealized_pnl_pct: '3.69',
  market_value: '155.80',
  opened_at: '2026-01-20T14:30:00Z',
  days_held: 5,
  mode: 'PAPER',
}

describe('comparing an answer with an example of the documents', () => {
  it('accepts the same shape with declared added fields', () => {
    expect(differencesFromExample({ data: { ...detail, ...added } }, positionDetail)).toEqual([])
  })

  it('names a missing key, an undeclared one, another type and another format', () => {
    const { symbol: _symbol, ...without } = detail
    const wrong = { ...without, ...added, quantity: 1, position_id: '7', extra: true }
    const problems = differencesFromExample({ data: wrong }, positionDetail).join('\n')
    expect(problems).toContain('$.data: the key symbol is missing')
    expect(problems).toContain('extra is not declared')
    expect(problems).toContain('$.data.quantity: string expected, not number')
    expect(problems).toContain('$.data.position_id: uuid expected')
  })

  it('does not let an empty list pass for an example with a row', () => {
    const empty = { data: [], meta: { total_count: 0, page: 1, per_page: 20 } }
    expect(differencesFromExample(empty, runList)).toContain(
      '$.data: an empty list shows nothing: seed a row',
    )
  })

  it('asks for an instant where the example has one, and for an offset where it has an offset', () => {
    const message = {
      type: 'market_status',
      timestamp: '2026-01-07',
      sequence: 1,
      data: { status: 'closed' },
    }
    const problems = differencesFromExample(message, rlFixtures.marketStatusMessage).join('\n')
    expect(problems).toContain('$.timestamp: UTC instant expected')
    expect(problems).toContain('the key next_open is missing')
  })
})
