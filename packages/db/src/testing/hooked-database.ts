import {
  CamelCasePlugin,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PGliteDialect,
  PostgresDialect,
} from 'kysely'
import type { Database } from '../client.ts'
import type { Tables } from '../schema/database.ts'

/** What stands between the product and its database in a test. */
export interface DatabaseHooks {
  /** Around every statement and every COMMIT (`what` says which). Throwing is what the caller sees. */
  around: <T>(run: () => Promise<T>, what: string) => Promise<T>
  /** What is sent instead of a statement. */
  rewrite?: (query: CompiledQuery) => CompiledQuery
}

/** The same database through a driver with hooks. Closing it is left to the original. */
export function hookedDatabase(db: Database, hooks: DatabaseHooks): Database {
  const inner = db.pool ? new PostgresDialect({ pool: db.pool }) : new PGliteDialect({ pglite: embedded(db) })
  const dialect: Dialect = {
    createDriver: () => hookedDriver(inner.createDriver(), hooks),
    createAdapter: () => inner.createAdapter(),
    createIntrospector: (kysely) => inner.createIntrospector(kysely),
    createQueryCompiler: () => inner.createQueryCompiler(),
  }
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })]
  return { ...db, kysely: new Kysely<Tables>({ dialect, plugins }), close: async () => {} }
}

function embedded(db: Database) {
  if (!db.pglite) throw new Error('neither a pool nor an embedded database')
  return db.pglite
}

function hookedDriver(driver: Driver, { around, rewrite = (query) => query }: DatabaseHooks): Driver {
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>()
  const committed = new WeakSet<DatabaseConnection>()
  const real = (connection: DatabaseConnection): DatabaseConnection => inner.get(connection) ?? connection
  return {
    init: (options) => driver.init(options),
    destroy: async () => {},
    acquireConnection: async (options) => {
      const connection = await driver.acquireConnection(options)
      const hooked: DatabaseConnection = {
        executeQuery: (query, queryOptions) =>
          around(() => connection.executeQuery(rewrite(query), queryOptions), query.sql),
        streamQuery: (query, chunkSize, queryOptions) =>
          connection.streamQuery(query, chunkSize, queryOptions),
      }
      inner.set(hooked, connection)
      return hooked
    },
    beginTransaction: async (connection, settings) => driver.beginTransaction(real(connection), settings),
    commitTransaction: (connection) =>
      around(async () => {
        await driver.commitTransaction(real(connection))
        committed.add(connection)
      }, 'commit'),
    // Whoever has not heard that it was committed rolls back, which then does nothing.
    rollbackTransaction: async (connection) => {
      if (!committed.has(connection)) await driver.rollbackTransaction(real(connection))
    },
    releaseConnection: async (connection) => driver.releaseConnection(real(connection)),
  }
}
