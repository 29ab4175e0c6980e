import {
  CamelCasePlugin,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PGliteDialect,
  PostgresDialect,
} from 'kysely'
import type { Database } from '../client.ts'
import type { Tables } from '../schema/database.ts'

/** What a database that goes away in the middle answers. */
export class LineCut extends Error {
  constructor() {
    super('the line to the database was cut')
  }
}

/** Cuts the line at one statement: before it runs, or after it ran and before its answer. COMMIT counts as one. */
export class Fault {
  #left = 0
  #when: 'before' | 'after' = 'before'

  /** The n-th statement from now on fails, once. */
  arm(n: number, when: 'before' | 'after'): void {
    this.#left = n
    this.#when = when
  }

  /** @returns true if the fault never came */
  disarm(): boolean {
    const isLeft = this.#left > 0
    this.#left = 0
    return isLeft
  }

  async around<T>(run: () => Promise<T>): Promise<T> {
    this.#left -= 1
    const isNow = this.#left === 0
    if (isNow && this.#when === 'before') throw new LineCut()
    const result = await run()
    if (isNow) throw new LineCut()
    return result
  }
}

/** The same database through a driver that fails on demand. Closing it is left to the original. */
export function faultyDatabase(db: Database): { db: Database; fault: Fault } {
  const fault = new Fault()
  const inner = db.pool ? new PostgresDialect({ pool: db.pool }) : new PGliteDialect({ pglite: embedded(db) })
  const dialect: Dialect = {
    createDriver: () => faultyDriver(inner.createDriver(), fault),
    createAdapter: () => inner.createAdapter(),
    createIntrospector: (kysely) => inner.createIntrospector(kysely),
    createQueryCompiler: () => inner.createQueryCompiler(),
  }
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })]
  return { db: { ...db, kysely: new Kysely<Tables>({ dialect, plugins }), close: async () => {} }, fault }
}

function embedded(db: Database) {
  if (!db.pglite) throw new Error('neither a pool nor an embedded database')
  return db.pglite
}

function faultyDriver(driver: Driver, fault: Fault): Driver {
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>()
  const committed = new WeakSet<DatabaseConnection>()
  const real = (connection: DatabaseConnection): DatabaseConnection => inner.get(connection) ?? connection
  return {
    init: (options) => driver.init(options),
    destroy: async () => {},
    acquireConnection: async (options) => {
      const connection = await driver.acquireConnection(options)
      const faulty: DatabaseConnection = {
        executeQuery: (query, queryOptions) =>
          fault.around(() => connection.executeQuery(query, queryOptions)),
        streamQuery: (query, chunkSize, queryOptions) =>
          connection.streamQuery(query, chunkSize, queryOptions),
      }
      inner.set(faulty, connection)
      return faulty
    },
    beginTransaction: async (connection, settings) => driver.beginTransaction(real(connection), settings),
    commitTransaction: (connection) =>
      fault.around(async () => {
        await driver.commitTransaction(real(connection))
        committed.add(connection)
      }),
    // Whoever has not heard that it was committed rolls back, which then does nothing.
    rollbackTransaction: async (connection) => {
      if (!committed.has(connection)) await driver.rollbackTransaction(real(connection))
    },
    releaseConnection: async (connection) => driver.releaseConnection(real(connection)),
  }
}
