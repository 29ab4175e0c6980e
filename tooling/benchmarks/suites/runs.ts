import { LongRun } from '../runs/long-run.ts'
import { PoolBench } from '../runs/pool.ts'
import type { Suite } from '../suite.ts'
import { startApi } from '../support/api-process.ts'
import { startPostgres } from '../support/postgres.ts'

/** Minutes of nineteen years unless told. */
const BARS = Number(process.env['BENCH_RUN_BARS'] ?? '10000000')

export const suite: Suite = {
  title: 'runs beside the API: latency, hand-over, cancelling, memory, and sweeps on every core',
  open: async () => {
    const pool = new PoolBench()
    const postgres = await startPostgres()
    const api = await startApi(postgres.url)
    const long = new LongRun(postgres.db, api, BARS)
    await long.seed()
    long.noteMemory()
    return {
      comparisons: [pool.handOver(), pool.sweep(), long.latency()],
      budgets: long.budgets(),
      notes: [
        'One server with everything in it, Postgres in a process of its own, one connection that asks for one page after the other.',
        'Both cores are taken while a run works: the worker has a lower priority than requests. Its bars came in over HTTP.',
      ],
      close: async () => {
        await pool.close()
        await api.close()
        await postgres.close()
      },
    }
  },
}
