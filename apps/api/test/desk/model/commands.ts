import type { OrderSide, OrderType } from '@quantdeck/domain'
import fc from 'fast-check'
import type { BrokerEvent } from '../../../src/broker/port.ts'
import type { BrokerScript, Scripted } from './broker-script.ts'
import { compare } from './compare.ts'
import type { Reference, SystemView } from './reference.ts'

export interface Ask {
  side: OrderSide
  units: number
  orderType: OrderType
  bracket: 'none' | 'stop' | 'both'
}

/** The product behind one of its doors. */
export interface System {
  readonly script: BrokerScript
  /** Events that were reported, for repeating them, and those that are still on their way. */
  readonly told: BrokerEvent[]
  onTheWay: BrokerEvent[]
  submit(ask: Ask): Promise<void>
  cancel(clientOrderId: string): Promise<void>
  deliver(events: BrokerEvent[]): Promise<void>
  price(cents: number): Promise<void>
  /** Everything that is only in memory is forgotten. */
  restart(): Promise<void>
  view(): Promise<SystemView>
}

type Command = fc.AsyncCommand<Reference, System>

function command(name: string, act: (reference: Reference, system: System) => Promise<void>): Command {
  return {
    check: () => true,
    toString: () => name,
    run: async (reference, system) => {
      await act(reference, system)
      compare(reference, await system.view(), system.script)
    },
  }
}

/** One of a list, by a number: null of none. */
function pick<T>(list: readonly T[], index: number): T | null {
  return list.length === 0 ? null : (list[index % list.length] ?? null)
}

async function tell(
  reference: Reference,
  system: System,
  events: BrokerEvent[],
  delay: boolean,
): Promise<void> {
  if (delay) {
    system.onTheWay.push(...events)
    return
  }
  system.told.push(...events)
  for (const event of events) reference.report(event)
  await system.deliver(events)
}

function onBroker(
  name: string,
  which: (one: Scripted) => boolean,
  act: (script: BrokerScript, one: Scripted) => BrokerEvent[],
): (index: number, delay: boolean) => Command {
  return (index, delay) =>
    command(`${name}(${index}${delay ? ', delayed' : ''})`, async (reference, system) => {
      const one = pick([...system.script.orders.values()].filter(which), index)
      if (one) await tell(reference, system, act(system.script, one), delay)
    })
}

const index = fc.nat(50)
const delayed = fc.oneof(
  { weight: 3, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
)
const cents = fc.integer({ min: 9_600, max: 10_400 })

const submit = fc
  .record<Ask>({
    side: fc.constantFrom('BUY', 'SELL'),
    units: fc.integer({ min: 1, max: 20 }),
    orderType: fc.constantFrom('MARKET', 'MARKET', 'LIMIT', 'STOP'),
    bracket: fc.constantFrom('none', 'stop', 'both', 'both'),
  })
  .map((ask) =>
    command(`submit(${ask.side} ${ask.units} ${ask.orderType} ${ask.bracket})`, (_, system) =>
      system.submit(ask),
    ),
  )

const isOpen = ({ isDone }: Scripted) => !isDone

const accept = onBroker('accept', isOpen, (script, one) => script.accept(one))
const reject = onBroker(
  'reject',
  ({ isDone, isAccepted }) => !isDone && !isAccepted,
  (script, one) => script.reject(one),
)
const answerCancel = onBroker(
  'answerCancel',
  ({ isDone, cancelAsked }) => !isDone && cancelAsked,
  (script, one) => script.answerCancel(one),
)
const query = onBroker(
  'query',
  () => true,
  (script, one) => {
    const state = script.query(one.order.clientOrderId)
    return state.status === 'unknown' ? [] : state.events
  },
)
/** The broker's mistakes, each with a trade id of its own. */
const overfill = onBroker(
  'overfill',
  () => true,
  (script, one) => [script.fillOf(one, one.quantity + 1, 10_000, 'over')],
)
const badFill = onBroker(
  'badFill',
  () => true,
  (script, one) => [script.fillOf(one, 0, 10_000, 'bad')],
)
const foreignFill = onBroker(
  'foreignFill',
  () => true,
  (script, { order }) => [script.fillOf({ order: { ...order, clientOrderId: 'foreign' } }, 1, 10_000, '1')],
)

function fill(at: number, units: number, price: number, delay: boolean): Command {
  // Cancelled ones as well: what was on its way when the cancellation was confirmed.
  const filled = onBroker(
    `fill ${units} at ${price}`,
    ({ filled: done, taken, quantity, log }) => {
      const wasRejected = log.some(({ type }) => type === 'rejected')
      return done + taken < quantity && !wasRejected
    },
    (script, one) => script.fill(one, units, price),
  )
  return filled(at, delay)
}

const cancel = index.map((at) =>
  command(`cancel(${at})`, async (_, system) => {
    const { orders } = await system.view()
    const working = orders.filter(({ status }) => status === 'PENDING' || status === 'SUBMITTED')
    const one = pick(working, at)
    if (one) await system.cancel(one.clientOrderId)
  }),
)

const repeat = index.map((at) =>
  command(`repeat(${at})`, async (reference, system) => {
    const event = pick(system.told, at)
    if (event) await tell(reference, system, [event], false)
  }),
)

/** What was on its way arrives, turned around or not. */
const arrive = fc.boolean().map((turned) =>
  command(turned ? 'arrive(turned)' : 'arrive', async (reference, system) => {
    const events = system.onTheWay
    system.onTheWay = []
    await tell(reference, system, turned ? events.reverse() : events, false)
  }),
)

const move = cents.map((value) => command(`price(${value})`, (_, system) => system.price(value)))
const restart = fc.constant(command('restart', (_, system) => system.restart()))

const reports = [
  ...[accept, answerCancel, query].map((make) =>
    fc.tuple(index, delayed).map(([at, delay]) => make(at, delay)),
  ),
  ...[reject, overfill, badFill, foreignFill].map((make) => index.map((at) => make(at, false))),
  fc
    .tuple(index, fc.integer({ min: 1, max: 20 }), cents, delayed)
    .map(([at, units, price, delay]) => fill(at, units, price, delay)),
  ...[1, 2, 3].map(() =>
    fc
      .tuple(index, fc.integer({ min: 5, max: 20 }), cents)
      .map(([at, units, price]) => fill(at, units, price, false)),
  ),
]

/** Everything that can happen to orders. */
export function orderCommands(most: number): fc.Arbitrary<Iterable<Command>> {
  const all = [submit, submit, ...reports, cancel, repeat, arrive, move, restart]
  // Without a size most sequences would be a handful of commands long.
  return fc.commands(all, { maxCommands: most, size: 'max' })
}
