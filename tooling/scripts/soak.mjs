// The long forms of tests that npm test runs in their short form: `pnpm test:soak NAME`.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** What each long form runs, and how much of it unless the environment says otherwise. */
const SOAKS = {
  fuzz: {
    files: ['apps/api/test/fuzz/fuzz.test.ts'],
    env: {
      FUZZ_MALFORMED: '10000',
      FUZZ_VALID: '2000',
      FUZZ_SEED: String(Math.floor(Math.random() * 2 ** 31)),
    },
  },
  hostile: { files: ['apps/api/test/hostile.test.ts'], env: { HOSTILE_SLOW: '1000' } },
  overload: {
    files: ['apps/api/test/process/overload.test.ts'],
    env: { OVERLOAD_SECONDS: '60', OVERLOAD_TIMES: '10' },
  },
  // The model on values, through HTTP, and in scheduled interleavings.
  orders: {
    files: ['apps/api/test/desk/model'],
    env: {
      ORDER_MODEL_RUNS: '10000',
      ORDER_HTTP_RUNS: '300',
      ORDER_INTERLEAVINGS: '1000',
      ORDER_MODEL_SEED: String(Math.floor(Math.random() * 2 ** 31)),
    },
  },
  // In scheduled interleavings, in real races, while Postgres is frozen, gone or without room, and through HTTP.
  'kill-switch': {
    files: ['apps/api/test/kill-switch'],
    env: {
      KILL_SWITCH_INTERLEAVINGS: '10000',
      KILL_SWITCH_RACES: '200',
      KILL_SWITCH_OUTAGES: '10',
      KILL_SWITCH_MODEL_RUNS: '10000',
      KILL_SWITCH_HTTP_RUNS: '300',
      KILL_SWITCH_SEED: String(Math.floor(Math.random() * 2 ** 31)),
    },
  },
  chaos: {
    files: ['apps/api/test/process/chaos.test.ts'],
    env: { CHAOS_KILLS: '100', CHAOS_SEED: String(Math.floor(Math.random() * 2 ** 31)) },
  },
  jobs: {
    files: ['apps/api/test/process/jobs.test.ts'],
    env: { JOBS_RUNS: '500', JOBS_WORKERS: '4', JOBS_KILL_MS: '2000', JOBS_ORPHAN_MS: '30000' },
  },
  // Ten million bars through the API, then a run over them as the dashboard shows it, watched and cancelled.
  'long-run': {
    files: ['apps/web/test/browser/long-run.test.ts'],
    config: 'vitest.browser.config.ts',
    env: { LONG_RUN_BARS: '10000000' },
  },
  clients: { files: ['apps/api/test/clients/python.test.ts'], env: { CLIENTS_PYTHON: '1' } },
  'risk-models': {
    files: [
      'packages/risk/test/models/controls-model.test.ts',
      'apps/api/test/models/controls.test.ts',
      'apps/api/test/models/daily-limits.test.ts',
    ],
    env: {
      RISK_MODEL_RUNS: '10000',
      RISK_HTTP_RUNS: '300',
      RISK_INTERLEAVINGS: '1000',
      RISK_MODEL_SEED: String(Math.floor(Math.random() * 2 ** 31)),
    },
  },
  // Approvals and refresh families: on values, through HTTP, and with every statement in an order of the scheduler's.
  'models-oversight': {
    files: ['apps/api/test/models/approvals.test.ts', 'apps/api/test/models/refresh.test.ts'],
    env: {
      OVERSIGHT_MODEL_RUNS: '10000',
      OVERSIGHT_HTTP_RUNS: '300',
      OVERSIGHT_INTERLEAVINGS: '1000',
      OVERSIGHT_MODEL_SEED: String(Math.floor(Math.random() * 2 ** 31)),
    },
  },
  drift: { files: ['packages/risk/test/false-alarms.test.ts'], env: { DRIFT_REPEATS: '2000' } },
  'risk-decisions': {
    files: ['tooling/benchmarks/risk/decimal-engine.test.ts'],
    env: { RISK_DECISIONS: '200000', RISK_DECISIONS_SEED: String(Math.floor(Math.random() * 2 ** 31)) },
  },
  audit: {
    files: ['apps/api/test/audit/tampering.test.ts', 'packages/db/src/audit-load.test.ts'],
    env: {
      AUDIT_TAMPERINGS: '1000',
      AUDIT_ENTRIES: '200',
      AUDIT_APPENDS: '10000',
      AUDIT_SEED: String(Math.floor(Math.random() * 2 ** 31)),
    },
  },
  // Every page in two themes, two languages and four states, in Chromium.
  axe: {
    files: ['apps/web/test/browser/axe.test.ts'],
    config: 'vitest.browser.config.ts',
    env: { AXE_ALL: '1' },
  },
  webhooks: { files: ['apps/api/test/webhook-delivery.test.ts'], env: { WEBHOOK_ALERTS: '200' } },
  books: {
    files: ['packages/domain/test/books/books.test.ts', 'packages/db/src/queries/books.test.ts'],
    env: { BOOKS_RUNS: '10000', BOOKS_SEED: String(Math.floor(Math.random() * 2 ** 31)) },
  },
}

const [name = '', ...options] = process.argv.slice(2)
const soak = Object.hasOwn(SOAKS, name) ? SOAKS[name] : undefined

if (soak === undefined) {
  console.error(`Usage: pnpm test:soak ${Object.keys(SOAKS).join('|')}`)
  process.exitCode = 2
} else {
  const env = { ...soak.env, ...process.env }
  const settings = Object.keys(soak.env).map((key) => `${key}=${env[key]}`)
  console.log(`soak ${name}: ${settings.join(' ')}`)
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const config = soak.config === undefined ? [] : ['--config', soak.config]
  const child = spawn(process.execPath, [vitest, 'run', ...config, ...soak.files, ...options], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  child.on('exit', (code) => (process.exitCode = code ?? 1))
}
