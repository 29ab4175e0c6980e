import { describePostgres } from '@quantdeck/db/testing'
import type { Database } from '@quantdeck/db'
import { Decimal } from '@quantdeck/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Submission } from '../../src/desk/submit.ts'
import { draftOf, later, order, post, price, setLimits, switchTo } from './acts.ts'
import { orderLines, rows, snapshot, storedAndFolded } from './facts.ts'
import { type DeskHouse, type DeskProcess, openDesk, openDeskHouse, reopen, strategy } from './house.ts'

const PROCESSES = 8
const ROUNDS = 12

describePostgres('eight processes over one database', () => {
  let house: DeskHouse
  let pools: Database[]
  let processes: DeskProcess[]

  beforeAll(async () => {
    house = await openDeskHouse('postgres')
    pools = await Promise.all(Array.from({ length: PROCESSES }, () => reopen(house.db)))
  })
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()))
    await house.close()
  })

  async function fresh(): Promise<void> {
    await house.reset(
      ...Array.from({ length: 4 }, (_, index) => strategy({ strategyId: `s${index}`, universe: ['ACME'] })),
    )
    await price(house, 'ACME', 100)
    processes = pools.map((pool) => openDesk(pool, house.clock))
    for (const { broker } of processes)
      broker.exchange.onQuote({ symbol: 'ACME', price: new Decimal(100), at: house.clock.now() })
  }

  async function version(): Promise<number> {
    const [row] = await rows<{ version: number }>(
      house.db,
      `select version from accounts where mode = 'PAPER'`,
    )
    return row?.version ?? 0
  }

  it('submit and fill at once: books equal the fills, no version is lost, nothing deadlocks', async () => {
    await fresh()
    // Enough of everything that only the locks are tested.
    await setLimits(house, { maxTradesPerDay: 1000, messagesPerSecond: 1000, lossStreak: 1000 })
    const before = await version()
    const work = processes.map(async (process, index) => {
      const submissions: Submission[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        const side = (round + index) % 3 === 0 ? 'SELL' : 'BUY'
        const strategyId = `s${(index + round) % 4}`
        submissions.push(
          await order(process, draftOf(side, 1 + (round % 3), { strategyId, allowDuplicate: true })),
        )
      }
      return submissions
    })
    const submissions = (await Promise.all(work)).flat()
    const allowed = submissions.filter(({ verdict }) => verdict.allowed)
    expect(allowed.length).toBeGreaterThan(PROCESSES * ROUNDS * 0.8)
    expect(await orderLines(house.db)).toHaveLength(PROCESSES * ROUNDS)

    const positions = await rows<{ strategy_id: string; units: string }>(
      house.db,
      `select strategy_id, sum(quantity)::text as units from positions group by 1 order by 1`,
    )
    const fills = await rows<{ strategy_id: string; units: string }>(
      house.db,
      `select strategy_id, sum(case side when 'BUY' then quantity else -quantity end)::text as units
       from fills group by 1 order by 1`,
    )
    expect(positions).toEqual(fills)
    expect(
      await rows(
        house.db,
        `select 1 from orders o where filled_quantity <>
           (select coalesce(sum(quantity), 0) from fills f where f.order_id = o.order_id)`,
      ),
    ).toEqual([])
    // One version for each order, and one for each report that filled it.
    expect((await version()) - before).toBe(submissions.length + allowed.length)

    const seen = await Promise.all(processes.map((process) => snapshot(process)))
    for (const each of seen) expect(each).toEqual(seen[0])
    for (const { stored, folded } of await storedAndFolded(house)) expect(folded).toEqual(stored)
  })

  it('together keep the limit of twenty entries a day: not one more gets through', async () => {
    await fresh()
    const submissions = await Promise.all(
      processes.flatMap((process, index) =>
        Array.from({ length: 4 }, (_, round) =>
          order(process, draftOf('BUY', index + 1, { strategyId: `s${round}`, allowDuplicate: true })),
        ),
      ),
    )
    expect(submissions.filter(({ verdict }) => verdict.allowed)).toHaveLength(20)
  })

  it('one signal delivered to all of them acts once', async () => {
    await fresh()
    const posted = { strategyId: 's0', clientSignalId: 'one', stopLoss: new Decimal(98) }
    const results = await Promise.all(processes.map((process) => post(process, 'LONG', posted)))
    expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
    expect(await orderLines(house.db)).toHaveLength(1)
  })

  it('one fill reported to all of them counts once', async () => {
    await fresh()
    const [first] = processes
    if (!first) return
    first.broker.mode = 'hold'
    const { order: sent } = await order(first, draftOf('BUY', 10, { strategyId: 's0' }))
    const report = {
      type: 'fill' as const,
      clientOrderId: sent.clientOrderId,
      brokerOrderId: 'b',
      brokerTradeId: 'trade-1',
      quantity: new Decimal(10),
      price: new Decimal(100),
      fee: new Decimal(0),
      at: house.clock.now(),
    }
    await Promise.all(processes.map(({ desk }) => desk.onBrokerEvents([report])))
    expect(await rows(house.db, 'select 1 from fills')).toHaveLength(1)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 10'])
  })

  it('a kill switch that one of them sees stops all of them from its commit on', async () => {
    await fresh()
    await Promise.all(
      processes.map((process, index) => order(process, draftOf('BUY', 1, { strategyId: `s${index % 4}` }))),
    )
    await switchTo(house, 'global', 'HALTED')
    const sent = () => processes.reduce((sum, { broker }) => sum + broker.sent.length, 0)
    const before = sent()
    const after = await Promise.all(
      processes.map((process, index) => order(process, draftOf('BUY', 2, { strategyId: `s${index % 4}` }))),
    )
    expect(after.every(({ order: one }) => one.status === 'REJECTED')).toBe(true)
    expect(sent()).toBe(before)
  })
})

describe('the stored events', () => {
  it('fold to the stored state in every scope, whatever happened', async () => {
    const house = await openDeskHouse()
    await house.reset(strategy(), strategy({ strategyId: 'ben_v1' }))
    await price(house, 'ACME', 100)
    for (let day = 0; day < 5; day += 1) {
      for (let step = 0; step < 6; step += 1) {
        const level = 100 - day + (step % 3) * 2
        await later(house, 7, 'ACME', level)
        const signal = (['LONG', 'SHORT', 'CLOSE'] as const)[(day + step) % 3] ?? 'HOLD'
        const stopLoss = new Decimal(signal === 'SHORT' ? level + 2 : level - 2)
        for (const strategyId of ['ana_v1', 'ben_v1']) await post(house, signal, { strategyId, stopLoss })
      }
      house.clock.advanceBy(24 * 3_600_000)
    }
    const scopes = await storedAndFolded(house)
    expect(scopes.map(({ scope }) => scope)).toEqual([
      'account:PAPER',
      'strategy:ana_v1:PAPER',
      'strategy:ben_v1:PAPER',
    ])
    for (const { stored, folded } of scopes) expect(folded).toEqual(stored)
    expect(await snapshot(house.another())).toEqual(await snapshot(house))
    await house.close()
  })
})
