import { insertInstrument, insertStrategy } from '@quantdeck/db'
import { administrate, sampleInstrument, sampleStrategy } from '@quantdeck/db/testing'
import type { BenchPostgres } from '../support/postgres.ts'

const STRATEGIES = 20

/** What a GET of the orders can be asked for, as the contract has it; the last is about a strategy without any order. */
export const FILTERS: readonly string[] = ['', 'strategy_id=s_3', 'strategy_id=s_idle'].flatMap((strategy) =>
  ['', 'status=FILLED', 'status=REJECTED', 'status=SUBMITTED'].flatMap((status) =>
    ['', 'mode=PAPER', 'mode=LIVE'].map((mode) => [strategy, status, mode].filter(Boolean).join('&')),
  ),
)

/**
 * So many orders of twenty strategies: nearly all FILLED on PAPER, one in a hundred REJECTED, and LIVE ones only among
 * the oldest, which is where a scan from the newest end takes longest.
 */
export async function seedOrders({ db, url }: BenchPostgres, count: number): Promise<void> {
  await insertInstrument(db.kysely, sampleInstrument({ symbol: 'BENCH' }))
  for (const strategyId of [...Array.from({ length: STRATEGIES }, (_, n) => `s_${n}`), 's_idle'])
    await insertStrategy(db.kysely, sampleStrategy({ strategyId, universe: ['BENCH'] }))
  // As a restore does: indexes are made when the rows are there, and the counts with them.
  const { rows } = await db.executeSql(
    `select indexname, indexdef from pg_indexes where tablename = 'orders' and indexname like 'orders\\_%' and indexdef not like '%UNIQUE%'`,
  )
  // Without the limits on a statement's time that the server's connections have.
  const run = (statement: string) => administrate(url, statement)
  for (const { indexname } of rows) await db.executeSql(`drop index ${String(indexname)}`)
  await run(`insert into orders
    (client_order_id, mode, strategy_id, symbol, side, quantity, order_type, limit_price, time_in_force, status,
     filled_quantity, average_fill_price, origin, is_entry, rejected_by, submitted_at)
    select 'bench-' || n, case when n <= 50 then 'LIVE' else 'PAPER' end, 's_' || n % ${STRATEGIES}, 'BENCH', 'BUY', 10,
      'LIMIT', 99.5, 'GTC', case when n % 100 = 7 then 'REJECTED' else 'FILLED' end,
      case when n % 100 = 7 then 0 else 10 end, case when n % 100 = 7 then null else 99.4 end, 'api', true,
      case when n % 100 = 7 then 'risk' end, now() - (${count} - n) * interval '1 second'
    from generate_series(1, ${count}) as n`)
  for (const { indexdef } of rows) await run(String(indexdef))
  await run('vacuum analyze orders')
}
