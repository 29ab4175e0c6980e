import { type Database, insertInstrument, insertStrategy } from '@quantdeck/db'
import { sampleInstrument, sampleStrategy } from '@quantdeck/db/testing'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomBars } from '../backtest/random-bars.ts'
import type { Budget, Comparison, Sample } from '../suite.ts'
import type { ApiProcess } from '../support/api-process.ts'
import { httpLoad } from '../support/http-load.ts'
import { importBars } from '../support/import-bars.ts'

const FIRST_T = Date.UTC(2005, 0, 1)
const SYMBOL = 'LONG'
const STRATEGY = 'long_run'
const REQUESTS = 2_000
const REQUESTS_AT_A_TIME = 50
const CANCELS = 5
const BYTES_PER_BAR = 7 * Float64Array.BYTES_PER_ELEMENT

interface RunRow {
  status: string
  phase: string
  progress: number
  error: string | null
}

/** A server with a series long enough that a run over it takes a while, and what is asked of it. */
export class LongRun {
  readonly #db: Database
  readonly #api: ApiProcess
  readonly #bars: number
  #residentBefore = 0

  constructor(db: Database, api: ApiProcess, bars: number) {
    this.#db = db
    this.#api = api
    this.#bars = bars
  }

  async seed(): Promise<void> {
    const { kysely } = this.#db
    await insertInstrument(
      kysely,
      sampleInstrument({ symbol: SYMBOL, barIntervalSeconds: 60, calendar: '24/7' }),
    )
    const config = { model_type: 'sma_cross', fast_period: 10, slow_period: 30, size: 0.5 }
    const own = { strategyId: STRATEGY, universe: [SYMBOL], mode: 'BACKTEST' as const, config }
    await insertStrategy(kysely, sampleStrategy(own))
    await importBars(this.#api, { symbol: SYMBOL, intervalSeconds: 60 }, randomBars(this.#bars, 11, FIRST_T))
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#api.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#api.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as T
    if (!response.ok) throw new Error(`${method} ${path} answered ${JSON.stringify(answer)}`)
    return answer
  }

  /** A run over all the bars. @returns its id */
  async start(): Promise<string> {
    const body = { strategy_id: STRATEGY, start_date: '2005-01-01', end_date: '2024-12-31' }
    const { data } = await this.#call<{ data: { run_id: string } }>('POST', '/v1/runs', body)
    return data.run_id
  }

  /** Past the API, so that looking costs it nothing. */
  async look(runId: string): Promise<RunRow> {
    const { rows } = await this.#db.executeSql(
      `select status, phase, progress, error from runs where run_id = '${runId}'`,
    )
    return rows[0] as unknown as RunRow
  }

  async #until(runId: string, isSo: (run: RunRow) => boolean): Promise<RunRow> {
    for (;;) {
      const run = await this.look(runId)
      if (isSo(run)) return run
      if (run.status === 'FAILED') throw new Error(`the run failed: ${run.error}`)
      await sleep(5)
    }
  }

  #ask(count: number): Promise<Sample> {
    const request = { method: 'GET', path: '/v1/positions?per_page=20' }
    const requests = [Array.from({ length: count }, () => request)]
    const { url, token, pid } = this.#api
    return httpLoad({ url, token, connections: 1, requests, expectedStatus: 200, pids: [pid] })
  }

  /** Requests from the moment on that a run is accepted, as long as one is loading, computing or being stored. */
  async #askWhileRunning(): Promise<Sample> {
    const latenciesMs: number[] = []
    let wallMs = 0
    let runId = await this.start()
    while (latenciesMs.length < REQUESTS) {
      if ((await this.look(runId)).status !== 'RUNNING') runId = await this.start()
      const asked = await this.#ask(REQUESTS_AT_A_TIME)
      latenciesMs.push(...(asked.latenciesMs ?? []))
      wallMs += asked.wallMs
    }
    await this.#until(runId, ({ status }) => status !== 'RUNNING')
    return { operations: latenciesMs.length, wallMs, cpuMs: null, latenciesMs }
  }

  latency(): Comparison {
    return {
      goal: 'P12',
      title: `GET /v1/positions while runs over ${this.#bars.toLocaleString('en')} bars work, against an idle server`,
      figure: 'p99',
      baseline: { name: 'idle', run: () => this.#ask(REQUESTS) },
      candidates: [{ name: 'while runs work', run: () => this.#askWhileRunning(), bound: { atMost: 1.5 } }],
    }
  }

  /** As after an import: the next run packs all bars first, which is when loading takes longest. */
  async #unpack(): Promise<void> {
    await this.#db.executeSql(
      `update bar_chunks set packed = null, bar_count = 0, version = version + 1 where symbol = '${SYMBOL}'`,
    )
  }

  async #cancelWhen(isSo: (run: RunRow) => boolean): Promise<number> {
    const runId = await this.start()
    await this.#until(runId, isSo)
    const started = performance.now()
    await this.#call('DELETE', `/v1/runs/${runId}`)
    for (;;) {
      const { status, error } = await this.look(runId)
      if (status === 'FAILED' && error === 'Cancelled') return performance.now() - started
      if (status !== 'RUNNING') throw new Error(`the run ended as ${status} ${error} before it was cancelled`)
      await sleep(2)
    }
  }

  async #worstCancel(isSo: (run: RunRow) => boolean): Promise<number> {
    let worst = 0
    for (let i = 0; i < CANCELS; i++) worst = Math.max(worst, await this.#cancelWhen(isSo))
    return worst
  }

  budgets(): Budget[] {
    const cancel = (title: string, isSo: (run: RunRow) => boolean): Budget => ({
      ...{ goal: null, unit: 'ms', bound: { atMost: 1_000 } },
      measure: async () => {
        await this.#unpack()
        return this.#worstCancel(isSo)
      },
      title: `worst of ${CANCELS} cancels, from the request to FAILED, ${title}`,
    })
    return [
      cancel('while bars are packed and loaded', ({ phase }) => phase === 'loading bars'),
      cancel('while it computes', ({ progress }) => progress > 0),
      {
        ...{ goal: null, unit: 'values', bound: { atLeast: 5 } },
        title: 'different progress seen by who asks GET /v1/runs/{id} four times a second',
        measure: () => this.#countProgress(),
      },
      {
        ...{ goal: null, unit: 'times the doubles of the bars', bound: { atMost: 3 } },
        title: 'most memory of the server over five runs, less what it had before',
        measure: () => this.#peakMemory(5),
      },
    ]
  }

  async #countProgress(): Promise<number> {
    const runId = await this.start()
    const seen = new Set<number>()
    for (;;) {
      const { data } = await this.#call<{ data: { status: string; progress: number } }>(
        'GET',
        `/v1/runs/${runId}`,
      )
      if (data.status !== 'RUNNING') return seen.size
      seen.add(data.progress)
      await sleep(250)
    }
  }

  async #peakMemory(runs: number): Promise<number> {
    let peak = 0
    for (let i = 0; i < runs; i++) {
      const runId = await this.start()
      await this.#until(runId, ({ status }) => {
        peak = Math.max(peak, residentBytes(this.#api.pid))
        return status === 'COMPLETED'
      })
    }
    return (peak - this.#residentBefore) / (this.#bars * BYTES_PER_BAR)
  }

  /** What the server has before its first run. */
  noteMemory(): void {
    this.#residentBefore = residentBytes(this.#api.pid)
  }
}

function residentBytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}
