import { defineConfig } from 'vitest/config'

/** For `coverage` of this package alone; `npm test` runs the same files from the root's configuration. */
export default defineConfig({
  resolve: { conditions: ['@quantdeck/source'] },
  ssr: { resolve: { conditions: ['@quantdeck/source', 'node'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 1,
    // Pure functions leave nothing behind: a process per file took most of the time.
    isolate: false,
    // Branches show within a few tries.
    env: { PROPERTY_RUNS: '60' },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/testing/**'],
      reporter: ['text', 'json-summary'],
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
  },
})
