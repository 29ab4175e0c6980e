import type { Clock } from '@quantdeck/domain'
import type { BrokerEvent } from '../port.ts'
import type { HeardFills } from './heard-fills.ts'
import type { OrderLookup } from './order-lookup.ts'
import { type ReportProblem, shown } from './problems.ts'
import type { Resync } from './resync.ts'
import { acceptedEvent, endingEvent, fillOfUpdate } from './translate.ts'
import type { AlpacaLeg, TradeUpdate } from './wire.ts'

export interface UpdateFlowParts {
  lookup: OrderLookup
  heard: HeardFills
  resync: Resync
  clock: Clock
  report: ReportProblem
  push: (events: readonly BrokerEvent[]) => void
}

/** https://docs.alpaca.markets/docs/websocket-streaming#common-events */
const QUIET_EVENTS = new Set([
  'done_for_day',
  'stopped',
  'pending_cancel',
  'pending_replace',
  'calculated',
  'suspended',
  'held',
  'order_replace_rejected',
  'restated',
])

/** What the stream of trade updates says, in the words of the port; what does not go together is not believed but asked about. */
export class UpdateFlow {
  readonly #lookup: OrderLookup
  readonly #heard: HeardFills
  readonly #resync: Resync
  readonly #clock: Clock
  readonly #report: ReportProblem
  readonly #push: (events: readonly BrokerEvent[]) => void
  #queue: Promise<void> = Promise.resolve()

  constructor(parts: UpdateFlowParts) {
    this.#lookup = parts.lookup
    this.#heard = parts.heard
    this.#resync = parts.resync
    this.#clock = parts.clock
    this.#report = parts.report
    this.#push = parts.push
  }

  /** Resolves when everything accepted so far is through. */
  async settled(): Promise<void> {
    await this.#queue
  }

  /** One update after the other: a leg's name may have to be asked for. */
  accept(update: TradeUpdate): void {
    this.#resync.alive()
    this.#queue = this.#queue
      .then(() => this.#apply(update))
      // Whose it is could not be found out: everything since is asked for.
      .catch(() => this.#resync.connected())
  }

  async #apply(update: TradeUpdate): Promise<void> {
    const { order, event } = update
    const name = await this.#lookup.nameOf(order)
    switch (event) {
      case 'fill':
      case 'partial_fill':
        return this.#onFill(name, update)
      case 'canceled':
      case 'expired':
      case 'rejected':
        return this.#onEnding(name, order)
      case 'new':
      case 'accepted':
      case 'pending_new':
        return this.#push([acceptedEvent(name, order, this.#clock.now())])
      case 'replaced':
        if (order.replaced_by !== null) this.#lookup.rename(order.replaced_by, name)
        return this.#resync.recheck(name)
      case 'order_cancel_rejected':
        return this.#resync.recheck(name)
      case 'trade_bust':
      case 'trade_correct':
        return this.#onCorrection(name, update)
      default:
        return this.#onOther(name, event)
    }
  }

  #onFill(name: string, update: TradeUpdate): void {
    const fill = fillOfUpdate(name, update, this.#clock.now())
    const heard = fill && this.#heard.add(fill, update.execution_id ?? null)
    if (!fill || heard === 'contradiction') {
      this.#contradiction(name, update.order, 'price, quantity and what is filled so far do not go together')
      return this.#resync.recheck(name)
    }
    if (heard === 'new') this.#push([fill])
    this.#expectFills(name, update.order)
  }

  #onEnding(name: string, order: AlpacaLeg): void {
    const ending = endingEvent(name, order, this.#clock.now())
    if (!ending)
      this.#contradiction(name, order, `an update that it ended comes with the status ${shown(order.status)}`)
    // A fill that was missed belongs before the end.
    if (!ending || !this.#expectFills(name, order)) return this.#resync.recheck(name)
    this.#push([ending])
  }

  /** @returns false, and asks the broker, when it has filled more of an order than was heard of */
  #expectFills(name: string, order: AlpacaLeg): boolean {
    const isComplete = this.#heard.totalOf(order.id).gte(order.filled_qty)
    if (!isComplete) this.#resync.recheck(name)
    return isComplete
  }

  #onCorrection(name: string, { event, order }: TradeUpdate): void {
    this.#report({
      severity: 'CRITICAL',
      code: 'BROKER_CORRECTION',
      message: `Alpaca corrected a fill of ${name} (${event}): it is not booked, compare the position with the broker`,
      context: { client_order_id: name, broker_order_id: order.id, symbol: shown(order.symbol) },
      key: `${event}:${order.id}:${order.updated_at?.getTime() ?? ''}`,
    })
  }

  /** States on the way need nothing; a word that nobody knows makes us ask. */
  #onOther(name: string, event: string): void {
    if (QUIET_EVENTS.has(event)) return
    this.#report({
      severity: 'WARNING',
      code: 'BROKER_BAD_ANSWER',
      message: `Alpaca sent an update of the kind "${shown(event)}", which nobody knows: the order is asked about instead`,
      context: { client_order_id: name, event: shown(event) },
      key: `event:${shown(event)}`,
    })
    this.#resync.recheck(name)
  }

  #contradiction(name: string, order: AlpacaLeg, why: string): void {
    this.#report({
      severity: 'ERROR',
      code: 'BROKER_CONTRADICTION',
      message: `What Alpaca says of ${name} contradicts itself: ${why}; the order is asked about instead`,
      context: { client_order_id: name, broker_order_id: order.id, filled: order.filled_qty.toFixed() },
      key: `update:${order.id}`,
    })
  }
}
