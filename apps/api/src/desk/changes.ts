import type { EquityScope, NewAuditEntry } from '@quantdeck/db'
import type { Alert, Bar, EquityPoint, Fill, JsonValue, Order, Position, Signal } from '@quantdeck/domain'
import type { CheckResult, RiskEvent, RiskState } from '@quantdeck/risk'
import type { Mark } from './books.ts'

/** A message for the streams: a row of the outbox. */
export interface OutboxMessage {
  topic: 'signals' | 'market_status' | 'orders' | 'positions' | 'alerts' | 'equity' | 'runs' | 'kill_switch'
  /** What it belongs to: a strategy id where there is one, so that streams can filter by visibility. */
  key: string | null
  payload: { [key: string]: JsonValue }
  /** When it happened; the transaction's instant unless told. */
  at?: Date
}

/** Where a signal came from. */
export type SignalSource = 'api' | 'reference' | 'demo'

/** A model's output, kept for drift. */
export interface InferenceRow {
  strategyId: string
  action: number
  inferredAt: Date
}

/** What has to be asked of the broker once the transaction has committed. */
export type BrokerCommand =
  | { type: 'submit'; order: Order }
  | { type: 'submit_oco'; stopLoss: Order; takeProfit: Order }
  | { type: 'cancel'; order: Order }

export type NewAlert = Pick<
  Alert,
  'severity' | 'code' | 'message' | 'context' | 'strategyId' | 'createdAt'
> & {
  dedupeKey: string | null
  acknowledgedBy?: string
}

/** Everything one transaction of the desk writes. Filled by the pure pipeline, written by flush.ts in one go. */
export class ChangeSet {
  readonly newOrders = new Map<string, Order>()
  /** What the risk engine looked at, for the inspector. */
  readonly orderChecks = new Map<string, CheckResult[]>()
  readonly changedOrders = new Map<string, Order>()
  /** Why orders ended, in words, by order id. */
  readonly reasons = new Map<string, string>()
  readonly fills: Fill[] = []
  readonly positions = new Map<string, Position>()
  readonly signals: (Signal & { source: SignalSource })[] = []
  readonly inferences: InferenceRow[] = []
  readonly bars: Bar[] = []
  readonly marks = new Map<string, Mark>()
  readonly equityPoints = new Map<string, EquityPoint & { scope: EquityScope }>()
  readonly riskEvents: { scope: string; event: RiskEvent }[] = []
  readonly riskStates = new Map<string, RiskState>()
  readonly alerts: NewAlert[] = []
  readonly outbox: OutboxMessage[] = []
  /** Who asked for what, where a person or a key did. */
  readonly audit: NewAuditEntry[] = []
  readonly commands: BrokerCommand[] = []

  putOrder(order: Order): void {
    const target = this.newOrders.has(order.orderId) ? this.newOrders : this.changedOrders
    target.set(order.orderId, order)
  }

  putEquity(scope: EquityScope, point: EquityPoint): void {
    this.equityPoints.set(`${scope}@${point.at.getTime()}`, { scope, ...point })
  }

  /** True if the books themselves changed, so that other processes must reload them. Marks alone do not count. */
  get touchesBooks(): boolean {
    return (
      this.newOrders.size > 0 ||
      this.changedOrders.size > 0 ||
      this.fills.length > 0 ||
      this.positions.size > 0 ||
      this.riskStates.size > 0
    )
  }

  /** Nothing but orders, and what is written of them for streams and auditors. */
  get areOrdersOnly(): boolean {
    const { newOrders, changedOrders, fills, positions, riskStates, riskEvents, alerts, reasons } = this
    const others = fills.length + positions.size + riskStates.size + riskEvents.length
    return (
      newOrders.size + changedOrders.size > 0 &&
      others + alerts.length + reasons.size === 0 &&
      !this.#holdsFacts
    )
  }

  /** Anything that is neither of the books nor written because of them. */
  get #holdsFacts(): boolean {
    return (
      this.signals.length > 0 ||
      this.inferences.length > 0 ||
      this.bars.length > 0 ||
      this.marks.size > 0 ||
      this.equityPoints.size > 0
    )
  }

  get isEmpty(): boolean {
    return (
      !this.touchesBooks &&
      !this.#holdsFacts &&
      this.alerts.length === 0 &&
      this.audit.length === 0 &&
      this.outbox.length === 0
    )
  }
}
