import { type Decimal, ZERO } from '@quantdeck/domain'
import { expect } from 'vitest'
import type { BrokerEvent, BrokerFill } from '../../src/broker/port.ts'

/** What whoever books the reports would know. */
export class Bookkeeper {
  readonly events: BrokerEvent[] = []
  /** What it was called with, taken or not. */
  readonly calls: BrokerEvent[][] = []
  failures = 0
  /** Books what it is told and fails all the same: the answer of the database was lost. */
  lostAnswers = 0
  /** An order whose reports cannot be booked. */
  refused: string | null = null
  /** How many calls there were at a time, at most. */
  mostAtOnce = 0
  #running = 0
  #released: Promise<void> = Promise.resolve()

  async take(batch: BrokerEvent[]): Promise<void> {
    this.calls.push(batch)
    this.#running += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running)
    try {
      await this.#released
      this.#book(batch)
    } finally {
      this.#running -= 1
    }
  }

  /** Answers no call until the act is done. */
  async busy(act: () => Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#released = promise
    await act()
    resolve()
  }

  #book(batch: BrokerEvent[]): void {
    this.failures -= 1
    const isRefused = batch.some((event) => event.clientOrderId === this.refused)
    if (this.failures >= 0 || isRefused) throw new Error('the database is away')
    this.events.push(...batch)
    this.lostAnswers -= 1
    if (this.lostAnswers >= 0) throw new Error('the connection was lost after the commit')
  }

  of(clientOrderId: string): BrokerEvent[] {
    return this.events.filter((event) => event.clientOrderId === clientOrderId)
  }

  /** Each fill once, however often it was told. */
  fills(clientOrderId?: string): BrokerFill[] {
    const fills = this.events.filter((event) => event.type === 'fill')
    const own = fills.filter((fill) => clientOrderId === undefined || fill.clientOrderId === clientOrderId)
    return [...new Map(own.map((fill) => [fill.brokerTradeId, fill])).values()]
  }

  /** What happened to an order, each thing once. */
  story(clientOrderId: string): string[] {
    const words = this.of(clientOrderId).map((event) =>
      event.type === 'fill' ? `fill ${event.quantity.toFixed()} at ${event.price.toFixed()}` : event.type,
    )
    return [...new Set(words)]
  }

  async until(clientOrderId: string, type: BrokerEvent['type'], withinMs = 10_000): Promise<void> {
    await expect
      .poll(() => this.of(clientOrderId).map((event) => event.type), { timeout: withinMs, interval: 10 })
      .toContain(type)
  }

  async untilFilled(clientOrderId: string, quantity: number, withinMs = 10_000): Promise<void> {
    await expect
      .poll(() => Number(sum(this.fills(clientOrderId))), { timeout: withinMs, interval: 10 })
      .toBe(quantity)
  }
}

export function sum(fills: readonly BrokerFill[]): Decimal {
  return fills.reduce((total, fill) => total.plus(fill.quantity), ZERO)
}
