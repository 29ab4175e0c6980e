import { findRun, insertRun, type Run } from '@quantdeck/db'
import { describePostgres } from '@quantdeck/db/testing'
import { Decimal } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { JobWorker, JobWorkers } from '../harness/job-workers.ts'
import { openRunHouse, type RunHouse } from '../runs/house.ts'

/**
 * A few in the suite; `pnpm test:soak jobs` does 500 with four workers, one of which is killed every two seconds, and
 * every fifth of which stands still instead and goes on when its runs are others' already.
 */
const RUNS = Number(process.env['JOBS_RUNS'] ?? '6')
const WORKERS = Number(process.env['JOBS_WORKERS'] ?? '2')
/** Long enough in the suite for a worker on a busy machine to have come up and finished something. */
const KILL_EVERY_MS = Number(process.env['JOBS_KILL_MS'] ?? '10000')
const PAUSE_EVERY = 5
const PAUSED_AT_A_TIME = 2
/** Nobody may have to wait longer for a run whose worker is dead; in the suite, others want the same cores. */
const ORPHAN_MS = Number(process.env['JOBS_ORPHAN_MS'] ?? '60000')
const MOST_MS = 60_000 + RUNS * 2_000

interface Row {
  runId: string
  status: string
  phase: string
  attempt: number
  results: number
  /** Everything that must not change any more once a run has ended. */
  end: string
}

/** What becomes of the runs over time: how long attempts stand, and whether an end is the end. */
class Watch {
  readonly #since = new Map<string, { attempt: number; at: number }>()
  readonly #ends = new Map<string, string>()
  readonly changedAfterTheEnd: string[] = []
  longestAttemptMs = 0

  see(rows: readonly Row[]): void {
    const now = performance.now()
    for (const row of rows) {
      if (row.status === 'RUNNING') this.#seeRunning(row, now)
      else this.#seeEnded(row)
    }
  }

  #seeRunning({ runId, attempt, phase }: Row, now: number): void {
    if (phase === 'queued') return
    const known = this.#since.get(runId)
    if (known?.attempt === attempt) this.longestAttemptMs = Math.max(this.longestAttemptMs, now - known.at)
    else this.#since.set(runId, { attempt, at: now })
  }

  #seeEnded({ runId, end }: Row): void {
    const known = this.#ends.get(runId)
    if (known !== undefined && known !== end) this.changedAfterTheEnd.push(runId)
    this.#ends.set(runId, end)
  }
}

function harm(workers: JobWorkers): boolean {
  if ((workers.kills + workers.pauses) % PAUSE_EVERY !== PAUSE_EVERY - 1) return workers.killOldest()
  workers.resumeBut(PAUSED_AT_A_TIME - 1)
  return workers.pauseOldest()
}

describePostgres('many runs and workers that die', () => {
  let house: RunHouse
  let template: Run
  let workers: JobWorkers | null = null

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

  const rows = async (): Promise<Row[]> => {
    const { rows } = await house.api.deps.db.executeSql(`
      select r.run_id as "runId", r.status, r.phase, r.attempt, count(x.run_id)::int as results,
        concat_ws(' ', r.status, r.completed_at, r.attempt, r.fencing_token, r.error, max(md5(x.metrics::text)))
          as "end"
      from runs r left join run_results x using (run_id)
      where r.run_type = 'BACKTEST' group by r.run_id`)
    return rows as never
  }

  const rowOf = async (runId: string): Promise<Row> => {
    const row = (await rows()).find((one) => one.runId === runId)
    if (row === undefined) throw new Error('the run is gone')
    return row
  }

  async function queueMore(count: number): Promise<string[]> {
    const runIds = Array.from({ length: count }, () => randomUUID())
    for (const [i, runId] of runIds.entries()) {
      await insertRun(house.api.deps.db.kysely, {
        ...{ runId, strategyId: template.strategyId, startDate: template.startDate, endDate: '2024-12-31' },
        ...{ initialCapital: new Decimal(30_000), params: { ...(template.params as object), seed: i + 1 } },
        ...{ estimatedCompletion: new Date(), createdBy: 'test', createdAt: new Date() },
      })
      await house.api.deps.runs.enqueue(runId)
    }
    return runIds
  }

  async function until<T>(look: () => Promise<T | null>): Promise<T> {
    const endsAt = performance.now() + MOST_MS
    while (performance.now() < endsAt) {
      const seen = await look()
      if (seen !== null) return seen
      await sleep(5)
    }
    throw new Error('it did not happen')
  }

  it(
    'each run ends once, with one result or a reason, and none waits long for a dead worker',
    async () => {
      await queueMore(RUNS - 1)
      workers = new JobWorkers(house.api.deps.db.url ?? '', WORKERS)
      const endsAt = performance.now() + MOST_MS
      const watch = new Watch()
      let unfinished = RUNS
      let lastHarm = performance.now()
      while (unfinished > 0 && performance.now() < endsAt) {
        await sleep(100)
        if (performance.now() - lastHarm > KILL_EVERY_MS && unfinished > WORKERS) {
          if (harm(workers)) lastHarm = performance.now()
        }
        const seen = await rows()
        watch.see(seen)
        unfinished = seen.filter(({ status }) => status === 'RUNNING').length
      }
      workers.resumeBut(0)
      await sleep(workers.pauses > 0 ? 5_000 : 0)
      const all = await rows()
      watch.see(all)
      const completed = all.filter(({ status }) => status === 'COMPLETED')
      const failed = all.filter(({ status }) => status === 'FAILED')
      console.log(
        `${all.length} runs, ${workers.kills} workers killed, ${workers.pauses} paused: ${completed.length} completed, ` +
          `${failed.length} failed, ${all.filter(({ attempt }) => attempt > 1).length} tried again, ` +
          `longest attempt ${Math.round(watch.longestAttemptMs)} ms`,
      )
      expect(unfinished).toBe(0)
      expect(all).toHaveLength(RUNS)
      expect(completed.every(({ results }) => results === 1)).toBe(true)
      expect(failed.every(({ results, attempt }) => results === 0 && attempt > 1)).toBe(true)
      expect(watch.changedAfterTheEnd).toEqual([])
      expect(watch.longestAttemptMs).toBeLessThan(ORPHAN_MS)
    },
    MOST_MS + 30_000,
  )

  it(
    'a worker that stood still while another took its run over publishes nothing when it goes on',
    async () => {
      const { db } = house.api.deps
      workers?.endAll()
      const paused = new JobWorker(db.url ?? '', 'info')
      let other: JobWorker | null = null
      try {
        await paused.said('Worker ready')
        const runId = await pauseInTheMiddle(paused)
        other = new JobWorker(db.url ?? '')
        // As if its silence were long already: nobody has to wait for it here.
        await db.executeSql(
          `update pgboss.job set heartbeat_on = now() - interval '1 minute' where id = '${runId}'`,
        )
        const ended = await until(async () => {
          const row = await rowOf(runId)
          return row.status === 'RUNNING' ? null : row
        })
        expect(ended).toMatchObject({ status: 'COMPLETED', results: 1, attempt: 2 })
        paused.send('SIGCONT')
        await paused.said('another attempt took the run over')
        expect(await rowOf(runId)).toEqual(ended)
      } finally {
        paused.send('SIGKILL')
        other?.send('SIGKILL')
      }
    },
    MOST_MS + 30_000,
  )

  /** Most runs are over before a signal arrives: the first that is not. @returns it */
  async function pauseInTheMiddle(worker: JobWorker): Promise<string> {
    for (;;) {
      const [runId = ''] = await queueMore(1)
      await until(async () => ((await rowOf(runId)).phase === 'queued' ? null : true))
      worker.send('SIGSTOP')
      await sleep(300)
      if ((await rowOf(runId)).status === 'RUNNING') return runId
      worker.send('SIGCONT')
    }
  }
})
