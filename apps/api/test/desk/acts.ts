import { type KillSwitchScope, upsertGlobalLimits, upsertKillSwitch } from '@quantdeck/db'
import {
  type Clock,
  Decimal,
  ensureDefined,
  type OrderSide,
  type SignalType,
  type TradingMode,
  type TradingState,
  type StrategyConfig,
} from '@quantdeck/domain'
import type { LimitOverrides } from '@quantdeck/risk'
import type { Quote } from '../../src/broker/port.ts'
import type { OrderDraft } from '../../src/desk/order-draft.ts'
import { onQuote } from '../../src/desk/quote-flow.ts'
import { releaseWaitingOrders, submitOrder, type Submission } from '../../src/desk/submit.ts'
import { type PostedSignal, postSignals, type SignalResult } from '../../src/features/signals/operations.ts'
import { NOON, ADMIN, type DeskHouse } from './house.ts'
import { bookIn } from './facts.ts'

/** A price: seen by the broker, then by the desk in both accounts. */
export async function price(
  house: Pick<DeskHouse, 'desk' | 'broker'> & { clock: Clock },
  symbol: string,
  value: number | string,
): Promise<void> {
  const quote: Quote = { symbol, price: new Decimal(value), at: house.clock.now() }
  await house.broker.quote(quote)
  for (const mode of ['PAPER', 'LIVE'] as const) {
    await house.desk.run(mode, (ctx) => {
      onQuote(ctx, quote)
      releaseWaitingOrders(ctx, symbol)
    })
  }
}

/** Time goes by, then a price comes. */
export async function later(
  house: Pick<DeskHouse, 'desk' | 'broker' | 'clock'>,
  minutes: number,
  symbol: string,
  value: number | string,
): Promise<void> {
  house.clock.advanceBy(minutes * 60_000)
  await price(house, symbol, value)
}

export function signalOf(signal: SignalType, over: Partial<PostedSignal> = {}): PostedSignal {
  return {
    strategyId: 'ana_v1',
    symbol: 'ACME',
    signal,
    confidence: 0.8,
    size: 0.5,
    entryPrice: null,
    stopLoss: null,
    takeProfit: null,
    reasoning: 'test',
    signalAt: null,
    clientSignalId: null,
    ...over,
  }
}

export async function post(
  { deps }: Pick<DeskHouse, 'deps'>,
  signal: SignalType,
  over: Partial<PostedSignal> = {},
): Promise<SignalResult> {
  const [result] = await postSignals(deps, ADMIN, [signalOf(signal, over)])
  return ensureDefined(result, 'a result')
}

export function draftOf(
  side: OrderSide,
  quantity: number | string,
  over: Partial<OrderDraft> = {},
): OrderDraft {
  return {
    strategyId: 'ana_v1',
    symbol: 'ACME',
    side,
    quantity: new Decimal(quantity),
    orderType: 'MARKET',
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'DAY',
    origin: 'api',
    isEntry: true,
    reduceOnly: false,
    // Near enough that the risk of the trade is small; far from every price of the tests unless they say so.
    stopLoss: null,
    takeProfit: null,
    signalId: null,
    ...over,
  }
}

export async function order(
  { desk }: Pick<DeskHouse, 'desk'>,
  draft: OrderDraft,
  mode: TradingMode = 'PAPER',
): Promise<Submission> {
  return desk.run(mode, (ctx) => submitOrder(ctx, bookIn(ctx.books, draft.strategyId), draft))
}

/** Limits of everything, as an administrator sets them. */
export async function setLimits({ db }: Pick<DeskHouse, 'db'>, limits: LimitOverrides): Promise<void> {
  await upsertGlobalLimits(db.kysely, {
    limits: JSON.parse(JSON.stringify(limits)) as StrategyConfig,
    updatedAt: NOON,
    updatedBy: 'test',
  })
  await db.executeSql('update accounts set version = version + 1')
}

/** A person's kill switch, as it stands in the database. */
export async function switchTo(
  house: Pick<DeskHouse, 'db' | 'clock'>,
  scope: KillSwitchScope,
  level: TradingState,
): Promise<void> {
  const at = house.clock.now()
  await upsertKillSwitch(house.db.kysely, {
    scope,
    level,
    cause: 'manual',
    reason: 'test',
    activatedAt: at,
    activatedBy: 'test',
    deactivatedAt: null,
    deactivatedBy: null,
    updatedAt: at,
  })
}
