import {
  claimRun,
  findRun,
  findRunResult,
  insertBars,
  insertInstrument,
  insertRun,
  insertStrategy,
} from '@quantdeck/db'
import { describeEngines, sampleInstrument, sampleStrategy } from '@quantdeck/db/testing'
import { Decimal } from '@quantdeck/domain'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executeRun } from '../../src/features/runs/execute-run.ts'
import { prepareRun } from '../../src/features/runs/prepare-run.ts'
import { RunJobs } from '../../src/features/runs/run-jobs.ts'
import { toRunRequest } from '../../src/features/runs/run-request.ts'
import { executeSpec } from '../../src/features/runs/run-spec.ts'
import { viewBars } from '../../src/features/runs/shared-bars.ts'
import { WorkerPool } from '../../src/features/runs/worker-pool.ts'
import type { Answer } from '../harness.ts'
import { bars, FIRST_DAY, openRunHouse, type RunHouse } from './house.ts'

/** What each database's run gave, as it is stored. */
const outputs: string[] = []

describeEngines('runs as jobs', (engine) => {
  let house: RunHouse

  beforeAll(async () => {
    house = await openRunHouse(engine)
  })
  afterAll(() => house?.api.close())

  it('the same request gives the same result, byte for byte, in a worker and in process', async () => {
    const [first, second] = [await house.completed(), await house.completed()]
    const { kysely } = house.api.deps.db
    const stored = await findRunResult(kysely, first.run_id)
    expect(await findRunResult(kysely, second.run_id)).toEqual(stored)
    const run = await findRun(kysely, first.run_id)
    const request = toRunRequest(run?.params)
    const prepared = await prepareRun(kysely, run!, request!, '100000')
    const inProcess = executeSpec(prepared.spec, prepared.bars.map(viewBars))
    const pool = new WorkerPool()
    const answer = await pool.run(prepared.spec, prepared.bars).answer
    await pool.close()
    expect(answer).toEqual({ kind: 'done', output: inProcess })
    outputs.push(JSON.stringify(inProcess))
    expect(JSON.parse(inProcess.tradesJson)).toEqual(stored?.trades)
    expect(JSON.parse(inProcess.metricsJson)).toEqual(stored?.metrics)
  })

  it('another attempt takes the run over: the one before can no longer publish', async () => {
    const { kysely } = house.api.deps.db
    const done = await house.completed()
    const old = await findRun(kysely, done.run_id)
    const runId = '11111111-1111-4111-8111-111111111111'
    await insertRun(kysely, {
      runId,
      strategyId: 'momentum_v1',
      startDate: '2024-03-01',
      endDate: '2024-12-31',
      initialCapital: new Decimal(30_000),
      params: old?.params,
      estimatedCompletion: new Date(),
      createdBy: 'test',
      createdAt: new Date(),
    })
    const pool = new WorkerPool()
    const { db, clock, log, env } = house.api.deps
    const hooked = {
      db,
      clock,
      log,
      env,
      wakeSealer: () => {},
      running: new Map(),
      pool: Object.assign(Object.create(pool) as WorkerPool, {
        run: (...args: Parameters<WorkerPool['run']>) => {
          const task = pool.run(...args)
          // While the worker computes, somebody else claims the run.
          const answer = task.answer.then(async (value) => {
            await claimRun(kysely, runId, '22222222-2222-4222-8222-222222222222')
            return value
          })
          return { ...task, answer }
        },
      }),
    }
    await executeRun(hooked, runId)
    expect((await findRun(kysely, runId))?.status).toBe('RUNNING')
    expect(await findRunResult(kysely, runId)).toBeNull()
    await executeRun({ ...hooked, pool }, runId)
    expect(await findRun(kysely, runId)).toMatchObject({ status: 'COMPLETED', attempt: 3 })
    await pool.close()
  })

  it('takes up at its start what an earlier process left unfinished', async () => {
    const { kysely } = house.api.deps.db
    const old = await findRun(kysely, (await house.completed()).run_id)
    const runId = '33333333-3333-4333-8333-333333333333'
    await insertRun(kysely, {
      runId,
      strategyId: 'momentum_v1',
      startDate: '2024-03-01',
      endDate: '2024-12-31',
      initialCapital: new Decimal(30_000),
      params: old?.params,
      estimatedCompletion: new Date(),
      createdBy: 'test',
      createdAt: new Date(),
    })
    // As if the process had died in the middle of its first attempt.
    await claimRun(kysely, runId, '44444444-4444-4444-8444-444444444444')
    const restarted = new RunJobs(house.api.deps, () => {})
    await restarted.start()
    expect(await house.finished(runId)).toMatchObject({
      status: 'COMPLETED',
      total_return: expect.any(String),
    })
    await restarted.close()
  })

  it('cancels a running backtest within a second', async () => {
    const { kysely } = house.api.deps.db
    // Minutes of a month, so that there is something to interrupt.
    const minutes = bars('LONG', 1)
    await insertInstrument(
      kysely,
      sampleInstrument({ symbol: 'LONG', contractType: 'CRYPTO', calendar: '24/7', barIntervalSeconds: 60 }),
    )
    const [sample] = minutes
    for (let chunk = 0; chunk < 6; chunk++) {
      await insertBars(
        kysely,
        Array.from({ length: 10_000 }, (_, i) => {
          const openedAt = new Date(FIRST_DAY + (chunk * 10_000 + i) * 60_000)
          return {
            ...sample!,
            intervalSeconds: 60,
            openedAt,
            closedAt: new Date(openedAt.getTime() + 60_000),
          }
        }),
      )
    }
    // A channel of 5,000 bars is slow on purpose: three hundred million comparisons.
    await insertStrategy(
      kysely,
      sampleStrategy({
        strategyId: 'slow_v1',
        ownerId: house.api.users.trader.userId,
        universe: ['LONG'],
        mode: 'BACKTEST',
        config: { model_type: 'donchian', entry_period: 5000, exit_period: 5000 },
      }),
    )
    const { body } = await house.start({
      strategy_id: 'slow_v1',
      start_date: '2024-01-01',
      end_date: '2024-02-28',
    })
    const runId = body.data.run_id
    let cancelled: Answer | null = null
    for (let i = 0; i < 200 && cancelled === null; i++) {
      const row = await findRun(kysely, runId)
      if (row?.phase !== 'queued')
        cancelled = await house.api.call('DELETE', `/v1/runs/${runId}`, { token: house.trader })
      else await sleep(10)
    }
    expect(cancelled?.status).toBe(200)
    const run = await house.finished(runId)
    expect(run).toMatchObject({ status: 'FAILED', error: 'Cancelled', report_url: null })
    expect((await house.call('DELETE', `/v1/runs/${runId}`)).status).toBe(409)
  })
})

describe('over both databases', () => {
  it('the same request gives the same bytes', () => {
    expect(outputs.length).toBeGreaterThan(0)
    expect(new Set(outputs).size).toBe(1)
  })
})
