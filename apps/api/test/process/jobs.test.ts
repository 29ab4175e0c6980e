import { findRun, insertRun, type Run } from '@quantdeck/db'
import { describePostgres } from '@quantdeck/db/testing'
import { Decimal } from '@quantdeck/domain'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRunHouse, type RunHouse } from '../runs/house.ts'

/** A few in the suite; `pnpm test:soak jobs` does 500 with four workers, one of which is killed every two seconds. */
const RUNS = Number(process.env['JOBS_RUNS'] ?? '6')
const WORKERS = Number(process.env['JOBS_WORKERS'] ?? '2')
/** Long enough in the suite for a worker on a busy machine to have come up and finished something. */
const KILL_EVERY_MS = Number(process.env['JOBS_KILL_MS'] ?? '10000')
/** Nobody may have to wait longer for a run whose worker is dead; in the suite, others want the same cores. */
const ORPHAN_MS = Number(process.env['JOBS_ORPHAN_MS'] ?? '60000')
const MOST_MS = 60_000 + RUNS * 2_000

const SCRIPT = join(import.meta.dirname, '..', 'harness', 'job-worker.ts')

class Workers {
  readonly #url: string
  readonly #all = new Set<ChildProcess>()
  /** Those that work, the oldest first: one that is still starting would be killed for nothing. */
  readonly #ready: ChildProcess[] = []
  kills = 0

  constructor(url: string, count: number) {
    this.#url = url
    for (let i = 0; i < count; i++) this.#spawn()
  }

  #spawn(): void {
    const args = ['--conditions=@quantdeck/source', SCRIPT, this.#url]
    const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#all.add(worker)
    worker.stdout.once('data', () => this.#ready.push(worker))
  }

  /** One that works, and a new one in its place. @returns whether there was one */
  killOldest(): boolean {
    const worker = this.#ready.shift()
    if (worker === undefined) return false
    worker.kill('SIGKILL')
    this.#all.delete(worker)
    this.kills += 1
    this.#spawn()
    return true
  }

  endAll(): void {
    for (const worker of this.#all) worker.kill('SIGKILL')
  }
}

describePostgres('many runs and workers that die', () => {
  let house: RunHouse
  let template: Run
  let workers: Workers | null = null

  beforeAll(async () => {
    house = await openRunHouse('postgres', {
      ...{
        ROLE: 'api',
        DATABASE_URL: 'postgres://unused',
        JWT_SECRET: 'a secret of the tests, 32 bytes long',
      },
    })
    const answer = await house.start()
    const run = await findRun(house.api.deps.db.kysely, answer.body.data.run_id)
    if (run === null) throw new Error(answer.text)
    template = run
  })
  afterAll(async () => {
    workers?.endAll()
    await house?.api.close()
  })

  const rows = async (): Promise<{ runId: string; status: string; results: number; attempt: number }[]> => {
    const { rows } = await house.api.deps.db.executeSql(`
      select r.run_id as "runId", r.status, r.attempt,
        (select count(*)::int from run_results x where x.run_id = r.run_id) as results
      from runs r where r.run_type = 'BACKTEST'`)
    return rows as never
  }

  async function queueMore(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const runId = randomUUID()
      await insertRun(house.api.deps.db.kysely, {
        ...{ runId, strategyId: template.strategyId, startDate: template.startDate, endDate: '2024-12-31' },
        ...{ initialCapital: new Decimal(30_000), params: { ...(template.params as object), seed: i + 1 } },
        ...{ estimatedCompletion: new Date(), createdBy: 'test', createdAt: new Date() },
      })
      await house.api.deps.runs.enqueue(runId)
    }
  }

  it(
    'each run ends once, with one result or a reason, and none waits long for a dead worker',
    async () => {
      await queueMore(RUNS - 1)
      workers = new Workers(house.api.deps.db.url ?? '', WORKERS)
      const endsAt = performance.now() + MOST_MS
      let unfinished = RUNS
      let lastKill = performance.now()
      let lastProgress = performance.now()
      let longestPause = 0
      while (unfinished > 0 && performance.now() < endsAt) {
        await sleep(250)
        if (performance.now() - lastKill > KILL_EVERY_MS && unfinished > WORKERS) {
          if (workers.killOldest()) lastKill = performance.now()
        }
        const left = (await rows()).filter(({ status }) => status === 'RUNNING').length
        if (left < unfinished) lastProgress = performance.now()
        longestPause = Math.max(longestPause, performance.now() - lastProgress)
        unfinished = left
      }
      const all = await rows()
      const completed = all.filter(({ status }) => status === 'COMPLETED')
      const failed = all.filter(({ status }) => status === 'FAILED')
      console.log(
        `${all.length} runs, ${workers.kills} workers killed: ${completed.length} completed, ${failed.length} failed, ` +
          `${all.filter(({ attempt }) => attempt > 1).length} tried again, longest pause ${Math.round(longestPause)} ms`,
      )
      expect(unfinished).toBe(0)
      expect(all).toHaveLength(RUNS)
      expect(completed.every(({ results }) => results === 1)).toBe(true)
      expect(failed.every(({ results, attempt }) => results === 0 && attempt > 1)).toBe(true)
      expect(longestPause).toBeLessThan(ORPHAN_MS)
    },
    MOST_MS + 30_000,
  )
})
