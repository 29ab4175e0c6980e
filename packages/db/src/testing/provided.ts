import 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where workers ask for databases, and why there is no Postgres if there is none. */
    testDatabases: { url: string; postgresMissing: string | null }
  }
}
