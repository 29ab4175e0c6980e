import {
  bumpAllAccountVersions,
  type Database,
  insertInstrument,
  insertStrategy,
  transaction,
  upsertGlobalLimits,
  upsertMarks,
} from '@quantdeck/db'
import { Decimal, type StrategyConfig } from '@quantdeck/domain'
import type { BrokerEvent } from '../../../src/broker/port.ts'
import { onQuote } from '../../../src/desk/quote-flow.ts'
import type { TestApi } from '../../harness.ts'
import { ACME, NOON, strategy, wipe } from '../house.ts'
import { BrokerScript } from './broker-script.ts'
import type { Ask, System } from './commands.ts'
import { WIDE_LIMITS } from './pure-system.ts'
import type { SystemView } from './reference.ts'
import type { ScriptedBroker } from './scripted-broker.ts'

interface Door {
  api: TestApi
  token: string
  broker: ScriptedBroker
}

/** The whole server: orders and cancellations over HTTP, reports through the broker port, facts from both. */
export class HttpSystem implements System {
  readonly script: BrokerScript
  readonly told: BrokerEvent[] = []
  onTheWay: BrokerEvent[] = []
  readonly #door: Door

  constructor(door: Door) {
    this.#door = door
    this.script = new BrokerScript(() => door.api.deps.clock.now())
    door.broker.script = this.script
  }

  async submit({ side, units, orderType, bracket }: Ask): Promise<void> {
    const [stop, target] = side === 'BUY' ? ['80', '120'] : ['120', '80']
    const body = {
      ...{ strategy_id: 'ana_v1', symbol: 'ACME', side, quantity: String(units), order_type: orderType },
      ...{ time_in_force: 'GTC', allow_duplicate: true },
      ...(orderType === 'LIMIT' && { limit_price: '100' }),
      ...(orderType === 'STOP' && { stop_price: '100' }),
      ...(bracket !== 'none' && { stop_loss: stop }),
      ...(bracket === 'both' && { take_profit: target }),
    }
    await this.#call('POST', '/v1/orders', [201, 422], body)
  }

  async cancel(clientOrderId: string): Promise<void> {
    const [row] = await this.#rows<{ id: string }>(
      `select order_id as id from orders where client_order_id = '${clientOrderId}'`,
    )
    await this.#call('DELETE', `/v1/orders/${row?.id}`, [200, 409])
  }

  async deliver(events: BrokerEvent[]): Promise<void> {
    await this.#door.broker.tell(events)
  }

  async price(cents: number): Promise<void> {
    const { desk, clock } = this.#door.api.deps
    const quote = { symbol: 'ACME', price: new Decimal(cents).div(100), at: clock.now() }
    await desk.run('PAPER', (ctx) => onQuote(ctx, quote))
  }

  async restart(): Promise<void> {
    this.#door.api.deps.desk.invalidate()
  }

  async view(): Promise<SystemView> {
    const { data } = (await this.#call('GET', '/v1/orders?per_page=100', [200])) as {
      data: Record<'client_order_id' | 'side' | 'status' | 'quantity' | 'filled_quantity', string>[]
    }
    const stored = await this.#rows<{
      id: string
      group: string | null
      held: boolean
      average: number | null
    }>(
      `select client_order_id as id, oco_group_id as "group", is_held as held,
         average_fill_price::float8 as average from orders`,
    )
    const byId = new Map(stored.map((row) => [row.id, row]))
    const [facts] = await this.#rows<{ cash: string; position: number; bracket: boolean }>(
      `select coalesce(sum(realized_quote - case when closed_at is null then cost_basis else 0 end), 0)::text as cash,
         coalesce(sum(quantity) filter (where closed_at is null), 0)::float8 as position,
         coalesce(bool_or(closed_at is null and coalesce(stop_loss, take_profit) is not null), false) as bracket
       from positions`,
    )
    const trades = await this.#rows<{ id: string }>('select broker_trade_id as id from fills')
    const alerts = await this.#rows<{ code: string }>('select code from alerts')
    return {
      orders: data.toReversed().map((order) => ({
        clientOrderId: order.client_order_id,
        side: order.side as 'BUY' | 'SELL',
        status: order.status as 'PENDING',
        quantity: Number(order.quantity),
        filled: Number(order.filled_quantity),
        average: byId.get(order.client_order_id)?.average ?? null,
        groupId: byId.get(order.client_order_id)?.group ?? null,
        isHeld: byId.get(order.client_order_id)?.held ?? false,
      })),
      tradeIds: trades.map(({ id }) => id),
      position: facts?.position ?? 0,
      cash: facts?.cash ?? '0',
      hasBracket: facts?.bracket ?? false,
      alerts: alerts.map(({ code }) => code),
    }
  }

  async #rows<T>(text: string): Promise<T[]> {
    return (await this.#door.api.deps.db.executeSql(text)).rows as T[]
  }

  async #call(method: string, path: string, expected: number[], body?: unknown): Promise<unknown> {
    const { api, token } = this.#door
    const answer = await api.call(method, path, { token, ...(body !== undefined && { body }) })
    if (!expected.includes(answer.status))
      throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
}

/** One strategy with room for everything, no order, and the price 100. */
export async function emptyHouse(db: Database): Promise<void> {
  await wipe(db)
  await insertStrategy(db.kysely, strategy({ allocatedCapital: new Decimal(10_000_000) }))
  await upsertMarks(db.kysely, [{ symbol: 'ACME', price: new Decimal(100), at: NOON, source: 'test' }])
  await upsertGlobalLimits(db.kysely, {
    limits: JSON.parse(JSON.stringify(WIDE_LIMITS)) as StrategyConfig,
    updatedAt: NOON,
    updatedBy: 'test',
  })
  await transaction(db, (trx) => bumpAllAccountVersions(trx))
}

export async function layInstrument(db: Database): Promise<void> {
  await insertInstrument(db.kysely, { ...ACME, barIntervalSeconds: 86_400 })
}
