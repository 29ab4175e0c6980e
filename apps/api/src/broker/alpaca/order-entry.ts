import type { Clock, TradingMode } from '@quantdeck/domain'
import { type BrokerEvent, type BrokerOco, type BrokerOrder, SUBMIT_MS } from '../port.ts'
import { type AlpacaHttp, AlpacaRefusal, AlpacaUncertain } from './http.ts'
import type { OrderLookup } from './order-lookup.ts'
import type { ReportProblem } from './problems.ts'
import type { Resync } from './resync.ts'
import {
  acceptedEvent,
  differenceFrom,
  standingOf,
  toOcoBody,
  toOrderBody,
  unsupported,
} from './translate.ts'
import { type AlpacaLeg, alpacaOrder } from './wire.ts'

/** Less than the port allows, so that our own sentence comes before whoever waits gives up. */
const SEND_MS = SUBMIT_MS - 500
/** After a submit without an answer, "not found" is no statement for this long: it may still be on its way. */
const IN_FLIGHT_MS = 10_000
const DUPLICATE = /client[ _-]?order[ _-]?id must be unique/i

export interface OrderEntryParts {
  mode: TradingMode
  http: AlpacaHttp
  lookup: OrderLookup
  resync: Resync
  clock: Clock
  report: ReportProblem
  push: (events: readonly BrokerEvent[]) => void
}

/** Sends orders: each once, and what became of it is told as events. */
export class OrderEntry {
  readonly #mode: TradingMode
  readonly #http: AlpacaHttp
  readonly #lookup: OrderLookup
  readonly #resync: Resync
  readonly #clock: Clock
  readonly #report: ReportProblem
  readonly #push: (events: readonly BrokerEvent[]) => void
  /** Client id -> when its submit was left without an answer. */
  readonly #inFlight = new Map<string, number>()

  constructor(parts: OrderEntryParts) {
    this.#mode = parts.mode
    this.#http = parts.http
    this.#lookup = parts.lookup
    this.#resync = parts.resync
    this.#clock = parts.clock
    this.#report = parts.report
    this.#push = parts.push
  }

  async submit(order: BrokerOrder): Promise<void> {
    const why = this.#unservedMode(order) ?? unsupported(order)
    if (why !== null) return this.#reject(order.clientOrderId, why)
    await this.#place(toOrderBody(order), order)
  }

  async submitOco(pair: BrokerOco): Promise<void> {
    const { stopLoss, takeProfit } = pair
    const why = this.#unservedMode(takeProfit) ?? unsupported(takeProfit) ?? unsupported(stopLoss)
    const names = [takeProfit.clientOrderId, stopLoss.clientOrderId]
    if (why !== null) return names.forEach((name) => this.#reject(name, why))
    await this.#place(toOcoBody(pair), takeProfit, stopLoss)
  }

  /** @throws AlpacaUncertain if an order that Alpaca does not find may still be on its way */
  assertNotInFlight(clientOrderId: string): void {
    const sentMs = this.#inFlight.get(clientOrderId)
    if (sentMs === undefined) return
    if (this.#clock.nowMs() - sentMs < IN_FLIGHT_MS) {
      throw new AlpacaUncertain(`${clientOrderId} was not found, but it was sent a moment ago`)
    }
    this.#inFlight.delete(clientOrderId)
  }

  hasArrived(clientOrderId: string): void {
    this.#inFlight.delete(clientOrderId)
  }

  #unservedMode({ mode }: BrokerOrder): string | null {
    return mode === this.#mode ? null : `the account at ${this.#http.host} is the ${this.#mode} account`
  }

  #reject(clientOrderId: string, reason: string): void {
    this.#push([{ type: 'rejected', clientOrderId, reason, at: this.#clock.now() }])
  }

  async #place(body: Record<string, unknown>, order: BrokerOrder, stopLoss?: BrokerOrder): Promise<void> {
    const names = [order, ...(stopLoss ? [stopLoss] : [])].map(({ clientOrderId }) => clientOrderId)
    try {
      const answer = await this.#http.send({
        method: 'POST',
        path: '/v2/orders',
        body,
        priority: 'submit',
        timeoutMs: SEND_MS,
        answer: alpacaOrder,
      })
      this.#lookup.learn(answer)
      this.#accept(order, answer)
      if (stopLoss) this.#acceptLeg(stopLoss, answer.legs?.[0] ?? null)
    } catch (error) {
      if (!(error instanceof AlpacaRefusal)) {
        for (const name of names) this.#inFlight.set(name, this.#clock.nowMs())
        throw error
      }
      if (DUPLICATE.test(error.message)) return this.#adopt(order, stopLoss)
      for (const name of names) this.#reject(name, `Alpaca: ${error.message}`)
    }
  }

  /** The id is taken: an earlier try arrived after all. */
  async #adopt(order: BrokerOrder, stopLoss?: BrokerOrder): Promise<void> {
    const held = await this.#lookup.find(order.clientOrderId, 'submit')
    if (held === null)
      throw new AlpacaUncertain(`Alpaca says both that it has ${order.clientOrderId} and that it has not`)
    this.#accept(order, held)
    if (!stopLoss) return
    const { legs } = await this.#lookup.get(held.id, 'submit')
    this.#acceptLeg(stopLoss, legs?.[0] ?? null)
  }

  #accept(sent: BrokerOrder, held: AlpacaLeg): void {
    const difference = differenceFrom(sent, held)
    if (difference !== null) {
      this.#report({
        severity: 'CRITICAL',
        code: 'BROKER_CONTRADICTION',
        message: `Alpaca has another order than the one sent as ${sent.clientOrderId}: ${difference}`,
        context: { client_order_id: sent.clientOrderId, broker_order_id: held.id },
        key: `order:${sent.clientOrderId}`,
      })
      throw new AlpacaUncertain(`Alpaca has another order than the one sent as ${sent.clientOrderId}`)
    }
    const now = this.#clock.now()
    this.#push([acceptedEvent(sent.clientOrderId, held, now)])
    // Filled or finished at once, or found after a long silence: the order itself tells the rest.
    if (standingOf(held) !== 'working' || held.filled_qty.gt(0)) this.#resync.recheck(sent.clientOrderId)
  }

  #acceptLeg(sent: BrokerOrder, leg: AlpacaLeg | null): void {
    if (leg === null) return this.#resync.recheck(sent.clientOrderId)
    this.#push([acceptedEvent(sent.clientOrderId, leg, this.#clock.now())])
  }
}
