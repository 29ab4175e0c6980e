import { toDecimal, type TradingMode, type TradingState } from '@quantdeck/domain'
import { type RawBuilder, sql } from 'kysely'
import type { Queryable, Trx } from '../client.ts'
import type { Mark } from './marks.ts'

/** What every decision of the desk looks at afresh. */
export interface DeskFacts {
  /** Levels by scope. */
  killLevels: [scope: string, level: TradingState][]
  marks: Omit<Mark, 'source'>[]
  usedClientIds: string[]
}

interface FactsRow {
  killLevels: DeskFacts['killLevels'] | null
  marks: [symbol: string, price: string, atMs: number][] | null
  used: string[] | null
}

/**
 * Kill switches, prices, and which of some client order ids are taken: in one statement, because each costs a round trip
 * while the account is locked. Called with that lock held: the statement sees what was committed before.
 * @param isLocking share-locks the switches, see `lockKillSwitches`
 */
export async function readDeskFacts(
  trx: Trx,
  { isLocking, clientOrderIds }: { isLocking: boolean; clientOrderIds: readonly string[] },
): Promise<DeskFacts> {
  const { rows } = await sql<FactsRow>`with switches as (
      select scope, level from kill_switches order by scope ${isLocking ? sql`for share` : sql``}
    )
    select (select json_agg(json_build_array(scope, level)) from switches) as kill_levels,
      (select json_agg(json_build_array(symbol, price::text, (extract(epoch from at) * 1000)::bigint) order by symbol)
        from marks) as marks,
      (select json_agg(client_order_id) from orders
        where client_order_id = any(${[...clientOrderIds]}::text[])) as used`.execute(trx)
  const [row] = rows
  return {
    killLevels: row?.killLevels ?? [],
    marks: (row?.marks ?? []).map(([symbol, price, atMs]) => ({
      ...{ symbol, price: toDecimal(price), at: new Date(atMs) },
    })),
    usedClientIds: row?.used ?? [],
  }
}

/** A statement without an answer, as a part of a larger one. */
export type Write = RawBuilder<unknown>

/** Statements without an answer and the account's next version, all at once: one round trip instead of one each. */
export async function writeAndBump(
  db: Queryable,
  mode: TradingMode,
  writes: readonly Write[],
): Promise<number> {
  const parts = writes.map((write, index) => sql`${sql.raw(`write_${index}`)} as (${write})`)
  const { rows } = await sql<{ version: number }>`with ${sql.join(parts)}
    update accounts set version = version + 1 where mode = ${mode} returning version`.execute(db)
  const [row] = rows
  if (!row) throw new Error(`there is no ${mode} account`)
  return row.version
}
