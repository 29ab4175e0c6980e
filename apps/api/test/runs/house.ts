import { insertBars, insertInstrument, insertStrategy } from '@quantdeck/db'
import { sampleInstrument, sampleStrategy } from '@quantdeck/db/testing'
import { type Bar, Decimal } from '@quantdeck/domain'
import type { DatabaseKind } from '@quantdeck/db'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Answer, startTestApi, type TestApi } from '../harness.ts'

export interface Trade {
  pnl: string
  fees: string
  quantity: string
  opened_at: string
}

export interface RunBody {
  run_id: string
  status: string
  progress: number
  error?: string
  start_date: string
  end_date: string | null
  report_url: string | null
  completed_at: string | null
  total_return: string
  undefined_metrics: string[]
  initial_capital: string
  metrics: Record<string, string | number | string[]>
  equity_curve: { date: string; value: string }[]
  trades: Trade[]
  assumptions: Record<string, unknown>
  notes: string[]
}

export type Body = {
  data: RunBody & RunBody[]
  meta: { total_count: number }
  error: { code: string; message: string; details: { field: string; message: string }[] }
}

export const DAY_MS = 86_400_000
export const FIRST_DAY = Date.UTC(2024, 0, 1)
const DAYS = 500

/** A wave with trend and noise, closed at 21:00 UTC each day. */
export function bars(symbol: string, count = DAYS): Bar[] {
  return Array.from({ length: count }, (_, i) => {
    const open = Number(priceAt(i - 1))
    const close = Number(priceAt(i))
    const openedAt = new Date(FIRST_DAY + i * DAY_MS + 14.5 * 3_600_000)
    return {
      symbol,
      intervalSeconds: 86_400,
      openedAt,
      closedAt: new Date(FIRST_DAY + i * DAY_MS + 21 * 3_600_000),
      open: new Decimal(open),
      high: new Decimal(Math.max(open, close)).plus('0.50'),
      low: new Decimal(Math.min(open, close)).minus('0.50'),
      close: new Decimal(close),
      volume: new Decimal(1000),
      source: 'test',
    }
  })
}

function priceAt(i: number): string {
  return (Math.round(10_000 + 900 * Math.sin(i / 17) + 150 * Math.sin(i * 2) + i) / 100).toFixed(2)
}

/** A server with a daily symbol, a symbol without bars, and strategies of the trader. */
export interface RunHouse {
  api: TestApi
  trader: string
  viewer: string
  call(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown },
  ): Promise<Answer & { body: Body }>
  /** POST /v1/runs of a momentum strategy over ten months. */
  start(over?: Record<string, unknown>): Promise<Answer & { body: Body }>
  finished(runId: string): Promise<RunBody>
  /** A run started and finished without an error. */
  completed(over?: Record<string, unknown>): Promise<RunBody>
}

const WAIT_MS = 50
const MOST_WAITS = 400

/** Asks again until something is no longer RUNNING. */
export async function settled<T extends { status: string }>(ask: () => Promise<T>): Promise<T> {
  for (let i = 0; i < MOST_WAITS; i++) {
    const answer = await ask()
    if (answer.status !== 'RUNNING') return answer
    await sleep(WAIT_MS)
  }
  throw new Error('it did not end')
}

async function seed(api: TestApi): Promise<void> {
  const { kysely } = api.deps.db
  await insertInstrument(kysely, sampleInstrument())
  await insertInstrument(kysely, sampleInstrument({ symbol: 'EMPTY' }))
  await insertBars(kysely, bars('AAPL'))
  const owned = { ownerId: api.users.trader.userId, universe: ['AAPL'], mode: 'BACKTEST' as const }
  await insertStrategy(
    kysely,
    sampleStrategy({ ...owned, isPublic: false, config: { model_type: 'momentum' } }),
  )
  await insertStrategy(
    kysely,
    sampleStrategy({ ...owned, strategyId: 'outside_v1', config: { model_type: 'ppo' } }),
  )
  await insertStrategy(kysely, sampleStrategy({ strategyId: 'of_admin', ownerId: api.users.admin.userId }))
}

export async function openRunHouse(
  engine: DatabaseKind,
  env: Record<string, string> = {},
): Promise<RunHouse> {
  const api = await startTestApi({ engine, env })
  await seed(api)
  const [trader, viewer] = await Promise.all([api.login('trader'), api.login('viewer')])
  const call: RunHouse['call'] = async (method, path, options = {}) => {
    const answer = await api.call(method, path, { token: trader, ...options })
    return { ...answer, body: answer.body as Body }
  }
  const start: RunHouse['start'] = (over = {}) =>
    call('POST', '/v1/runs', {
      body: {
        strategy_id: 'momentum_v1',
        start_date: '2024-03-01',
        end_date: '2024-12-31',
        initial_capital: '30000.00',
        ...over,
      },
    })
  const finished = (runId: string): Promise<RunBody> =>
    settled(async () => (await call('GET', `/v1/runs/${runId}`)).body.data)
  const completed: RunHouse['completed'] = async (over = {}) => {
    const answer = await start(over)
    expect(answer.status, answer.text).toBe(202)
    const run = await finished(answer.body.data.run_id)
    expect(run.error).toBeUndefined()
    expect(run.status).toBe('COMPLETED')
    return run
  }
  return { api, trader, viewer, call, start, finished, completed }
}
