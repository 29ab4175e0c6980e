import { listBars } from '@quantdeck/db'
import { Decimal } from '@quantdeck/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AlpacaBar } from '../../src/broker/alpaca/data-wire.ts'
import type { BrokerProblem } from '../../src/broker/alpaca/problems.ts'
import { BrokerFeed } from '../../src/features/market-data/broker-feed.ts'
import { price } from '../desk/acts.ts'
import { alertCodes, rows } from '../desk/facts.ts'
import { type DeskHouse, NOON, openDeskHouse, strategy } from '../desk/house.ts'

let house: DeskHouse
let feed: BrokerFeed
let problems: BrokerProblem[]
beforeAll(async () => {
  house = await openDeskHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.reset(strategy())
  await price(house, 'ACME', 100)
  problems = []
  feed = new BrokerFeed(house.deps, (problem) => problems.push(problem))
})

const markOf = (symbol: string) =>
  house.desk.read('PAPER', (books) => books.marks.get(symbol)?.price.toFixed())
const tick = (value: number) => ({ symbol: 'ACME', price: new Decimal(value), at: house.clock.now() })

/** Five minutes that end before now. */
function bar(index: number, over: Partial<Record<'o' | 'h' | 'l' | 'c', number>> = {}): AlpacaBar {
  const { o, h, l, c } = { o: 100, h: 101, l: 99, c: 100.5, ...over }
  const [open, high, low, close] = [o, h, l, c].map((value) => new Decimal(value))
  if (!open || !high || !low || !close) throw new Error('four prices')
  const t = new Date(NOON.getTime() + (index - 20) * 300_000)
  return { t, o: open, h: high, l: low, c: close, v: new Decimal(5) }
}

describe('prices of a broker on their way into the deck', () => {
  it('are wanted for stocks in dollars, from the last bar that is known', async () => {
    expect(await feed.symbols()).toEqual([{ symbol: 'ACME', intervalSeconds: 300, lastBarOpenedAt: null }])
    await feed.onBars('ACME', 300, [bar(1), bar(2)])
    expect(await feed.symbols()).toMatchObject([{ lastBarOpenedAt: bar(2).t }])
  })

  it('move the mark; one that is more than 20 % off is left out and told once an hour', async () => {
    await feed.onTick(tick(101.5))
    expect(await markOf('ACME')).toBe('101.5')
    await feed.onTick(tick(1_015))
    await feed.onTick(tick(10.15))
    expect(await markOf('ACME')).toBe('101.5')
    expect(new Set(problems.map(({ key }) => key)).size).toBe(1)
    expect(problems[0]?.message).toMatch(/^A trade of ACME at 1015 is far from the last price 101\.5/)
    await feed.onTick({ ...tick(1), symbol: 'NOBODY' })
  })

  it('are stored once, however often they come, and judged like anybody’s: nonsense goes to the quarantine', async () => {
    await feed.onBars('ACME', 300, [bar(5), bar(6)])
    await feed.onBars('ACME', 300, [bar(6), bar(7, { h: 90 })])
    const series = { symbol: 'ACME', intervalSeconds: 300 }
    const stored = await listBars(house.db.kysely, series, { from: bar(5).t, to: NOON }, 100)
    expect(stored.map(({ openedAt }) => openedAt)).toEqual([bar(5).t, bar(6).t])
    const quarantined = await rows<{ reason: string }>(house.db, 'select reason from bar_quarantine')
    expect(quarantined).toHaveLength(1)
    expect(await alertCodes(house.db)).toEqual(['BAD_BAR'])
    expect(await rows(house.db, 'select 1 from bar_imports')).toHaveLength(2)
  })
})
