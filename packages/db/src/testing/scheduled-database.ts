import {
  CamelCasePlugin,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Database } from '../client.ts'
import type { Tables } from '../schema/database.ts'
import { WriteCount } from '../write-count.ts'

type Row = Record<string, unknown>

/** Where each statement waits for its turn. */
export type Turn = (what: string) => Promise<void>

/**
 * A Postgres in memory that knows what the kill switch and the send gate ask of it: the switches, advisory locks that are
 * shared or not and end with their transaction, commits that are all or nothing. Each statement waits for its turn, so a
 * scheduler decides what comes between which two; and it can go away, with everything that was not committed.
 */
export class ScheduledDatabase {
  readonly switches = new Map<string, Row>()
  readonly audit: Row[] = []
  readonly alerts: Row[] = []
  readonly db: Database
  isAway = false
  readonly #turn: Turn
  readonly #locks = new Map<string, Lock>()
  #generation = 0

  readonly strategyIds: readonly string[]

  constructor(turn: Turn, strategyIds: readonly string[] = []) {
    this.#turn = turn
    this.strategyIds = strategyIds
    const kysely = new Kysely<Tables>({
      dialect: {
        createDriver: () => this.#driver(),
        createAdapter: () => new PostgresAdapter(),
        createIntrospector: (one) => new PostgresIntrospector(one),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    })
    const executeSql = async () => ({ rows: [] })
    const openForMigration = () => {
      throw new Error('nothing to migrate')
    }
    this.db = {
      kind: 'postgres',
      writes: new WriteCount(),
      kysely,
      executeSql,
      openForMigration,
      close: () => kysely.destroy(),
    }
  }

  level(scope: string): unknown {
    return this.switches.get(scope)?.['level'] ?? 'ACTIVE'
  }

  /** As a crash does: open transactions are gone, and their locks. */
  goAway(): void {
    this.isAway = true
    this.#generation += 1
    for (const lock of this.#locks.values()) lock.clear()
  }

  #driver(): Driver {
    return {
      init: async () => {},
      destroy: async () => {},
      acquireConnection: async () => new Connection(this),
      releaseConnection: async () => {},
      beginTransaction: async (connection) => (connection as Connection).begin(),
      commitTransaction: async (connection) => (connection as Connection).commit(),
      rollbackTransaction: async (connection) => (connection as Connection).end(),
    }
  }

  get generation(): number {
    return this.#generation
  }

  /** @param generation of the server that a transaction began on: it ends with it */
  async turn(what: string, generation: number): Promise<void> {
    if (this.isAway || generation !== this.#generation) throw gone()
    await this.#turn(what)
    if (this.isAway || generation !== this.#generation) throw gone()
  }

  lock(name: string): Lock {
    const lock = this.#locks.get(name) ?? new Lock()
    this.#locks.set(name, lock)
    return lock
  }
}

function gone(): Error {
  return Object.assign(new Error('terminating connection'), { code: '57P01' })
}

/** Shared by many or held by one; whoever waits is served in the order of coming. */
class Lock {
  #shared = new Set<object>()
  #owner: object | null = null
  #waiting: { who: object; isShared: boolean; resolve: () => void; reject: (error: Error) => void }[] = []

  async take(who: object, isShared: boolean): Promise<void> {
    if (this.#owner === who) return
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ who, isShared, resolve, reject })
      this.#serve()
    })
  }

  drop(who: object): void {
    this.#shared.delete(who)
    if (this.#owner === who) this.#owner = null
    this.#serve()
  }

  clear(): void {
    this.#shared.clear()
    this.#owner = null
    for (const { reject } of this.#waiting.splice(0)) reject(gone())
  }

  #serve(): void {
    for (;;) {
      const [next] = this.#waiting
      if (!next) return
      const others = [...this.#shared].filter((who) => who !== next.who).length
      const isFree = this.#owner === null || this.#owner === next.who
      if (!isFree || (!next.isShared && others > 0)) return
      this.#waiting.shift()
      if (next.isShared) this.#shared.add(next.who)
      else this.#owner = next.who
      next.resolve()
    }
  }
}

const ADVISORY = /pg_advisory_xact_lock(_shared)?\(hashtextextended\((?:'([^']+)'|\$1)/

class Connection implements DatabaseConnection {
  readonly #database: ScheduledDatabase
  readonly #held = new Set<Lock>()
  readonly #own = new Map<string, Row>()
  #writes: (() => unknown)[] | null = null
  /** Of its transaction; null between two. */
  #generation: number | null = null

  constructor(database: ScheduledDatabase) {
    this.#database = database
  }

  async #turn(what: string): Promise<void> {
    await this.#database.turn(what, this.#generation ?? this.#database.generation)
  }

  async begin(): Promise<void> {
    this.#generation = this.#database.generation
    await this.#turn('begin')
    this.#writes = []
  }

  async commit(): Promise<void> {
    await this.#turn('commit')
    for (const write of this.#writes ?? []) write()
    this.end()
  }

  end(): void {
    this.#writes = null
    this.#generation = null
    this.#own.clear()
    for (const lock of this.#held) lock.drop(this)
    this.#held.clear()
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    await this.#turn(sql.slice(0, 60))
    const advisory = ADVISORY.exec(sql)
    if (advisory) {
      await this.#take(advisory[2] ?? String(parameters[0]), advisory[1] !== undefined)
      return { rows: [] }
    }
    return { rows: (await this.#answer(sql, parameters)) as R[] }
  }

  // oxlint-disable-next-line require-yield -- nothing streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('nothing is streamed')
  }

  async #take(name: string, isShared: boolean): Promise<void> {
    const lock = this.#database.lock(name)
    await lock.take(this, isShared)
    this.#held.add(lock)
  }

  async #answer(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const { audit, alerts } = this.#database
    if (/"accounts"/.test(sql)) {
      if (this.#writes !== null) await this.#take('accounts', false)
      return []
    }
    if (/^select .* from "instruments"/.test(sql)) return [instrumentOf(parameters[0])]
    if (/^select .* from "strategies"/.test(sql)) return this.#strategies(parameters)
    if (/^select .* from "kill_switches"/.test(sql)) return this.#switches(sql, parameters)
    if (sql.startsWith('insert into "kill_switches"')) this.#upsert(switchOf(sql, parameters))
    if (sql.startsWith('insert into audit_log')) this.#writes?.push(() => audit.push(...rowsOf(parameters)))
    if (sql.startsWith('insert into alerts')) this.#writes?.push(() => alerts.push(...rowsOf(parameters)))
    return []
  }

  #strategies(asked: readonly unknown[]): Row[] {
    return this.#database.strategyIds
      .filter((id) => asked.length === 0 || asked.includes(id))
      .map((id) => ({ strategy_id: id, universe: [], allocated_capital: '1', config: {} }))
  }

  /** What is committed, and what this transaction made of it. */
  #switches(sql: string, [scope]: readonly unknown[]): Row[] {
    const rows = [...new Map([...this.#database.switches, ...this.#own]).values()]
    return /where "scope"/.test(sql) ? rows.filter((row) => row['scope'] === scope) : rows
  }

  #upsert(row: Row): void {
    const scope = String(row['scope'])
    this.#own.set(scope, row)
    this.#writes?.push(() => this.#database.switches.set(scope, row))
  }
}

/** Every symbol is one. */
function instrumentOf(symbol: unknown): Row {
  const one = '1'
  return { symbol, tick_size: one, lot_size: one, min_quantity: one, max_quantity: null, multiplier: one }
}

function switchOf(sql: string, parameters: readonly unknown[]): Row {
  const columns = (/\(([^)]*)\)/.exec(sql)?.[1] ?? '').split(', ').map((name) => name.replaceAll('"', ''))
  return Object.fromEntries(columns.map((name, index) => [name, parameters[index]]))
}

/** Batches travel as one JSON parameter. */
function rowsOf([json]: readonly unknown[]): Row[] {
  return JSON.parse(String(json)) as Row[]
}
