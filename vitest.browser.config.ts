import { defineConfig } from 'vitest/config'
import { findChromium } from './tooling/browser/find-chromium.ts'
import { ByName } from './tooling/test-order/by-name.ts'

const chromium = findChromium(process.env)
if (chromium === null) {
  if (process.env.CI) throw new Error('the browser suite needs Chromium: install it, or set CHROMIUM_PATH')
  console.warn('\nSKIPPED: the whole browser suite, because there is no Chromium (set CHROMIUM_PATH).\n')
}

/** Plain tests in Node that drive a real Chromium over the built dashboard and a real server; one at a time. */
export default defineConfig({
  resolve: { conditions: ['@quantdeck/source'] },
  ssr: { resolve: { conditions: ['@quantdeck/source', 'node'] } },
  environments: { __vitest__: { resolve: { conditions: ['@quantdeck/source', 'node'] } } },
  test: {
    name: 'browser',
    include: chromium === null ? [] : ['apps/web/test/browser/**/*.test.ts'],
    passWithNoTests: chromium === null,
    globalSetup: chromium === null ? [] : ['apps/web/test/browser/harness/global-setup.ts'],
    env: { CHROMIUM_PATH: chromium ?? '' },
    retry: process.env.CI ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    fileParallelism: false,
    sequence: { sequencer: ByName },
  },
})
