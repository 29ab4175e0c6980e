import type { Clock, Order, TradingMode } from '@quantdeck/domain'
import type { Logger } from 'pino'
import type { Broker } from '../broker/port.ts'
import { findWorking } from './books.ts'
import type { BrokerCommand } from './changes.ts'
import type { DeskContext } from './context.ts'
import { handOver, ordersOf } from './dispatch.ts'
import { resendGroup } from './protection.ts'
import { isProtective } from './protective-orders.ts'
import { putOrder } from './put-order.ts'
import { resubmit } from './resubmit.ts'
import { type SendGate, SwitchesUnreadable } from './send-gate.ts'
import type { Work } from './work.ts'

export interface HandOverParts {
  broker: Broker
  clock: Clock
  log: Logger
  gate: SendGate
  /** Work on the books, for what becomes of an order that did not leave. */
  run: (mode: TradingMode, work: Work<void>) => Promise<void>
}

/** Orders of which it is remembered when they were handed over. */
const MOST_REMEMBERED = 10_000

/** Tells the broker what was committed, and remembers when it did: while it does, nobody may take an order for lost. */
export class HandOver {
  readonly #parts: HandOverParts
  /** When this process gave an order to the broker last; Infinity while it does. */
  readonly #leftMs = new Map<string, number>()

  constructor(parts: HandOverParts) {
    this.#parts = parts
  }

  /** When this process gave an order to the broker last; -Infinity if it never did. */
  leftMs(orderId: string): number {
    return this.#leftMs.get(orderId) ?? -Infinity
  }

  /** All at once: while the first is being handed over, nobody may take the second for lost. */
  begin(commands: readonly BrokerCommand[]): void {
    for (const command of commands)
      if (command.type !== 'cancel')
        for (const { orderId } of ordersOf(command)) this.#leftMs.set(orderId, Infinity)
  }

  /** One by one; what fails for one is no reason not to send the next. */
  async send(commands: readonly BrokerCommand[]): Promise<void> {
    const failures: unknown[] = []
    for (const command of commands) {
      try {
        if (command.type === 'cancel') await this.cancel(command.order)
        else await this.#submit(command)
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  /** A cancellation that did not arrive is asked for again with the next round of open outcomes. */
  async cancel(order: Order): Promise<void> {
    try {
      await this.#parts.broker.cancel(order.clientOrderId)
    } catch (error) {
      this.#parts.log.error({ err: error, orderId: order.orderId }, 'a cancellation may not have arrived')
    }
  }

  async #submit(command: Exclude<BrokerCommand, { type: 'cancel' }>): Promise<void> {
    const { gate, broker, log, clock, run } = this.#parts
    const orders = ordersOf(command)
    const [first] = orders
    if (!first) return
    try {
      const hasLeft = await gate.pass(first, () => handOver(broker, command))
      if (!hasLeft) await run(first.mode, (ctx) => judgeAgain(ctx, orders))
    } catch (error) {
      log.error({ err: error, orderId: first.orderId }, 'the outcome of a broker call is unknown')
      if (!(error instanceof SwitchesUnreadable)) await this.#markInDoubt(orders)
    } finally {
      for (const { orderId } of orders) this.#leftMs.set(orderId, clock.nowMs())
      this.#forgetOldest()
    }
  }

  #forgetOldest(): void {
    for (const [orderId] of this.#leftMs) {
      if (this.#leftMs.size <= MOST_REMEMBERED) return
      this.#leftMs.delete(orderId)
    }
  }

  async #markInDoubt(orders: readonly Order[]): Promise<void> {
    for (const { mode, orderId } of orders) {
      await this.#parts.run(mode, (ctx) => {
        const found = findWorking(ctx.books, orderId)
        if (found?.order.status === 'PENDING') putOrder(ctx, found.book, { ...found.order, inDoubt: true })
      })
    }
  }
}

/** Stored before a kill switch was activated, not sent after it. */
function judgeAgain(ctx: DeskContext, orders: readonly Order[]): void {
  for (const { orderId } of orders) {
    const found = findWorking(ctx.books, orderId)
    if (found?.order.status !== 'PENDING') continue
    if (isProtective(found.order)) resendGroup(ctx, found.book, found.order)
    else resubmit(ctx, found.book, [found.order])
  }
}
