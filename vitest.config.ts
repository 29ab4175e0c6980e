import { defineConfig } from 'vitest/config'

const source = {
  resolve: { conditions: ['@quantdeck/source'] },
  ssr: { resolve: { conditions: ['@quantdeck/source', 'node'] } },
}

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        ...source,
        test: { name: 'packages', include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'] },
      },
      {
        ...source,
        test: {
          name: 'apps',
          include: ['apps/{api,cli}/src/**/*.test.ts', 'apps/{api,cli}/test/**/*.test.ts'],
        },
      },
      { ...source, test: { name: 'tooling', include: ['tooling/**/*.test.ts'] } },
    ],
  },
})
