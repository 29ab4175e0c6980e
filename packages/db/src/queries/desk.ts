import { toDecimal, type TradingMode, type TradingState } from '@quantdeck/domain'
import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '../client.ts'
import { LAST_STATEMENT } from '../named-client.ts'
import { executeSqlIn } from '../transaction.ts'
import type { Mark } from './marks.ts'

/** What every decision of the desk looks at afresh. */
export interface DeskFacts {
  /** Of the mode's books, whose account is locked until the transaction ends. */
  version: number
  /** Levels by scope. */
  killLevels: [scope: string, level: TradingState][]
  marks: Omit<Mark, 'source'>[]
  usedClientIds: string[]
}

interface FactsRow {
  version: number | null
  /** Of the account as the statement saw it before it waited for the lock. */
  version_seen: number | null
  kill_levels: DeskFacts['killLevels'] | null
  marks: [symbol: string, price: string, atMs: number][] | null
  used: string[] | null
}

/**
 * One round trip, because each costs as much as a decision. The account is locked first: `switches` cannot begin before
 * `locked` has ended. All else is seen as of the statement's beginning, so where it had to wait for the lock it is run
 * again. Nobody else who holds the lock leaves without a new version: not with orders, not with a changed switch.
 */
const factsSql = (isLocking: boolean) => `with locked as materialized (
    select version from accounts where mode = $1 for no key update
  ), switches as materialized (
    select scope, level from kill_switches where exists (select from locked) order by scope ${isLocking ? 'for share' : ''}
  )
  select (select version from locked) as version, (select version from accounts where mode = $1) as version_seen,
    (select json_agg(json_build_array(scope, level)) from switches) as kill_levels,
    (select json_agg(json_build_array(symbol, price::text, (extract(epoch from at) * 1000)::bigint) order by symbol)
      from marks) as marks,
    (select json_agg(client_order_id) from orders where client_order_id = any($2::text[])) as used`
const FACTS = { locking: factsSql(true), plain: factsSql(false) }

/**
 * Locks a mode's account, which serialises every change of its books until the transaction ends, and reads their version,
 * the kill switches, prices, and which of some client order ids are taken.
 * @param isLocking share-locks the switches, see `lockKillSwitches`
 */
export async function lockDesk(
  trx: Trx,
  mode: TradingMode,
  { isLocking, clientOrderIds }: { isLocking: boolean; clientOrderIds: readonly string[] },
): Promise<DeskFacts> {
  const read = async () => {
    const text = isLocking ? FACTS.locking : FACTS.plain
    const { rows } = await executeSqlIn(trx, text, [mode, [...clientOrderIds]])
    return rows[0] as unknown as FactsRow | undefined
  }
  const first = await read()
  const row = first?.version === first?.version_seen ? first : await read()
  if (row?.version === undefined || row.version === null) throw new Error(`there is no ${mode} account`)
  return {
    version: row.version,
    killLevels: row.kill_levels ?? [],
    marks: (row.marks ?? []).map(([symbol, price, atMs]) => ({
      ...{ symbol, price: toDecimal(price), at: new Date(atMs) },
    })),
    usedClientIds: row.used ?? [],
  }
}

/** A statement without an answer, as a part of a larger one. */
export type Write = RawBuilder<unknown>

/**
 * Statements without an answer and the account's next version, all at once: one round trip instead of one each. On
 * Postgres the commit goes with them, so nothing may follow in their transaction.
 */
export async function writeLast(trx: Trx, mode: TradingMode, writes: readonly Write[]): Promise<number> {
  const parts = writes.map((write, index) => sql`${sql.raw(`write_${index}`)} as (${write})`)
  const { rows } = await sql<{ version: number }>`${sql.raw(LAST_STATEMENT)}with ${sql.join(parts)}
    update accounts set version = version + 1 where mode = ${mode} returning version`.execute(
    trx.withoutPlugins(),
  )
  const [row] = rows
  if (!row) throw new Error(`there is no ${mode} account`)
  return row.version
}

/** True where the database itself said no to a statement: nothing of its transaction was committed. */
export function isRefusedStatement(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?!08|57)[0-9A-Z]{5}$/.test(String(error.code))
}
