import type {
  DeckOrderCheck,
  DeckOrderChecksResponse,
  DeckOrderDetail,
  DeckOrderPreviewResponse,
  V1Order,
} from '@quantdeck/contracts'
import { type Decimal, formatAtLeast, formatFixed, formatInstant, type Order } from '@quantdeck/domain'
import type { CheckResult } from '@quantdeck/risk'
import { violationsOf } from '../../desk/violations.ts'
import { formatPrice, formatQuantity } from '../format.ts'
import type { FullOrder, InstrumentMap, OrderPreview } from './operations.ts'

/** An order of an unknown symbol was refused; its numbers are shown as they came. */
const PLAIN = { priceDecimals: 2, quantityDecimals: 2 }

export function presentOrder(order: Order, instruments: InstrumentMap): V1Order {
  const instrument = instruments.get(order.symbol) ?? PLAIN
  const price = (value: Decimal | null) => (value === null ? null : formatPrice(value, instrument))
  const isKnown = instruments.has(order.symbol)
  return {
    order_id: order.orderId,
    strategy_id: order.strategyId,
    symbol: order.symbol,
    side: order.side,
    quantity: isKnown ? formatQuantity(order.quantity, instrument) : formatAtLeast(order.quantity, 2),
    order_type: order.orderType,
    limit_price: price(order.limitPrice),
    status: order.status,
    filled_quantity: formatQuantity(order.filledQuantity, instrument),
    average_fill_price: price(order.averageFillPrice),
    fees: formatFixed(order.fees, 2),
    submitted_at: formatInstant(order.submittedAt),
    filled_at: order.filledAt === null ? null : formatInstant(order.filledAt),
    mode: order.mode,
    stop_price: price(order.stopPrice),
    time_in_force: order.timeInForce,
    client_order_id: order.clientOrderId,
    rejected_by: order.rejectedBy,
  }
}

export function presentOrderDetail({ order, reason, fills, instruments }: FullOrder): DeckOrderDetail {
  const instrument = instruments.get(order.symbol) ?? PLAIN
  const price = (value: Decimal | null) => (value === null ? null : formatPrice(value, instrument))
  return {
    ...presentOrder(order, instruments),
    origin: order.origin,
    signal_id: order.signalId,
    reduce_only: order.reduceOnly,
    stop_loss: price(order.stopLoss),
    take_profit: price(order.takeProfit),
    broker_order_id: order.brokerOrderId,
    in_doubt: order.inDoubt,
    cancelled_at: order.cancelledAt === null ? null : formatInstant(order.cancelledAt),
    reason,
    violations: order.violations,
    fills: fills.map((fill) => ({
      fill_id: fill.fillId,
      quantity: formatQuantity(fill.quantity, instrument),
      price: formatPrice(fill.price, instrument),
      fee: formatFixed(fill.fee, 2),
      filled_at: formatInstant(fill.filledAt),
    })),
  }
}

export function presentCheck(check: CheckResult): DeckOrderCheck {
  const { id, code, passed, skipped, scope, limit, observed, unit, message } = check
  return { check: id, code, passed, exempt: skipped === 'reducing', scope, limit, observed, unit, message }
}

export function presentPreview(preview: OrderPreview): DeckOrderPreviewResponse {
  const { verdict, referencePrice, notionalUsd, feesUsd, instrument } = preview
  return {
    data: {
      allowed: verdict.allowed,
      violations: violationsOf(verdict),
      checks: verdict.checks.map(presentCheck),
      reference_price: referencePrice === null ? null : formatPrice(referencePrice, instrument ?? PLAIN),
      notional: notionalUsd === null ? null : formatFixed(notionalUsd, 2),
      estimated_fees: feesUsd === null ? null : formatFixed(feesUsd, 2),
      reduces_position: verdict.reducing,
    },
  }
}

export function presentChecks(order: Order, checks: readonly CheckResult[]): DeckOrderChecksResponse {
  return {
    data: {
      order_id: order.orderId,
      allowed: order.rejectedBy !== 'risk',
      evaluated_at: formatInstant(order.submittedAt),
      violations: order.violations,
      checks: checks.map(presentCheck),
    },
  }
}
