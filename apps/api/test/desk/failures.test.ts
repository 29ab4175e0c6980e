import { describeEngines, type Fault, faultyDatabase, LineCut } from '@quantdeck/db/testing'
import { Decimal, ensureDefined } from '@quantdeck/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { onQuote } from '../../src/desk/quote-flow.ts'
import { draftOf, order, post, price } from './acts.ts'
import { rows, snapshot } from './facts.ts'
import { type DeskHouse, type DeskProcess, openDesk, openDeskHouse, strategy } from './house.ts'

/** Everything that a transaction of the desk writes, as one text. */
const STATE = `select
  (select string_agg(mode || version, ' ' order by mode) from accounts) as versions,
  (select md5(string_agg(t::text, ' ' order by seq)) from orders t) as orders,
  (select md5(string_agg(t::text, ' ' order by seq)) from fills t) as fills,
  (select md5(string_agg(t::text, ' ' order by seq)) from positions t) as positions,
  (select md5(string_agg(t::text, ' ' order by seq)) from signals t) as signals,
  (select md5(string_agg(t::text, ' ' order by seq)) from risk_events t) as events,
  (select md5(string_agg(t::text, ' ' order by scope)) from risk_states t) as states,
  (select md5(string_agg(t::text, ' ' order by symbol)) from marks t) as marks,
  (select count(*)::int from alerts) as alerts,
  (select count(*)::int from outbox) as outbox`

describeEngines('a write of the desk that fails at any statement', (engine) => {
  let house: DeskHouse
  let fault: Fault
  let process: DeskProcess

  beforeAll(async () => {
    house = await openDeskHouse(engine)
  })
  afterAll(() => house.close())

  async function prepare(before: () => Promise<void>): Promise<void> {
    await house.reset(strategy())
    await price(house, 'ACME', 100)
    await before()
    const faulty = faultyDatabase(house.db)
    fault = faulty.fault
    process = openDesk(faulty.db, house.clock)
    process.broker.mode = 'hold'
    await snapshot(process)
  }

  const state = async () => (await rows(house.db, STATE))[0]

  /** Fails at the first statement, then at the second ... until nothing is left to fail. */
  async function everyStatement(
    when: 'before' | 'after',
    scenario: { before: () => Promise<void>; write: (process: DeskProcess) => Promise<unknown> },
  ): Promise<number> {
    await prepare(scenario.before)
    const old = await state()
    for (let n = 1; ; n += 1) {
      fault.arm(n, when)
      const result = await scenario.write(process).then(
        () => null,
        (error: unknown) => error,
      )
      const isPast = fault.disarm()
      const now = await state()
      // What this process has in memory is what any other process reads.
      expect(await snapshot(process)).toEqual(await snapshot(house.another()))
      if (isPast) {
        expect(result).toBeNull()
        expect(now).not.toEqual(old)
        return n
      }
      if (result === null) {
        // Stored, and then the kill switches could not be read: nothing has left.
        expect(now).not.toEqual(old)
        expect([...process.broker.sent, ...process.broker.pairs]).toEqual([])
        return n
      }
      expect(result).toBeInstanceOf(LineCut)
      const isCommitted = JSON.stringify(now) !== JSON.stringify(old)
      // Only when the answer to COMMIT was lost may the new state be there.
      if (isCommitted) {
        expect(when).toBe('after')
        return n
      }
    }
  }

  const scenarios = {
    'a signal': {
      before: async () => {},
      write: (one: DeskProcess) => post(one, 'LONG', { stopLoss: new Decimal(98) }),
    },
    'a fill': {
      before: async () => {
        house.broker.mode = 'hold'
        await order(house, draftOf('BUY', 10))
      },
      write: (one: DeskProcess) => fillOf(one),
    },
    'a price that touches a stop which the broker did not take': {
      before: async () => {
        house.broker.refusePairs = true
        await post(house, 'LONG', { stopLoss: new Decimal(98) })
        house.clock.advanceBy(60_000)
      },
      write: (one: DeskProcess) =>
        one.desk.run('PAPER', (ctx) =>
          onQuote(ctx, { symbol: 'ACME', price: new Decimal(90), at: house.clock.now() }),
        ),
    },
  }

  async function fillOf(one: DeskProcess): Promise<void> {
    const [sent] = house.broker.sent
    await one.desk.onBrokerEvents([
      {
        type: 'fill',
        clientOrderId: ensureDefined(sent, 'the order').clientOrderId,
        brokerOrderId: 'b',
        brokerTradeId: 't1',
        quantity: new Decimal(10),
        price: new Decimal(100),
        fee: new Decimal('0.1'),
        at: house.clock.now(),
      },
    ])
  }

  for (const [name, scenario] of Object.entries(scenarios)) {
    for (const when of ['before', 'after'] as const) {
      it(`${name}: cut ${when} each statement, the state is the old one or the new one`, async () => {
        // Fewer would mean that the fault is not where the statements are.
        expect(await everyStatement(when, scenario)).toBeGreaterThan(6)
      })
    }
  }

  it('leaves no price behind in memory that was never stored', async () => {
    await prepare(async () => {})
    house.clock.advanceBy(1000)
    fault.arm(3, 'before')
    const quote = { symbol: 'ACME', price: new Decimal(120), at: house.clock.now() }
    await expect(process.desk.run('PAPER', (ctx) => onQuote(ctx, quote))).rejects.toThrow(LineCut)
    const seen = await process.desk.read('PAPER', (books) => books.marks.get('ACME')?.price.toFixed())
    expect(seen).toBe('100')
  })
})
