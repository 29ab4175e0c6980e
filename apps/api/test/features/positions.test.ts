import { type Decimal as DecimalValue, Decimal, type Position } from '@quantdeck/domain'
import { samplePosition, sampleStrategy } from '@quantdeck/db/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { valuePosition } from '../../src/desk/valuation.ts'
import { getPosition, listPositions, type ValuedPosition } from '../../src/features/positions/operations.ts'
import { presentRlPositions } from '../../src/features/positions/present-rl.ts'
import {
  presentPosition,
  presentPositionDetail,
  presentTotal,
} from '../../src/features/positions/present-v1.ts'
import { later, order, post, price } from '../desk/acts.ts'
import { draftOf } from '../desk/acts.ts'
import { ACME, ADMIN, type DeskHouse, NOON, openDeskHouse, strategy } from '../desk/house.ts'

const d = (value: number | string): DecimalValue => new Decimal(value)
const AAPL = { ...ACME, symbol: 'AAPL' }
const CONFIG = { model_type: 'xgboost', stop_loss_pct: '2.0', take_profit_pct: '5.0' }

/** The documents' position: 100 AAPL at 150.25. */
function apple(over: Partial<Position> = {}, mark = '155.80', config = CONFIG): ValuedPosition {
  const position: Position = { ...samplePosition({ stopLoss: null, ...over }), seq: 123 }
  return {
    position,
    strategy: sampleStrategy({ config }),
    instrument: AAPL,
    value: valuePosition(position, AAPL, d(mark)),
  }
}

const SHORT: Partial<Position> = {
  side: 'SELL',
  quantity: d(-100),
  costBasis: d(-15025),
  costUsd: d(-15025),
}
const opened = new Date('2026-01-20T14:30:00Z')

describe('a position in v1', () => {
  it('shows the exact figures of the document', () => {
    const shown = presentPosition(apple({ openedAt: opened }), new Date('2026-01-25T22:35:00Z'))
    expect(shown).toMatchObject({
      contract_type: 'STOCK',
      quantity: '100.00',
      average_entry_price: '150.25',
      current_price: '155.80',
      unrealized_pnl: '555.00',
      unrealized_pnl_pct: '3.69',
      market_value: '15580.00',
      opened_at: '2026-01-20T14:30:00Z',
      days_held: 5,
    })
    expect(presentTotal([apple(), apple()])).toBe('1110.00')
  })

  it('counts full days, and none for one that was opened this instant', () => {
    const days = (now: string) => presentPosition(apple({ openedAt: opened }), new Date(now)).days_held
    expect([days('2026-01-25T14:29:59Z'), days('2026-01-25T14:30:00Z')]).toEqual([4, 5])
    expect([days('2026-01-20T14:30:00Z'), days('2026-01-20T14:29:59Z')]).toEqual([0, 0])
  })

  it('derives its risk from the configuration: stop, target and what they are worth', () => {
    const { risk_metrics: risk } = presentPositionDetail({ ...apple(), entries: [] }, NOON)
    expect(risk).toEqual({
      stop_loss_price: '147.25',
      take_profit_price: '157.76',
      max_loss: '-300.00',
      max_profit: '751.00',
    })
  })

  it('prefers the bracket, and leaves out what is nowhere', () => {
    const bracket = { ...apple({ stopLoss: d(140) }, '155.80', { model_type: 'x' } as typeof CONFIG) }
    expect(presentPositionDetail({ ...bracket, entries: [] }, NOON).risk_metrics).toEqual({
      stop_loss_price: '140.00',
      max_loss: '-1025.00',
    })
  })

  it('of a short is negative in quantity and value, its stop above and its target below', () => {
    const short = apple(SHORT)
    expect(presentPosition(short, NOON)).toMatchObject({
      quantity: '-100.00',
      average_entry_price: '150.25',
      unrealized_pnl: '-555.00',
      unrealized_pnl_pct: '-3.69',
      market_value: '-15580.00',
    })
    expect(presentPositionDetail({ ...short, entries: [] }, NOON).risk_metrics).toEqual({
      stop_loss_price: '153.26',
      take_profit_price: '142.74',
      max_loss: '-301.00',
      max_profit: '751.00',
    })
  })

  it('never shows minus zero', () => {
    const flat = apple({}, '150.249999')
    expect(presentPosition(flat, NOON)).toMatchObject({ unrealized_pnl: '0.00', unrealized_pnl_pct: '0.00' })
    expect(presentRlPositions([flat], NOON).positions[0]?.unrealized_pnl).toBe(0)
  })
})

describe('a position in rl', () => {
  it('has side, positive quantity and whole minutes', () => {
    const at = new Date('2026-01-07T14:15:00Z')
    const shown = presentRlPositions([apple({ ...SHORT, openedAt: at })], new Date('2026-01-07T16:30:59Z'))
    expect(shown.positions[0]).toMatchObject({
      position_id: 123,
      side: 'sell',
      quantity: 100,
      entry_price: 150.25,
      current_price: 155.8,
      unrealized_pnl: -555,
      unrealized_pnl_pct: -3.69,
      holding_time_minutes: 135,
    })
    expect(shown.total_unrealized_pnl).toBe(-555)
  })
})

describe('positions of the books', () => {
  let house: DeskHouse
  beforeAll(async () => {
    house = await openDeskHouse()
  })
  afterAll(() => house.close())
  beforeEach(async () => {
    await house.reset(strategy())
    await price(house, 'ACME', 100)
  })

  async function entries(): Promise<string[]> {
    const [open] = await listPositions(house.deps, ADMIN, {})
    const detail = await getPosition(house.deps, ADMIN, open?.position.positionId ?? '')
    return detail.entries.map((fill) => `${fill.side} ${fill.quantity.toFixed()}`)
  }

  it('count in v1 what they count in rl', async () => {
    await post(house, 'LONG', { stopLoss: d(98) })
    await later(house, 3, 'ACME', 103)
    const listed = await listPositions(house.deps, ADMIN, {})
    const [v1] = listed.map((one) => presentPosition(one, house.clock.now()))
    const [rl] = presentRlPositions(listed, house.clock.now()).positions
    expect(Number(v1?.unrealized_pnl)).toBe(rl?.unrealized_pnl)
    expect(Number(v1?.quantity)).toBe(rl?.quantity)
    expect(await listPositions(house.deps, ADMIN, { mode: 'LIVE' })).toEqual([])
  })

  it('show every entry of a position that was scaled in', async () => {
    await order(house, draftOf('BUY', 10))
    await later(house, 1, 'ACME', 100)
    await order(house, draftOf('BUY', 5))
    expect(await entries()).toEqual(['BUY 10', 'BUY 5'])
  })

  it('leave the closing leg of a reversal to the trade before', async () => {
    await order(house, draftOf('SELL', 4))
    await later(house, 1, 'ACME', 100)
    await post(house, 'LONG', { stopLoss: d(98) })
    expect(await entries()).toEqual(['BUY 150'])
  })

  it('leave the first part of a flip to the trade before', async () => {
    await order(house, draftOf('SELL', 4))
    await later(house, 1, 'ACME', 100)
    await order(house, draftOf('BUY', 10))
    expect(await entries()).toEqual(['BUY 6'])
  })
})
