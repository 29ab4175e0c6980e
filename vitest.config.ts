import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { WaitingFirst } from './tooling/test-order/waiting-first.ts'

/** Test databases, made when a test first asks for one. */
const databases = ['packages/db/src/testing/global-setup.ts']

/** The tests below some folders. Every project inherits the root: timeouts, workers, sources instead of dist. */
function project(name: string, folders: string[], more: { isolate?: boolean; globalSetup?: string[] } = {}) {
  const include = folders.map((folder) => `${folder}/**/*.test.{ts,tsx}`)
  return { extends: true as const, test: { name, include, ...more } }
}

/**
 * What workers and the processes of tests compile once, the next ones load: a quarter of a server's start and half of
 * the command line's. Not for coverage, whose counts it would blur.
 */
if (!process.argv.some((argument) => argument.startsWith('--coverage'))) {
  // oxlint-disable-next-line no-restricted-properties -- read by Node itself
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled')
}

/**
 * Files share no state, and a new worker for each cost more than the tests of most: loading and compiling the server
 * takes two seconds of processor, each time. One worker runs many. Whoever replaces a module or a global that others
 * load is in a project without this.
 */
const shared = { isolate: false, globalSetup: databases }

export default defineConfig({
  resolve: { conditions: ['@quantdeck/source'] },
  ssr: { resolve: { conditions: ['@quantdeck/source', 'node'] } },
  // Global setup runs in an environment of its own: without this it would need what a fresh clone has not built.
  environments: { __vitest__: { resolve: { conditions: ['@quantdeck/source', 'node'] } } },
  test: {
    // Long enough for a cold embedded database on a busy two-core machine; no test of ours takes half of it.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Four on two cores: some suites mostly wait for a rate limit's window or for a process to come up (418 s; three: 488).
    maxWorkers: 4,
    sequence: { sequencer: WaitingFirst },
    // Real processes and sockets on a shared machine: one more try, which the report shows.
    retry: process.env.CI ? 1 : 0,
    exclude: ['**/node_modules/**', '**/dist/**', 'apps/web/test/browser/**'],
    projects: [
      project('packages', ['packages/*/src', 'packages/*/test'], shared),
      project('apps', ['apps/api/{src,test}', 'apps/cli/{src,test}'], shared),
      // Pure parts of the dashboard, some over a browser that is made up.
      project('web', ['apps/web/src', 'apps/web/test']),
      project('tooling', ['tooling']),
    ],
  },
})
