import { type Clock, type TradingMode, ZERO } from '@quantdeck/domain'
import type * as z from 'zod'
import { EventDelivery } from '../delivery.ts'
import {
  type Broker,
  type BrokerAccount,
  type BrokerEvent,
  type BrokerFill,
  type BrokerOco,
  type BrokerOpenOrder,
  type BrokerOrder,
  type BrokerOrderState,
  type BrokerPosition,
  SUBMIT_MS,
} from '../port.ts'
import { FillLedger } from './fill-ledger.ts'
import { HeardFills } from './heard-fills.ts'
import { type AlpacaAccess, AlpacaHttp, AlpacaRefusal } from './http.ts'
import { OrderEntry } from './order-entry.ts'
import { OrderLookup } from './order-lookup.ts'
import { stateOf } from './order-state.ts'
import { type ReportProblem, shown } from './problems.ts'
import { type BudgetOptions, RequestBudget } from './request-budget.ts'
import { Resync } from './resync.ts'
import { TradeStream } from './trade-stream.ts'
import { fillOfActivity, standingOf } from './translate.ts'
import { UpdateFlow } from './update-flow.ts'
import { type AlpacaAccount, alpacaAccount, type AlpacaLeg, alpacaPositions } from './wire.ts'

/** Less than the port allows, so that our own sentence comes before whoever waits gives up. */
const SEND_MS = SUBMIT_MS - 500
const ASK_MS = 10_000
const CANCEL_TRIES = 3

export interface AlpacaBrokerParts {
  access: AlpacaAccess
  /** Which of our accounts the keys' account is. */
  mode: TradingMode
  clock: Clock
  report: ReportProblem
  /** An event could not be booked, or a look at the broker failed: for the log, it is tried again. */
  onError: (error: unknown) => void
  budget?: BudgetOptions
}

/** Alpaca's trading API as a broker: orders over REST, what happens to them over the stream of trade updates. */
export class AlpacaBroker implements Broker {
  readonly name = 'alpaca'
  readonly hasOwnBooks = true
  readonly mode: TradingMode
  readonly #clock: Clock
  readonly #report: ReportProblem
  readonly #http: AlpacaHttp
  readonly #lookup: OrderLookup
  readonly #ledger: FillLedger
  readonly #stream: TradeStream
  readonly #delivery: EventDelivery
  readonly #resync: Resync
  readonly #entry: OrderEntry
  readonly #updates: UpdateFlow
  readonly #heard = new HeardFills()
  /** Orders that work as far as this process knows. */
  readonly #working = new Set<string>()
  #blocked: string | null = null

  constructor(parts: AlpacaBrokerParts) {
    const { access, clock, report, onError } = parts
    this.mode = parts.mode
    this.#clock = clock
    this.#report = report
    this.#http = new AlpacaHttp({ access, clock, report, budget: new RequestBudget(clock, parts.budget) })
    this.#lookup = new OrderLookup(this.#http)
    this.#ledger = new FillLedger(this.#http)
    this.#delivery = new EventDelivery(onError)
    this.#resync = new Resync({
      clock,
      onError,
      catchUp: (since) => this.#catchUp(since),
      recheck: (name) => this.#recheck(name),
    })
    const shared = {
      clock,
      report,
      lookup: this.#lookup,
      resync: this.#resync,
      push: (events: readonly BrokerEvent[]) => this.#push(events),
    }
    this.#entry = new OrderEntry({ ...shared, mode: parts.mode, http: this.#http })
    this.#updates = new UpdateFlow({ ...shared, heard: this.#heard })
    this.#stream = new TradeStream({
      access,
      report,
      onListening: () => this.#resync.connected(),
      onUpdate: (update) => this.#updates.accept(update),
      onLost: () => this.#resync.connected(),
    })
  }

  /** For people: where it talks to. */
  get host(): string {
    return this.#http.host
  }

  /**
   * Asks for the account: do the keys work?
   * @throws AlpacaRefusal if Alpaca does not want them, AlpacaUncertain if it cannot be asked
   */
  async verify(): Promise<BrokerAccount> {
    return this.#account()
  }

  async start(): Promise<void> {
    this.#stream.open()
  }

  async submit(order: BrokerOrder): Promise<void> {
    await this.#entry.submit(order)
  }

  async submitOco(pair: BrokerOco): Promise<void> {
    await this.#entry.submitOco(pair)
  }

  async cancel(clientOrderId: string): Promise<void> {
    const id = this.#lookup.idOf(clientOrderId) ?? (await this.#lookup.find(clientOrderId, 'cancel'))?.id
    if (id === undefined) {
      this.#entry.assertNotInFlight(clientOrderId)
      return
    }
    try {
      await this.#sendCancel(id)
    } catch (error) {
      // Finished meanwhile, or unknown: whatever it is, the order itself tells.
      if (!(error instanceof AlpacaRefusal)) throw error
      this.#resync.recheck(clientOrderId)
    }
  }

  async query(clientOrderId: string): Promise<BrokerOrderState> {
    const order = await this.#lookup.find(clientOrderId)
    if (order === null) {
      this.#entry.assertNotInFlight(clientOrderId)
      return { status: 'unknown' }
    }
    this.#entry.hasArrived(clientOrderId)
    return stateOf(clientOrderId, order, {
      lookup: this.#lookup,
      ledger: this.#ledger,
      clock: this.#clock,
      report: this.#report,
    })
  }

  async listOpenOrders(mode: TradingMode): Promise<BrokerOpenOrder[]> {
    if (mode !== this.mode) return []
    const orders = await this.#lookup.listOpen()
    const open = orders.flatMap((order) => [order, ...(order.legs ?? [])])
    const named = open
      .filter((order) => ['working', 'unheard'].includes(standingOf(order)))
      .map(async (order) => toOpenOrder(await this.#lookup.nameOfId(order.id), order))
    return Promise.all(named)
  }

  async listPositions(mode: TradingMode): Promise<BrokerPosition[]> {
    if (mode !== this.mode) return []
    const positions = await this.#ask('/v2/positions', alpacaPositions)
    return positions
      .map(({ symbol, qty, side }) => ({ symbol, quantity: side === 'short' ? qty.abs().negated() : qty }))
      .filter(({ quantity }) => !quantity.isZero())
  }

  async listFills(mode: TradingMode, since: Date): Promise<BrokerFill[]> {
    if (mode !== this.mode) return []
    const fills: BrokerFill[] = []
    for (const fill of await this.#ledger.since(since)) {
      fills.push(fillOfActivity(await this.#lookup.nameOfId(fill.order_id), fill))
    }
    return fills
  }

  async account(mode: TradingMode): Promise<BrokerAccount | null> {
    return mode === this.mode ? this.#account() : null
  }

  onEvents(handler: (events: BrokerEvent[]) => Promise<void>): void {
    this.#delivery.onEvents(handler)
  }

  /** Alpaca has its own prices. */
  onQuote(): void {}

  status(): { connected: boolean; detail?: string } {
    const trouble = this.#stream.trouble
    if (trouble !== null) return { connected: false, detail: `${this.host}: no trade updates: ${trouble}` }
    if (this.#blocked !== null) return { connected: true, detail: `${this.host}: ${this.#blocked}` }
    return { connected: true, detail: this.host }
  }

  async close(): Promise<void> {
    this.#stream.close()
    await this.#resync.close()
    await this.#updates.settled()
    await this.#delivery.close()
  }

  /** Cancelling twice is cancelling once, so it may be repeated. */
  async #sendCancel(id: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#http.send({
          method: 'DELETE',
          path: `/v2/orders/${encodeURIComponent(id)}`,
          priority: 'cancel',
          timeoutMs: SEND_MS / CANCEL_TRIES,
          answer: null,
        })
        return
      } catch (error) {
        if (error instanceof AlpacaRefusal || attempt === CANCEL_TRIES) throw error
      }
    }
  }

  async #account(): Promise<BrokerAccount> {
    const account = await this.#ask('/v2/account', alpacaAccount)
    const blocked = blockedWhy(account)
    if (blocked !== null && blocked !== this.#blocked) {
      this.#report({
        severity: 'CRITICAL',
        code: 'BROKER_ACCOUNT_BLOCKED',
        message: `The account at ${this.host} takes no orders: ${blocked}`,
        context: { status: shown(account.status) },
        key: blocked,
      })
    }
    this.#blocked = blocked
    return { equity: account.equity, cash: account.cash }
  }

  async #ask<T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>> {
    return this.#http.send({ method: 'GET', path, priority: 'query', timeoutMs: ASK_MS, answer })
  }

  /** Fills and endings that were missed while nobody listened. */
  async #catchUp(since: Date): Promise<void> {
    const fills = await this.listFills(this.mode, since)
    this.#push(fills.filter((fill) => this.#heard.add(fill, null) === 'new'))
    const open = new Set((await this.listOpenOrders(this.mode)).map(({ clientOrderId }) => clientOrderId))
    for (const name of [...this.#working].filter((name) => !open.has(name))) await this.#recheck(name)
  }

  async #recheck(clientOrderId: string): Promise<void> {
    const state = await this.query(clientOrderId)
    if (state.status === 'unknown') return
    for (const event of state.events) if (event.type === 'fill') this.#heard.add(event, null)
    this.#push(state.events)
    if (state.status !== 'working') this.#working.delete(clientOrderId)
  }

  #push(events: readonly BrokerEvent[]): void {
    for (const { type, clientOrderId } of events) {
      if (type === 'accepted') this.#working.add(clientOrderId)
      else if (type !== 'fill') this.#working.delete(clientOrderId)
    }
    this.#delivery.push(events)
  }
}

function toOpenOrder(clientOrderId: string, order: AlpacaLeg): BrokerOpenOrder {
  return {
    clientOrderId,
    brokerOrderId: order.id,
    symbol: order.symbol,
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    quantity: order.qty ?? ZERO,
    filledQuantity: order.filled_qty,
  }
}

function blockedWhy(account: AlpacaAccount): string | null {
  if (account.account_blocked === true) return 'account_blocked'
  if (account.trading_blocked === true) return 'trading_blocked'
  if (account.trade_suspended_by_user === true) return 'trade_suspended_by_user'
  return account.status === 'ACTIVE' ? null : `its status is ${shown(account.status)}`
}
