import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { WaitingFirst } from './tooling/test-order/waiting-first.ts'

/** Every project inherits the root: timeouts, two workers (the CI's two cores), sources instead of dist. */
function project(name: string, include: string[], globalSetup: string[] = []) {
  return { extends: true as const, test: { name, include, globalSetup } }
}

/** Test databases, made when a test first asks for one. */
const databases = ['packages/db/src/testing/global-setup.ts']

/**
 * What workers and the processes of tests compile once, the next ones load: a quarter of a server's start and half of
 * the command line's. Not for coverage, whose counts it would blur.
 */
if (!process.argv.some((argument) => argument.startsWith('--coverage'))) {
  // oxlint-disable-next-line no-restricted-properties -- read by Node itself
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled')
}

const packages = project(
  'packages',
  ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
  databases,
)

export default defineConfig({
  resolve: { conditions: ['@quantdeck/source'] },
  ssr: { resolve: { conditions: ['@quantdeck/source', 'node'] } },
  // Global setup runs in an environment of its own: without this it would need what a fresh clone has not built.
  environments: { __vitest__: { resolve: { conditions: ['@quantdeck/source', 'node'] } } },
  test: {
    // Long enough for a cold embedded database on a busy two-core machine; no test of ours takes half of it.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Three on two cores: some suites mostly wait for a rate limit's window or for a process to come up.
    maxWorkers: 3,
    sequence: { sequencer: WaitingFirst },
    // Real processes and sockets on a shared machine: one more try, which the report shows.
    retry: process.env.CI ? 1 : 0,
    exclude: ['**/node_modules/**', '**/dist/**', 'apps/web/test/browser/**'],
    projects: [
      // Files share no state, and a new worker for each cost more than its tests: one worker runs many.
      { ...packages, test: { ...packages.test, isolate: false } },
      project('apps', ['apps/*/src/**/*.test.{ts,tsx}', 'apps/*/test/**/*.test.{ts,tsx}'], databases),
      project('tooling', ['tooling/**/*.test.ts']),
    ],
  },
})
