import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { inject } from 'vitest'
import './provided.ts'

/** @throws Error with what the coordinator could not make */
export async function ask(path: '/dump' | '/postgres'): Promise<string> {
  const response = await fetch(`${inject('testDatabases').url}${path}`)
  const text = await response.text()
  if (!response.ok) throw new Error(`no test database: ${text}`)
  return text
}

/** Undefined without the global setup, and in a process of a test's own, where there is no vitest to ask. */
function findProvided() {
  try {
    return inject('testDatabases')
  } catch {
    return undefined
  }
}

/** The path of a dump of a migrated, empty database. */
export async function findDump(): Promise<string> {
  if (findProvided() !== undefined) return ask('/dump')
  const { findOrMakeDump } = await import('./dump.ts')
  return findOrMakeDump()
}

/**
 * A migrated, empty database in a folder, for a server in a process of its own. Making one takes a server longer than
 * everything else that it does as it starts.
 */
export async function unpackDatabase(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await promisify(execFile)('tar', ['-xf', await findDump(), '-C', folder])
}
