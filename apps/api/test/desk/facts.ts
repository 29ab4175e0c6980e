import {
  type Database,
  listFillsOfOrder,
  listRiskEvents,
  listRiskStates,
  listWorkingOrders,
} from '@quantdeck/db'
import { ensureDefined, type Fill, type Order, type TradingMode } from '@quantdeck/domain'
import { apply, initialRiskState, type RiskEvent, type RiskState } from '@quantdeck/risk'
import { type Books, findWorking, type StrategyBook } from '../../src/desk/books.ts'
import type { DeskHouse } from './house.ts'

export function bookIn(books: Books, strategyId = 'ana_v1'): StrategyBook {
  return ensureDefined(books.strategies.get(strategyId), strategyId)
}

export async function book(
  { desk }: Pick<DeskHouse, 'desk'>,
  strategyId = 'ana_v1',
  mode: TradingMode = 'PAPER',
): Promise<StrategyBook> {
  return desk.read(mode, (books) => bookIn(books, strategyId))
}

export async function working({ desk }: Pick<DeskHouse, 'desk'>, orderId: string): Promise<Order | null> {
  return desk.read('PAPER', (books) => findWorking(books, orderId)?.order ?? null)
}

export async function rows<T>(db: Database, text: string): Promise<T[]> {
  return (await db.executeSql(text)).rows as T[]
}

/** Orders as the database has them: status, side, units filled. Protective ones only once they were filled. */
export async function orderLines(db: Database): Promise<string[]> {
  const found = await rows<{ status: string; side: string; filled: string }>(
    db,
    `select status, side, filled_quantity::text as filled from orders
     where oco_group_id is null or filled_quantity > 0 order by seq`,
  )
  return found.map(({ status, side, filled }) => `${status} ${side} ${filled}`)
}

/** Stops and targets at the broker: status, type, units filled of units. */
export async function protectiveLines(db: Database): Promise<string[]> {
  const found = await rows<{ line: string }>(
    db,
    `select concat(status, ' ', order_type, ' ', filled_quantity::float8, '/', quantity::float8) as line
     from orders where oco_group_id is not null order by seq`,
  )
  return found.map(({ line }) => line)
}

export async function alertCodes(db: Database): Promise<string[]> {
  return (await rows<{ code: string }>(db, 'select code from alerts order by seq')).map(({ code }) => code)
}

export async function fillsOf(db: Database, orderId: string): Promise<Fill[]> {
  return listFillsOfOrder(db.kysely, orderId)
}

export async function workingInDatabase(db: Database, mode: TradingMode = 'PAPER'): Promise<Order[]> {
  return listWorkingOrders(db.kysely, mode)
}

/** The fold of the stored events of each scope beside the stored state: a restart must not make a difference. */
export async function storedAndFolded(
  { db, desk }: Pick<DeskHouse, 'db' | 'desk'>,
  mode: TradingMode = 'PAPER',
): Promise<{ scope: string; stored: RiskState; folded: RiskState }[]> {
  const starts = await desk.read(mode, startsOf)
  const found = []
  for (const { scope, state } of await listRiskStates(db.kysely)) {
    const start = starts.get(scope)
    if (!start) continue
    const events = await listRiskEvents(db.kysely, scope, 0, 1_000_000)
    const folded = events.reduce<RiskState>(
      (current, { type, at, payload }) =>
        apply(current, { type, at: at.getTime(), ...(payload as object) } as RiskEvent, start.limits),
      initialRiskState(scope, { equity: start.equity, dayKey: '' }),
    )
    found.push({ scope, stored: state as unknown as RiskState, folded })
  }
  return found
}

function startsOf(books: Books) {
  const starts = new Map([
    [`account:${books.mode}`, { equity: books.initialCapital.toFixed(), limits: books.limits }],
  ])
  for (const { strategy: each, limits } of books.strategies.values())
    starts.set(`strategy:${each.strategyId}:${books.mode}`, {
      equity: each.allocatedCapital.toFixed(),
      limits,
    })
  return starts
}

/** Books as plain text, so that two of them can be compared whatever process read them. */
export async function snapshot({ desk }: Pick<DeskHouse, 'desk'>, mode: TradingMode = 'PAPER') {
  return desk.read(mode, (books) => ({
    account: books.risk,
    strategies: [...books.strategies.values()].map((each) => ({
      strategyId: each.strategy.strategyId,
      realized: each.realizedUsd.toFixed(),
      risk: each.risk,
      open: [...each.open.values()].map(plain),
      working: [...each.working.values()].map(plain),
    })),
  }))
}

/** Identities are the database's business: in memory a new row has none yet. */
function plain(row: { seq: number }): unknown {
  return JSON.parse(JSON.stringify({ ...row, seq: 0 }))
}
