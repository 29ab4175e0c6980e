import {
  accountScope,
  type Database,
  eachEquityPoint,
  eachFill,
  eachFilledState,
  listAccounts,
  listAllPositions,
  listInstruments,
  listMarks,
  listStrategies,
  snapshot,
  strategyScope,
  sumBooks,
  type Trx,
} from '@quantdeck/db'
import {
  type BookDifference,
  compareEquity,
  compareEquityBase,
  compareOrders,
  comparePositions,
  compareSums,
  type Decimal,
  type EquityPoint,
  FillLedger,
  ONE,
  type Strategy,
} from '@quantdeck/domain'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { type Capital, type DerivedAccount, deriveAccounts } from './derive-accounts.ts'

export interface RebuiltBooks {
  counts: { fills: number; orders: number; positions: number; equityPoints: number }
  accounts: DerivedAccount[]
  /** Empty: everything that is stored follows from the fills. */
  differences: BookDifference[]
}

/** More than anybody reads; the count above it is still told. */
const LISTED_DIFFERENCES = 10_000

/**
 * Derives positions, realised P&L, fees, cash and equity again from the fills, and compares all that is stored with it.
 * Changes nothing: a difference is for a person to explain. One consistent look at the database, whoever trades meanwhile.
 * @throws AppError FORBIDDEN below the role risk
 */
export async function rebuildBooks(deps: { db: Database }, actor: Actor): Promise<RebuiltBooks> {
  requireRole(actor, 'risk')
  return snapshot(deps.db, async (trx) => {
    const instruments = new Map((await listInstruments(trx)).map((one) => [one.symbol, one]))
    const ledger = new FillLedger(instruments)
    for await (const fills of eachFill(trx)) for (const fill of fills) ledger.add(fill)
    const found = new Differences()
    for (const symbol of ledger.unknownSymbols) found.add([unknownInstrument(symbol)])
    const positions = await listAllPositions(trx)
    found.add(comparePositions(ledger, positions))
    found.add(compareSums(await sumBooks(trx), (symbol) => instruments.get(symbol)?.multiplier ?? ONE))
    const orders = await compareAllOrders(trx, ledger, found)
    const capital = await capitalByScope(trx, await listStrategies(trx, { visible: 'all' }))
    const equityPoints = await compareCurves(trx, { ledger, capital, found })
    return {
      counts: { fills: ledger.count, orders, positions: positions.length, equityPoints },
      accounts: deriveAccounts({ ledger, instruments, capital, marks: await markPrices(trx) }),
      differences: found.list,
    }
  })
}

class Differences {
  readonly list: BookDifference[] = []

  add(found: readonly BookDifference[]): void {
    this.list.push(...found.slice(0, LISTED_DIFFERENCES - this.list.length))
  }
}

function unknownInstrument(symbol: string): BookDifference {
  return { what: 'fill', where: symbol, row: null, field: 'instrument', stored: null, derived: symbol }
}

async function compareAllOrders(trx: Trx, ledger: FillLedger, found: Differences): Promise<number> {
  let count = 0
  for await (const orders of eachFilledState(trx)) {
    count += orders.length
    found.add(compareOrders(ledger, orders))
  }
  return count
}

async function markPrices(trx: Trx): Promise<Map<string, Decimal>> {
  return new Map((await listMarks(trx)).map(({ symbol, price }) => [symbol, price]))
}

async function capitalByScope(trx: Trx, strategies: readonly Strategy[]): Promise<Map<string, Capital>> {
  const scopes = new Map<string, Capital>()
  for (const { mode, initialCapital } of await listAccounts(trx)) {
    scopes.set(accountScope(mode), { mode, strategyId: null, amount: initialCapital, since: null })
    for (const { strategyId, allocatedCapital, updatedAt } of strategies) {
      const own = { mode, strategyId, amount: allocatedCapital, since: updatedAt }
      scopes.set(strategyScope(strategyId, mode), own)
    }
  }
  return scopes
}

interface Curves {
  ledger: FillLedger
  capital: ReadonlyMap<string, Capital>
  found: Differences
}

/** @returns how many points there are */
async function compareCurves(trx: Trx, { ledger, capital, found }: Curves): Promise<number> {
  const last = new Map<string, EquityPoint & { scope: string }>()
  let count = 0
  for await (const points of eachEquityPoint(trx)) {
    count += points.length
    found.add(compareEquity(ledger, points))
    for (const point of points) last.set(point.scope, point)
  }
  for (const [scope, point] of last) {
    const own = capital.get(scope)
    if (own && (own.since === null || own.since <= point.at)) found.add(compareEquityBase(point, own.amount))
  }
  return count
}
