import { listRunningBacktests, listRunningStudies } from '@quantdeck/db'
import { SECOND_MS } from '@quantdeck/domain'
import { setTimeout as sleep } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import type { CoreDeps } from '../../deps.ts'
import { executeStudy } from '../studies/execute-study.ts'
import { type ExecutionDeps, executeRun } from './execute-run.ts'
import { WorkerPool } from './worker-pool.ts'

const RUNS = 'backtests'
const STUDIES = 'studies'
type Queue = typeof RUNS | typeof STUDIES
/**
 * A run may take hours; a worker that no longer breathes is noticed within twenty seconds all the same. How often a run is
 * tried is decided by its row (`MOST_ATTEMPTS`): a queue that gave up before it would leave the row RUNNING for ever.
 */
const QUEUE_OPTIONS = {
  expireInSeconds: 6 * 3600,
  heartbeatSeconds: 10,
  retryLimit: 20,
  deleteAfterSeconds: 24 * 3600,
}
/** How often dead workers' jobs are looked for; pg-boss itself would take a minute, and another between two looks. */
const SUPERVISE_SECONDS = 5
const POLL_SECONDS = 2
const STOP_MS = 5 * SECOND_MS
const CANCEL_LOOK_MS = 20

/**
 * Backtests as jobs: pg-boss on the embedded database or on Postgres, each executed in a worker thread. The run's row is
 * the truth; a job is only the wish to work on it, so a lost or doubled job does no harm.
 */
export class RunJobs {
  readonly #deps: ExecutionDeps
  readonly #works: boolean
  readonly #isEmbedded: boolean
  #boss: Promise<PgBoss> | null = null
  readonly #workerIds = new Map<Queue, string>()

  constructor(core: Pick<CoreDeps, 'db' | 'clock' | 'log' | 'env'>, wakeSealer: () => void) {
    const { db, clock, log, env } = core
    this.#deps = { db, clock, log, env, wakeSealer, pool: new WorkerPool(), running: new Map() }
    this.#works = env.role !== 'api'
    this.#isEmbedded = db.kind === 'pglite'
  }

  /**
   * Takes up what an earlier process left. The embedded database has no other worker, so its queue starts with the first
   * run; on Postgres a worker polls from the beginning.
   */
  async start(): Promise<void> {
    const { kysely } = this.#deps.db
    const runs = (await listRunningBacktests(kysely)).map(({ runId }) => runId)
    const left: Record<Queue, string[]> = { [RUNS]: runs, [STUDIES]: await listRunningStudies(kysely) }
    const isIdle = left[RUNS].length + left[STUDIES].length === 0
    if (isIdle && (this.#isEmbedded || !this.#works)) return
    const boss = await this.#started()
    for (const queue of [RUNS, STUDIES] as const) {
      for (const id of left[queue]) {
        // Nobody else works on an embedded database: a job that is still active was cut off with its process.
        if (this.#isEmbedded) await boss.deleteJob(queue, id)
        await this.#send(queue, id)
      }
    }
  }

  #started(): Promise<PgBoss> {
    this.#boss ??= this.#open().catch((error: unknown) => {
      this.#boss = null
      throw error
    })
    return this.#boss
  }

  async #open(): Promise<PgBoss> {
    const { db, log } = this.#deps
    const boss = new PgBoss({
      ...(db.url === undefined
        ? {
            db: { executeSql: (text: string, values?: unknown[]) => db.executeSql(text, values) },
            backend: 'pglite' as const,
          }
        : { connectionString: db.url, max: 3 }),
      schedule: false,
      supervise: this.#works,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      monitorVacuum: false,
      reindex: false,
    })
    boss.on('error', (error) => log.warn({ err: error }, 'the job queue reported an error'))
    await boss.start()
    for (const queue of [RUNS, STUDIES]) {
      await boss.createQueue(queue, QUEUE_OPTIONS)
      // One that an earlier version made keeps its options otherwise.
      await boss.updateQueue(queue, QUEUE_OPTIONS)
    }
    if (this.#works) await this.#work(boss)
    return boss
  }

  async #work(boss: PgBoss): Promise<void> {
    const { pool, log } = this.#deps
    pool.warm()
    const work = async (
      queue: Queue,
      concurrency: number,
      execute: (deps: ExecutionDeps, id: string) => Promise<void>,
    ): Promise<void> => {
      const options = { batchSize: 1, pollingIntervalSeconds: POLL_SECONDS, localConcurrency: concurrency }
      const workerId = await boss.work(queue, options, async ([job]) => {
        if (job === undefined) return
        try {
          // A job carries nothing: its id is that of the run or study.
          await execute(this.#deps, job.id)
        } catch (error) {
          log.warn({ err: error, queue, id: job.id }, 'a job was interrupted and will be tried again')
          throw error
        }
      })
      this.#workerIds.set(queue, workerId)
    }
    await work(RUNS, pool.size, executeRun)
    // A study uses every core by itself.
    await work(STUDIES, 1, executeStudy)
  }

  /** Queues a stored run. Queuing one twice is one job. Never call it inside a transaction: the queue has its own. */
  enqueue(runId: string): Promise<void> {
    return this.#send(RUNS, runId)
  }

  /** The same for a stored sweep or walk-forward study. */
  enqueueStudy(studyId: string): Promise<void> {
    return this.#send(STUDIES, studyId)
  }

  async #send(queue: Queue, id: string): Promise<void> {
    const boss = await this.#started()
    await boss.send(queue, {}, { id })
    const workerId = this.#workerIds.get(queue)
    if (workerId !== undefined) boss.notifyWorker(workerId)
  }

  /** Stops a run or study in this process and waits until it has, at most a second; others see the wish in its row. */
  async cancel(id: string): Promise<void> {
    const { running } = this.#deps
    running.get(id)?.cancel()
    for (let waited = 0; running.has(id) && waited < SECOND_MS; waited += CANCEL_LOOK_MS)
      await sleep(CANCEL_LOOK_MS)
  }

  /** How many runs wait and work, for /v1/health. */
  async counts(): Promise<{ queued: number; active: number }> {
    const all = await listRunningBacktests(this.#deps.db.kysely)
    const queued = all.filter((run) => run.phase === 'queued').length
    return { queued, active: all.length - queued }
  }

  /** Interrupts what runs (it is tried again at the next start) and stops the queue. */
  async close(): Promise<void> {
    await this.#deps.pool.close()
    const boss = await this.#boss?.catch(() => null)
    await boss?.stop({ graceful: true, timeout: STOP_MS, close: true })
  }
}
