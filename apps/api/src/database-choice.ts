import { chooseDataFolder } from './data-folder.ts'
import type { Env } from './env.ts'

export interface DatabaseChoice {
  /** Null: embedded, in `dataDir`. */
  readonly url: string | null
  readonly dataDir: string
  readonly isDemo: boolean
  /** For people. */
  readonly label: string
}

/** Postgres by URL, where the demo must be asked for; else embedded, the demo's own database or the main one. */
export function chooseDatabase(env: Pick<Env, 'databaseUrl' | 'dataDir' | 'demo'>): DatabaseChoice {
  if (env.databaseUrl !== null) {
    const isDemo = env.demo === 'on'
    const label = isDemo ? 'Postgres, DEMO' : 'Postgres'
    return { url: env.databaseUrl, dataDir: env.dataDir, isDemo, label }
  }
  const { isDemo, path } = chooseDataFolder(env)
  const label = isDemo ? 'embedded database, DEMO' : 'embedded database'
  return { url: null, dataDir: path, isDemo, label }
}
