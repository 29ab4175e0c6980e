import {
  calendarById,
  type Decimal,
  entryQuantity,
  type Instrument,
  isOpen,
  type Order,
  type OrderIntent,
  type Position,
  riskUsd,
  type Signal,
  type SignalType,
  sideOfSignal,
  usdRateOf,
  type ViolationRecord,
  ZERO,
} from '@quantdeck/domain'
import type { RiskSignal } from '@quantdeck/risk'
import { bracketOf, decimalSetting } from './bracket.ts'
import type { StrategyBook } from './books.ts'
import type { SignalSource } from './changes.ts'
import type { DeskContext } from './context.ts'
import { signalMessage } from './messages.ts'
import type { OrderDraft } from './order-draft.ts'
import type { Permission } from './risk-request.ts'
import { planBesideWorking } from './signal-plan.ts'
import { submitOrder } from './submit.ts'
import { plainReason } from './violations.ts'

/** A signal as it arrives, from the API, a reference strategy or a model stand-in. */
export interface SignalInput {
  strategyId: string
  symbol: string
  signal: SignalType
  /** 0..1 */
  confidence: number
  /** 0..1 of the allocation. */
  size: number
  entryPrice: Decimal | null
  stopLoss: Decimal | null
  takeProfit: Decimal | null
  reasoning: string
  signalAt: Date
  clientSignalId: string | null
  source: SignalSource
}

/** One signal through the pipeline. Every signal ends in exactly one recorded outcome: orders, or the reasons why not. */
export function onSignal(
  ctx: DeskContext,
  book: StrategyBook,
  input: SignalInput,
  permission?: Permission,
): Signal {
  const position = book.open.get(input.symbol) ?? null
  const instrument = ctx.books.instruments.get(input.symbol) ?? null
  const entryPrice = input.entryPrice ?? ctx.books.marks.get(input.symbol)?.price ?? null
  const side = input.signal === 'SHORT' ? 'SELL' : 'BUY'
  const bracket = bracketOf(book, input, { side, price: entryPrice, instrument })
  const protectedInput = { ...input, ...bracket }
  const quantity = instrument && entryPrice ? sized(book, protectedInput, instrument, entryPrice) : ZERO
  const base = toSignal(ctx, input, {
    side: sideOfSignal(input.signal, position),
    entryPrice,
    riskUsd:
      instrument && entryPrice ? riskOf(protectedInput, instrument, entryPrice, quantity, position) : ZERO,
  })
  const outcome = route(ctx, book, {
    input: protectedInput,
    signal: base,
    instrument,
    entryPrice,
    quantity,
    position,
    permission,
  })
  const signal: Signal = { ...base, ...outcome }
  ctx.changes.signals.push({ ...signal, source: input.source })
  ctx.changes.outbox.push(signalMessage(signal, (entryPrice ?? ZERO).toNumber()))
  return signal
}

type Outcome = Pick<Signal, 'outcome' | 'outcomeReasons' | 'orderIds'>

interface Routed {
  input: SignalInput
  signal: Signal
  instrument: Instrument | null
  entryPrice: Decimal | null
  quantity: Decimal
  position: Position | null
  permission: Permission | undefined
}

function route(ctx: DeskContext, book: StrategyBook, routed: Routed): Outcome {
  const { input, instrument, entryPrice, quantity, position } = routed
  if (input.signal !== 'HOLD' && !instrument) return refused('INSTRUMENT_NOT_FOUND')
  if (input.signal !== 'HOLD' && !entryPrice) return refused('PRICE_UNKNOWN')
  const plan = planBesideWorking(ctx, book, { ...input, position, entryQuantity: quantity })
  const active = book.strategy.status === 'active'
  const intents = active ? plan.intents : plan.intents.filter((intent) => !intent.isEntry)
  const reasons = plan.reasons.map(plainReason)
  if (intents.length < plan.intents.length) reasons.push(plainReason('STRATEGY_INACTIVE'))
  const orders: Order[] = []
  for (const intent of intents) {
    const order = submitIntent(ctx, book, intent, routed)
    orders.push(order)
    // Without its closing leg the opening one would be something else than what was asked for.
    if (order.status === 'REJECTED') break
  }
  return outcomeOf(orders, reasons)
}

function submitIntent(ctx: DeskContext, book: StrategyBook, intent: OrderIntent, routed: Routed): Order {
  const { input, signal, instrument, permission } = routed
  const open = instrument !== null && isOpen(calendarById(instrument.calendar), ctx.at)
  const draft: OrderDraft = {
    strategyId: input.strategyId,
    symbol: input.symbol,
    side: intent.side,
    quantity: intent.quantity,
    orderType: 'MARKET',
    limitPrice: null,
    stopPrice: null,
    timeInForce: open ? 'DAY' : 'OPG',
    origin: 'signal',
    isEntry: intent.isEntry,
    reduceOnly: intent.reduceOnly,
    stopLoss: intent.isEntry ? input.stopLoss : null,
    takeProfit: intent.isEntry ? input.takeProfit : null,
    signalId: signal.signalId,
  }
  return submitOrder(ctx, book, draft, { permission, signal: riskSignal(input) }).order
}

function riskSignal(input: SignalInput): RiskSignal {
  return {
    signal: input.signal,
    signalAt: input.signalAt.getTime(),
    alreadyUsed: false,
    confidence: input.confidence,
  }
}

function outcomeOf(orders: Order[], reasons: ViolationRecord[]): Outcome {
  const sent = orders.filter((order) => order.status !== 'REJECTED')
  const refused = orders.flatMap((order) => order.violations)
  const outcome = sent.length > 0 ? 'ORDERS' : orders.length > 0 ? 'REFUSED' : 'NO_ACTION'
  return { outcome, outcomeReasons: [...refused, ...reasons], orderIds: orders.map((order) => order.orderId) }
}

function refused(code: string): Outcome {
  return { outcome: 'REFUSED', outcomeReasons: [plainReason(code)], orderIds: [] }
}

/** The outcome of a signal of a strategy that does not trade: recorded, no order. */
export function recordOnly(
  ctx: Pick<DeskContext, 'at' | 'newId'>,
  input: SignalInput,
  price: Decimal | null,
): Signal {
  const entryPrice = input.entryPrice ?? price
  const base = toSignal(ctx, input, { side: sideOfSignal(input.signal, null), entryPrice, riskUsd: ZERO })
  return { ...base, outcome: 'RECORDED', outcomeReasons: [plainReason('BACKTEST_MODE')] }
}

function toSignal(
  ctx: Pick<DeskContext, 'at' | 'newId'>,
  input: SignalInput,
  computed: Pick<Signal, 'side' | 'entryPrice' | 'riskUsd'>,
): Signal {
  return {
    signalId: ctx.newId(),
    seq: 0,
    strategyId: input.strategyId,
    symbol: input.symbol,
    signal: input.signal,
    confidence: input.confidence,
    size: input.size,
    stopLoss: input.stopLoss,
    takeProfit: input.takeProfit,
    reasoning: input.reasoning,
    signalAt: input.signalAt,
    receivedAt: ctx.at,
    clientSignalId: input.clientSignalId,
    outcome: 'NO_ACTION',
    outcomeReasons: [],
    orderIds: [],
    ...computed,
  }
}

function sized(book: StrategyBook, input: SignalInput, instrument: Instrument, entryPrice: Decimal): Decimal {
  return entryQuantity({
    allocation: book.strategy.allocatedCapital,
    size: input.size,
    riskPerTradePct: decimalSetting(book, 'risk_per_trade_pct'),
    entryPrice,
    stopPrice: input.stopLoss,
    lot: instrument.lotSize,
    usdRate: usdRateOf(instrument, entryPrice),
    multiplier: instrument.multiplier,
  })
}

function riskOf(
  input: SignalInput,
  instrument: Instrument,
  entryPrice: Decimal,
  quantity: Decimal,
  position: Position | null,
): Decimal {
  const isEntry = input.signal === 'LONG' || input.signal === 'SHORT'
  return riskUsd({
    quantity: isEntry ? quantity : (position?.quantity.abs() ?? ZERO),
    entryPrice,
    stopPrice: isEntry ? input.stopLoss : (position?.stopLoss ?? null),
    usdRate: usdRateOf(instrument, entryPrice),
    multiplier: instrument.multiplier,
  })
}
