import {
  findOrder,
  findStrategy,
  listFillsOfOrder,
  listInstruments,
  listOrders as queryOrders,
  type NewAuditEntry,
  type OrderDetail,
} from '@quantdeck/db'
import {
  AppError,
  type Decimal,
  type ErrorDetail,
  type Fill,
  type Instrument,
  notFound,
  type Order,
  type OrderSide,
  type OrderStatus,
  type OrderType,
  type TimeInForce,
  type TradingMode,
  unitValueUsd,
  usdRateOf,
  ensureDefined,
  type Strategy,
} from '@quantdeck/domain'
import type { CheckResult, Verdict } from '@quantdeck/risk'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { isVisible, mayChangeStrategy, visibleStrategyIds } from '../../auth/visibility.ts'
import { DEFAULT_COSTS, feeUsd } from '../../broker/fill-model.ts'
import type { Deps } from '../../deps.ts'
import { type Books, findWorking, type StrategyBook, tradingBook } from '../../desk/books.ts'
import { bracketOf } from '../../desk/bracket.ts'
import type { DeskContext } from '../../desk/context.ts'
import type { UsedClientIds } from '../../desk/work.ts'
import type { OrderDraft } from '../../desk/order-draft.ts'
import { reducesPosition } from '../../desk/risk-books.ts'
import type { Permission } from '../../desk/risk-request.ts'
import { cancelWorking } from '../../desk/cancel-order.ts'
import { judge } from '../../desk/judge.ts'
import { readChecks } from '../../desk/stored-checks.ts'
import { submitOrder } from '../../desk/submit.ts'

export type InstrumentMap = ReadonlyMap<string, Instrument>

export interface OrderQuery {
  strategyId?: string
  status?: OrderStatus
  /** No order was ever sent in BACKTEST: those live in a run's result. */
  mode?: TradingMode | 'BACKTEST'
  from?: Date
  to?: Date
  page: number
  perPage: number
}

export interface OrderPage {
  orders: Order[]
  totalCount: number
  instruments: InstrumentMap
}

export async function instrumentMap(deps: Deps): Promise<InstrumentMap> {
  return new Map((await listInstruments(deps.db.kysely)).map((one) => [one.symbol, one]))
}

/** For one order: as the books know its instrument, which they do once it was submitted. */
export async function instrumentsOf(deps: Deps, { symbol }: Order): Promise<InstrumentMap> {
  const instrument = deps.desk.instrument(symbol)
  return instrument ? new Map([[symbol, instrument]]) : instrumentMap(deps)
}

export async function listOrders(deps: Deps, actor: Actor, query: OrderQuery): Promise<OrderPage> {
  const { page, perPage, mode, ...filter } = query
  const instruments = await instrumentMap(deps)
  if (mode === 'BACKTEST') return { orders: [], totalCount: 0, instruments }
  const visible = await visibleStrategyIds(deps, actor)
  const found = await queryOrders(
    deps.db.kysely,
    { visible, mode, ...filter },
    deps.pages.page(actor, 'orders', { mode, ...filter }, { page, perPage }),
  )
  return { ...found, instruments }
}

export interface FullOrder extends OrderDetail {
  fills: Fill[]
  instruments: InstrumentMap
}

/** @throws AppError NOT_FOUND */
export async function getOrder(deps: Deps, actor: Actor, orderId: string): Promise<FullOrder> {
  const detail = await findOrder(deps.db.kysely, orderId)
  const visible = await visibleStrategyIds(deps, actor)
  if (!detail || !isVisible(visible, detail.order.strategyId)) throw notFound('Order')
  return {
    ...detail,
    fills: await listFillsOfOrder(deps.db.kysely, orderId),
    instruments: await instrumentMap(deps),
  }
}

export interface OrderRequest {
  strategyId: string
  symbol: string
  side: OrderSide
  quantity: Decimal
  orderType: OrderType
  limitPrice: Decimal | null
  stopPrice: Decimal | null
  timeInForce: TimeInForce
  stopLoss: Decimal | null
  takeProfit: Decimal | null
  clientOrderId?: string
  reduceOnly: boolean
  allowDuplicate: boolean
}

/**
 * Submits an order through the risk engine. It is stored whatever the verdict.
 * @throws AppError NOT_FOUND, CONFLICT for a used client_order_id or a strategy that does not trade, RISK_REJECTED
 */
export async function createOrder(deps: Deps, actor: Actor, request: OrderRequest): Promise<Order> {
  requireRole(actor, 'trader')
  const known = deps.desk.lastKnownStrategy(request.strategyId)
  const mayAsk = known !== undefined && known.mode !== 'BACKTEST'
  const asked = mayAsk ? await submit(deps, actor, request, known) : 'moved'
  // Known by the books, and yet in another mode by the time they were locked: another process has moved it.
  const submitted =
    asked === 'moved' ? await submit(deps, actor, request, await tradable(deps, actor, request)) : asked
  if (submitted === 'moved') throw elsewhere(request.strategyId)
  if (submitted instanceof AppError) throw submitted
  if (submitted.status === 'REJECTED') throw riskRejected(submitted)
  return submitted
}

function elsewhere(strategyId: string): AppError {
  return new AppError('CONFLICT', `${strategyId} has just changed its mode`)
}

/** In the books of the mode that the strategy is known to trade in; who owns it counts as those books have it. */
async function submit(
  deps: Deps,
  actor: Actor,
  request: OrderRequest,
  known: Strategy,
): Promise<Order | AppError | 'moved'> {
  await assertVisible(deps, actor, known)
  const { clientOrderId } = request
  const work = (ctx: DeskContext, _trx: unknown, used: UsedClientIds) => {
    const book = ctx.books.strategies.get(known.strategyId)
    if (book?.strategy.mode !== ctx.books.mode) return 'moved'
    if (clientOrderId !== undefined && isTaken(ctx, used, clientOrderId))
      return new AppError('CONFLICT', `client_order_id ${clientOrderId} was used before`)
    const permission = permissionOf(actor, book.strategy)
    const { order } = submitOrder(ctx, book, toDraft(ctx.books, book, request), { permission })
    ctx.changes.audit.push(submissionEntry(actor, order, ctx.at))
    return order
  }
  return deps.desk.runTogether(known.mode as TradingMode, work, { clientOrderId })
}

/** Looked at under the account's lock, so that of two at once the second sees the first. */
function isTaken({ changes }: DeskContext, used: UsedClientIds, clientOrderId: string): boolean {
  if (used.has(clientOrderId)) return true
  for (const order of changes.newOrders.values()) if (order.clientOrderId === clientOrderId) return true
  return false
}

function submissionEntry(actor: Actor, order: Order, at: Date): NewAuditEntry {
  return {
    ...auditFacts(actor, at),
    ...{ action: 'order.submit', entity: 'order', entityId: order.orderId, before: null, reason: null },
    after: {
      ...{ strategy_id: order.strategyId, symbol: order.symbol, side: order.side, status: order.status },
      ...{ mode: order.mode, order_type: order.orderType, quantity: order.quantity.toFixed() },
    },
  }
}

export interface OrderPreview {
  verdict: Verdict
  referencePrice: Decimal | null
  notionalUsd: Decimal | null
  feesUsd: Decimal | null
  instrument: Instrument | null
}

/** What the risk engine would say; changes nothing and sends nothing. */
export async function previewOrder(deps: Deps, actor: Actor, request: OrderRequest): Promise<OrderPreview> {
  const strategy = await tradable(deps, actor, request)
  const permission = permissionOf(actor, strategy)
  return deps.desk.preview(strategy.mode as TradingMode, (ctx) => {
    const book = tradingBook(ctx.books, strategy.strategyId)
    const draft = toDraft(ctx.books, book, request)
    const verdict = judge(ctx, book, draft, { permission })
    const instrument = ctx.books.instruments.get(draft.symbol) ?? null
    const referencePrice =
      draft.limitPrice ?? draft.stopPrice ?? ctx.books.marks.get(draft.symbol)?.price ?? null
    if (!instrument || !referencePrice) {
      return { verdict, referencePrice, notionalUsd: null, feesUsd: null, instrument }
    }
    const notionalUsd = unitValueUsd(instrument, referencePrice).times(draft.quantity)
    const rate = usdRateOf(instrument, referencePrice)
    const feesUsd = feeUsd(draft.quantity, referencePrice, instrument, rate, DEFAULT_COSTS)
    return { verdict, referencePrice, notionalUsd, feesUsd, instrument }
  })
}

/**
 * Cancels a working order. Never blocked by risk.
 * @throws AppError NOT_FOUND, CONFLICT when it is finished
 */
export async function cancelOrder(deps: Deps, actor: Actor, orderId: string): Promise<Order> {
  requireRole(actor, 'trader')
  const { order } = await getOrder(deps, actor, orderId)
  const strategy = ensureDefined(await findStrategy(deps.db.kysely, order.strategyId), order.strategyId)
  if (!mayChangeStrategy(actor, strategy) && actor.role !== 'risk') {
    throw new AppError('FORBIDDEN', 'Only the strategy owner, risk or an admin may cancel its orders')
  }
  return deps.desk.run(order.mode, (ctx) => {
    const found = findWorking(ctx.books, orderId)
    if (!found) throw new AppError('CONFLICT', `The order is ${order.status} and cannot be cancelled`)
    const cancelled = cancelWorking(ctx, found.book, found.order)
    ctx.changes.audit.push({
      ...auditFacts(actor, ctx.at),
      action: 'order.cancel',
      entity: 'order',
      entityId: orderId,
      before: { status: found.order.status, filled_quantity: found.order.filledQuantity.toFixed() },
      after: { status: cancelled.status },
      reason: null,
    })
    return cancelled
  })
}

/** What the risk engine looked at when the order was submitted. */
export async function orderChecks(
  deps: Deps,
  actor: Actor,
  orderId: string,
): Promise<{ order: Order; checks: CheckResult[] }> {
  const { order, checks } = await getOrder(deps, actor, orderId)
  return { order, checks: readChecks(checks) }
}

async function tradable(deps: Deps, actor: Actor, { strategyId }: OrderRequest): Promise<Strategy> {
  requireRole(actor, 'trader')
  const strategy = await findStrategy(deps.db.kysely, strategyId)
  if (!strategy) throw notFound('Strategy')
  await assertVisible(deps, actor, strategy)
  if (strategy.mode !== 'BACKTEST') return strategy
  throw new AppError('CONFLICT', `${strategyId} is in BACKTEST mode and sends no orders`)
}

/** Whoever may change a strategy sees it, unless their key is of others: only who may not is looked up. */
async function assertVisible(deps: Deps, actor: Actor, strategy: Strategy): Promise<void> {
  const isOfKey = actor.strategyIds === null || actor.strategyIds.includes(strategy.strategyId)
  if (isOfKey && mayChangeStrategy(actor, strategy)) return
  if (!isVisible(await visibleStrategyIds(deps, actor), strategy.strategyId)) throw notFound('Strategy')
}

function permissionOf(actor: Actor, strategy: Strategy): Permission {
  const allowed = mayChangeStrategy(actor, strategy)
  return { allowed, reason: allowed ? null : 'only the owner or an admin may trade it' }
}

/** An entry without a stop or target of its own gets the configured ones. */
function toDraft(books: Books, book: StrategyBook, request: OrderRequest): OrderDraft {
  const isEntry = !reducesPosition(book, request)
  const { side, symbol, limitPrice, stopPrice } = request
  const price = limitPrice ?? stopPrice ?? books.marks.get(symbol)?.price ?? null
  const bracket = isEntry
    ? bracketOf(book, request, { side, price, instrument: books.instruments.get(symbol) ?? null })
    : {}
  return { ...request, ...bracket, origin: 'api', isEntry, signalId: null }
}

/** @returns 422 with every violation */
export function riskRejected(order: Order): AppError {
  const [headline] = order.violations
  return new AppError('RISK_REJECTED', headline?.message ?? 'The risk engine refused the order', {
    details: order.violations.map((violation): ErrorDetail => ({ ...violation })),
  })
}
