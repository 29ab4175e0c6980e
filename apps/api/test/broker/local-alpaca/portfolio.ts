import { Decimal, ZERO } from '@quantdeck/domain'
import { assetId, Refused, type WireOrder } from './wire.ts'

/** The money and the shares of the account, at the prices of the market. */
export class Portfolio {
  readonly positions = new Map<string, { qty: Decimal; cost: Decimal }>()
  readonly prices = new Map<string, Decimal>()
  #cash: Decimal

  constructor(cash: string) {
    this.#cash = new Decimal(cash)
  }

  heldOf(symbol: string): Decimal {
    return this.positions.get(symbol)?.qty ?? ZERO
  }

  /** One execution; a sale is negative. */
  book(symbol: string, signed: Decimal, price: Decimal): void {
    this.#cash = this.#cash.minus(signed.times(price))
    const held = this.positions.get(symbol) ?? { qty: ZERO, cost: ZERO }
    const qty = held.qty.plus(signed)
    const isGrowing = held.qty.isZero() || held.qty.s === signed.s
    const cost = isGrowing
      ? held.cost.plus(signed.times(price))
      : qty.s === held.qty.s
        ? held.cost.times(qty).div(held.qty)
        : qty.times(price)
    if (qty.isZero()) this.positions.delete(symbol)
    else this.positions.set(symbol, { qty, cost })
  }

  /** 403 where money or shares do not suffice beside the orders that work; only exit orders reserve shares. */
  assertAffordable(order: WireOrder, working: readonly WireOrder[]): void {
    const qty = new Decimal(order.qty ?? 0)
    const held = this.heldOf(order.symbol)
    if (order.side === 'sell' && held.gt(0)) {
      const free = held.minus(reserved(order.symbol, working))
      if (qty.lte(free)) return
      const available = free.toFixed()
      throw new Refused(
        403,
        40_310_000,
        `insufficient qty available for order (requested: ${qty.toFixed()}, available: ${available})`,
        { symbol: order.symbol, available, existing_qty: held.toFixed() },
      )
    }
    const cost = qty.times(order.limit_price ?? order.stop_price ?? this.prices.get(order.symbol) ?? 0)
    const power = this.#buyingPower(working)
    if (cost.lte(power)) return
    throw new Refused(403, 40_310_000, 'insufficient buying power', {
      buying_power: power.toFixed(),
      cost_basis: cost.toFixed(),
    })
  }

  /** `GET /v2/account`. */
  account(working: readonly WireOrder[]): Record<string, unknown> {
    const long = this.#marketValue((qty) => qty.gt(0))
    const short = this.#marketValue((qty) => qty.lt(0))
    const equity = this.#cash.plus(long).plus(short).toFixed()
    return {
      id: 'e6fe16f3-64a4-4921-8928-cadf02f92f98',
      account_number: '010203ABCD',
      status: 'ACTIVE',
      currency: 'USD',
      cash: this.#cash.toFixed(),
      portfolio_value: equity,
      equity,
      last_equity: equity,
      buying_power: this.#buyingPower(working).toFixed(),
      long_market_value: long.toFixed(),
      short_market_value: short.toFixed(),
      multiplier: '1',
      shorting_enabled: true,
      trading_blocked: false,
      account_blocked: false,
      transfers_blocked: false,
      trade_suspended_by_user: false,
      pattern_day_trader: false,
      created_at: '2019-06-12T22:47:07.99658Z',
    }
  }

  /** `GET /v2/positions`. */
  list(): Record<string, unknown>[] {
    return [...this.positions].map(([symbol, { qty, cost }]) => {
      const price = this.#priceOf(symbol)
      const value = qty.times(price)
      return {
        asset_id: assetId(symbol),
        symbol,
        exchange: 'NASDAQ',
        asset_class: 'us_equity',
        asset_marginable: true,
        qty: qty.toFixed(),
        qty_available: qty.toFixed(),
        avg_entry_price: cost.div(qty).toFixed(),
        side: qty.gt(0) ? 'long' : 'short',
        market_value: value.toFixed(),
        cost_basis: cost.toFixed(),
        unrealized_pl: value.minus(cost).toFixed(),
        unrealized_plpc: '0',
        unrealized_intraday_pl: '0',
        unrealized_intraday_plpc: '0',
        current_price: price.toFixed(),
        lastday_price: price.toFixed(),
        change_today: '0',
      }
    })
  }

  /** What it was paid for, where the market has no price. */
  #priceOf(symbol: string): Decimal {
    const { qty, cost } = this.positions.get(symbol) ?? { qty: new Decimal(1), cost: ZERO }
    return this.prices.get(symbol) ?? cost.div(qty)
  }

  #marketValue(which: (qty: Decimal) => boolean): Decimal {
    return [...this.positions]
      .filter(([, { qty }]) => which(qty))
      .reduce((sum, [symbol, { qty }]) => sum.plus(qty.times(this.#priceOf(symbol))), ZERO)
  }

  #buyingPower(working: readonly WireOrder[]): Decimal {
    const bound = working
      .filter(({ side }) => side === 'buy')
      .reduce((sum, order) => sum.plus(new Decimal(order.qty ?? 0).times(order.limit_price ?? 0)), ZERO)
    return Decimal.max(this.#cash.minus(bound), 0)
  }
}

/** Shares that exits may still sell; of a group only one order can. */
function reserved(symbol: string, working: readonly WireOrder[]): Decimal {
  return working
    .filter((order) => order.symbol === symbol && order.side === 'sell' && !isGroupStop(order))
    .reduce((sum, order) => sum.plus(order.qty ?? 0).minus(order.filled_qty), ZERO)
}

const isGroupStop = ({ order_class: orderClass, type }: WireOrder): boolean =>
  orderClass === 'oco' && type === 'stop'
