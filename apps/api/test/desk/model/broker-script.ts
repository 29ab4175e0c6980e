import { Decimal } from '@quantdeck/domain'
import type { BrokerEvent, BrokerOco, BrokerOrder, BrokerOrderState } from '../../../src/broker/port.ts'

/** What a broker knows of an order. Whole units, so that the test counts in numbers. */
export interface Scripted {
  order: BrokerOrder
  quantity: number
  filled: number
  /** What its partner of an OCO pair has taken from it. */
  taken: number
  partner: Scripted | null
  isAccepted: boolean
  isDone: boolean
  cancelAsked: boolean
  /** Everything that happened, as a query answers it. */
  log: BrokerEvent[]
}

/** A broker that does nothing by itself: the test says what it accepts, fills, cancels and refuses, and when it tells. */
export class BrokerScript {
  readonly orders = new Map<string, Scripted>()
  /** Ids that were handed over more than once. */
  readonly resent: string[] = []
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  submit(order: BrokerOrder): Scripted {
    const known = this.orders.get(order.clientOrderId)
    if (known) this.resent.push(order.clientOrderId)
    const scripted: Scripted = known ?? {
      order,
      quantity: order.quantity.toNumber(),
      filled: 0,
      taken: 0,
      partner: null,
      isAccepted: false,
      isDone: false,
      cancelAsked: false,
      log: [],
    }
    this.orders.set(order.clientOrderId, scripted)
    return scripted
  }

  submitOco({ stopLoss, takeProfit }: BrokerOco): void {
    const [stop, target] = [this.submit(stopLoss), this.submit(takeProfit)]
    stop.partner = target
    target.partner = stop
  }

  askCancel(clientOrderId: string): void {
    const scripted = this.orders.get(clientOrderId)
    if (!scripted) return
    scripted.cancelAsked = true
    if (scripted.partner) scripted.partner.cancelAsked = true
  }

  accept(one: Scripted): BrokerEvent[] {
    if (one.isAccepted || one.isDone) return []
    one.isAccepted = true
    const { clientOrderId } = one.order
    return this.#log(one, {
      type: 'accepted',
      clientOrderId,
      brokerOrderId: `b-${clientOrderId}`,
      at: this.#now(),
    })
  }

  /** Fills at most what is left. Also of a cancelled order: a fill that was on its way. */
  fill(one: Scripted, units: number, cents: number): BrokerEvent[] {
    const quantity = Math.min(units, one.quantity - one.filled - one.taken)
    if (quantity <= 0) return []
    one.filled += quantity
    const events = this.#log(one, this.fillOf(one, quantity, cents, `${one.filled}`))
    if (one.filled === one.quantity) one.isDone = true
    else if (one.filled + one.taken === one.quantity) events.push(...this.#end(one))
    const { partner } = one
    if (!partner || partner.isDone) return events
    partner.taken += quantity
    if (partner.taken + partner.filled === partner.quantity) events.push(...this.#end(partner))
    return events
  }

  fillOf({ order }: Pick<Scripted, 'order'>, quantity: number, cents: number, trade: string): BrokerEvent {
    const { clientOrderId } = order
    return {
      type: 'fill',
      clientOrderId,
      brokerOrderId: `b-${clientOrderId}`,
      brokerTradeId: `${clientOrderId}-${trade}`,
      quantity: new Decimal(quantity),
      price: new Decimal(cents).div(100),
      fee: new Decimal('0.01'),
      at: this.#now(),
    }
  }

  answerCancel(one: Scripted): BrokerEvent[] {
    if (!one.cancelAsked) return []
    return [one, ...(one.partner ? [one.partner] : [])].flatMap((each) =>
      each.isDone ? [] : this.#end(each),
    )
  }

  reject(one: Scripted): BrokerEvent[] {
    if (one.isAccepted) return []
    return [one, ...(one.partner ? [one.partner] : [])].flatMap((each) => {
      if (each.isDone || each.isAccepted) return []
      each.isDone = true
      const { clientOrderId } = each.order
      return this.#log(each, { type: 'rejected', clientOrderId, reason: 'not today', at: this.#now() })
    })
  }

  query(clientOrderId: string): BrokerOrderState {
    const one = this.orders.get(clientOrderId)
    if (!one) return { status: 'unknown' }
    // Asking is an answer: whoever has it, has accepted it.
    this.accept(one)
    if (!one.isDone) return { status: 'working', events: [...one.log] }
    const last = one.log.at(-1)?.type
    const status = last === 'rejected' ? 'rejected' : last === 'cancelled' ? 'cancelled' : 'filled'
    return { status, events: [...one.log] }
  }

  #end(one: Scripted): BrokerEvent[] {
    one.isDone = true
    return this.#log(one, { type: 'cancelled', clientOrderId: one.order.clientOrderId, at: this.#now() })
  }

  #log(one: Scripted, event: BrokerEvent): BrokerEvent[] {
    one.log.push(event)
    return [event]
  }
}
