import { describeEngines } from '@quantdeck/db/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { SendGate } from '../../src/desk/send-gate.ts'
import { submitOrder } from '../../src/desk/submit.ts'
import { draftOf, order, price, switchTo } from './acts.ts'
import { bookIn, orderLines } from './facts.ts'
import { type DeskHouse, openDeskHouse, strategy } from './house.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describeEngines('an order that was stored before a kill switch', (engine) => {
  let house: DeskHouse
  beforeAll(async () => {
    house = await openDeskHouse(engine)
  })
  afterAll(() => house.close())
  beforeEach(async () => {
    await house.reset(strategy(), strategy({ strategyId: 'other_v1' }))
    await price(house, 'ACME', 100)
  })

  /** The switch is activated after the order's transaction has been committed and before it is handed over. */
  async function stoppedBetween(level: 'HALTED' | 'REDUCING', isExit: boolean): Promise<void> {
    if (isExit) await order(house, draftOf('BUY', 10))
    const draft = isExit ? draftOf('SELL', 10, { isEntry: false, reduceOnly: true }) : draftOf('BUY', 10)
    // The second of two orders leaves when the first has been handed over: the switch is thrown in between.
    house.broker.onSubmit = () => switchTo(house, 'strategy:ana_v1', level)
    await house.desk.run('PAPER', (ctx) => {
      submitOrder(ctx, bookIn(ctx.books, 'other_v1'), draftOf('BUY', 1, { strategyId: 'other_v1' }))
      submitOrder(ctx, bookIn(ctx.books), draft)
    })
  }

  it('does not leave after it, and says why', async () => {
    await stoppedBetween('HALTED', false)
    expect(house.broker.sent).toHaveLength(1)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 1', 'REJECTED BUY 0'])
  })

  it('leaves if the switch lets it: an exit under REDUCING', async () => {
    await stoppedBetween('REDUCING', true)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 10', 'FILLED BUY 1', 'FILLED SELL 10'])
  })

  it('does not leave under REDUCING when it opens', async () => {
    await stoppedBetween('REDUCING', false)
    expect(await orderLines(house.db)).toEqual(['FILLED BUY 1', 'REJECTED BUY 0'])
  })

  it('that is on its way at that moment is waited for', async () => {
    const gate = new SendGate(house.db, () => performance.now())
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
    const facts: string[] = []
    const sent = { strategyId: 'ana_v1', symbol: 'ACME', origin: 'signal', isEntry: true } as const
    const leaving = gate.pass(sent, () => arrived.then(() => void facts.push('left')))
    await pause(50)
    await switchTo(house, 'global', 'HALTED')
    const drained = gate.drain().then(() => facts.push('acknowledged'))
    await pause(50)
    expect(facts).toEqual([])
    // A later one does not leave any more, although the first still holds the door open.
    expect(await gate.pass(sent, async () => void facts.push('never'))).toBe(false)
    arrive()
    await Promise.all([leaving, drained])
    expect(facts).toEqual(['left', 'acknowledged'])
  })
})
