import { findStudy, insertStudy, claimStudy, updateStudyProgress, completeStudy } from '@quantdeck/db'
import { describeEngines } from '@quantdeck/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRunHouse, type RunHouse, settled } from './house.ts'

interface Cell {
  index: number
  parameters: Record<string, number | string>
  figures: Record<string, string | number | null> | null
  rank: number | null
  error?: string
}

interface Sweep {
  sweep_id: string
  status: string
  error?: string
  cells_total: number
  cells_done: number
  progress: number
  axes: { name: string; values: number[] }[]
  cells: Cell[]
  best: number | null
  deflated_sharpe: string | null
  data_hash: string | null
  notes: string[]
}

interface Window {
  in_sample: { start_date: string; end_date: string }
  out_of_sample: { start_date: string; end_date: string }
  parameters: Record<string, number> | null
  in_sample_figures: Record<string, string | null> | null
  out_of_sample_figures: Record<string, string | null> | null
}

interface WalkForward {
  walk_forward_id: string
  status: string
  error?: string
  cells_total: number
  windows: Window[]
  equity_curve: { date: string; value: string; window: number }[]
  figures: Record<string, string | number | null> | null
  efficiency: string | null
}

interface Refusal {
  error: { details: { field: string; message: string }[] }
}

const RANGE = { strategy_id: 'momentum_v1', start_date: '2024-03-01', end_date: '2024-12-31' }
const AXES = [
  { name: 'lookback', minimum: 5, maximum: 25, step: 5 },
  { name: 'direction', values: ['long', 'both'] },
]

describeEngines('studies', (engine) => {
  let house: RunHouse

  beforeAll(async () => {
    house = await openRunHouse(engine)
  })
  afterAll(() => house?.api.close())

  const post = async <T>(
    path: string,
    body: Record<string, unknown>,
  ): Promise<{ status: number; body: T }> => {
    const answer = await house.api.call('POST', path, { token: house.trader, body })
    return { status: answer.status, body: answer.body as T }
  }
  const read = async <T>(path: string): Promise<T> => {
    const answer = await house.api.call('GET', path, { token: house.trader })
    return (answer.body as { data: T }).data
  }

  async function sweep(over: Record<string, unknown> = {}): Promise<Sweep> {
    const { status, body } = await post<{ data: Sweep }>('/v1/sweeps', { ...RANGE, axes: AXES, ...over })
    expect(status, JSON.stringify(body)).toBe(202)
    return settled(() => read<Sweep>(`/v1/sweeps/${body.data.sweep_id}`))
  }

  it('a grid runs every set, ranks them and equals single runs', async () => {
    const done = await sweep()
    expect(done).toMatchObject({ status: 'COMPLETED', cells_total: 10, cells_done: 10, progress: 1 })
    expect(done.axes).toEqual([
      { name: 'lookback', values: [5, 10, 15, 20, 25] },
      { name: 'direction', values: ['long', 'both'] },
    ])
    expect(done.cells.map(({ rank }) => rank).toSorted((a, b) => Number(a) - Number(b))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
    const sharpe = (cell: Cell): number => Number(cell.figures?.sharpe_ratio)
    const best = done.cells[done.best ?? -1]!
    expect(sharpe(best)).toBe(Math.max(...done.cells.map(sharpe)))
    expect(Number(done.deflated_sharpe)).toBeGreaterThanOrEqual(0)
    expect(Number(done.deflated_sharpe)).toBeLessThanOrEqual(1)
    const cell = done.cells[3]!
    const run = await house.completed({ initial_capital: '100000.00', parameters: cell.parameters })
    const { figures } = await read<{ figures: Cell['figures'] }>(`/v1/runs/${run.run_id}/statistics`)
    expect(figures).toMatchObject(cell.figures ?? {})
    expect(run.assumptions.data_hash).toBe(done.data_hash)
  })

  it('the same sweep twice is the same, to the last digit', async () => {
    const random = { method: 'random', samples: 12, seed: 5 }
    const axes = [
      { name: 'lookback', minimum: 5, maximum: 60 },
      { name: 'size', minimum: 0.1, maximum: 1 },
    ]
    const [first, second] = [await sweep({ ...random, axes }), await sweep({ ...random, axes })]
    expect(second.cells).toEqual(first.cells)
    expect(first.cells).toHaveLength(12)
    const stored = await Promise.all(
      [first, second].map(({ sweep_id }) => findStudy(house.api.deps.db.kysely, sweep_id)),
    )
    expect(stored[1]?.result).toEqual(stored[0]?.result)
    const other = await sweep({ ...random, seed: 6, axes })
    expect(other.cells.map(({ parameters }) => parameters)).not.toEqual(
      first.cells.map(({ parameters }) => parameters),
    )
  })

  it('sets that do not go together are kept with the reason and not run', async () => {
    await house.api.call('POST', '/v1/strategies', {
      token: await house.api.login('admin'),
      body: {
        strategy_id: `cross_${engine}`,
        name: 'Cross',
        universe: ['AAPL'],
        allocated_capital: '1000',
        config: { model_type: 'sma_cross' },
      },
    })
    const admin = await house.api.login('admin')
    const answer = await house.api.call('POST', '/v1/sweeps', {
      token: admin,
      body: {
        ...RANGE,
        strategy_id: `cross_${engine}`,
        axes: [
          { name: 'fast_period', values: [5, 20] },
          { name: 'slow_period', values: [10, 20] },
        ],
      },
    })
    const { sweep_id: sweepId } = (answer.body as { data: Sweep }).data
    const done = await settled(async () => {
      const { body } = await house.api.call('GET', `/v1/sweeps/${sweepId}`, { token: admin })
      return (body as { data: Sweep }).data
    })
    expect(done.cells.map(({ error }) => error !== undefined)).toEqual([false, false, true, true])
    expect(done.cells[2]?.error).toContain('fast_period must be below slow_period')
    expect(done.status).toBe('COMPLETED')
    // Another's sweep answers like an unknown one.
    expect((await house.call('GET', `/v1/sweeps/${sweepId}`)).status).toBe(404)
    expect((await house.call('DELETE', `/v1/sweeps/${sweepId}`)).status).toBe(404)
  })

  it('promotes a cell to a full run that knows how many trials it was picked from', async () => {
    const done = await sweep()
    const answer = await house.call('POST', `/v1/sweeps/${done.sweep_id}/promote`, {
      body: { index: done.best },
    })
    expect(answer.status, answer.text).toBe(202)
    const run = await house.finished(answer.body.data.run_id)
    expect(run.status).toBe('COMPLETED')
    expect(run.notes.join()).toContain(`of sweep ${done.sweep_id}, picked from 10 sets`)
    const { figures } = await read<{ figures: Record<string, string> }>(`/v1/runs/${run.run_id}/statistics`)
    expect(figures).toMatchObject(done.cells[done.best!]!.figures!)
    expect(figures.deflated_sharpe).toBe(done.deflated_sharpe)
    expect(Number(figures.deflated_sharpe)).toBeLessThan(Number(figures.probabilistic_sharpe))
    const missing = await house.call('POST', `/v1/sweeps/${done.sweep_id}/promote`, { body: { index: 99 } })
    expect(missing.status).toBe(409)
  })

  it.each([
    ['an unknown parameter', { axes: [{ name: 'lookbak', values: [1] }] }, 'axes.0.name', 'lookback'],
    ['a bad value', { axes: [{ name: 'lookback', values: [5, 0] }] }, 'axes.0', 'at least 1'],
    ['a parameter twice', { axes: [AXES[0], AXES[0]] }, 'axes.1.name', 'twice'],
    [
      'neither values nor a range',
      { axes: [{ name: 'lookback', minimum: 5 }] },
      'axes.0',
      'minimum and maximum',
    ],
    [
      'too many sets',
      {
        axes: [
          { name: 'lookback', minimum: 1, maximum: 200, step: 1 },
          { name: 'size', minimum: 0.01, maximum: 1, step: 0.01 },
        ],
      },
      'axes',
      'at most 2000',
    ],
    ['samples of a grid', { samples: 5 }, 'samples', 'random'],
    [
      'a range without data',
      { start_date: '2030-01-01', end_date: '2030-02-01' },
      'start_date',
      'AAPL has bars',
    ],
  ])('a sweep refuses %s with the field named', async (_, over, field, message) => {
    const { status, body } = await post<Refusal>('/v1/sweeps', { ...RANGE, axes: AXES, ...over })
    expect(status).toBe(400)
    expect(body.error.details[0]?.field).toBe(field)
    expect(body.error.details[0]?.message).toContain(message)
  })

  it('cancels a running sweep, which keeps the cells it has', async () => {
    const axes = [
      { name: 'lookback', minimum: 5, maximum: 400, step: 1 },
      { name: 'direction', values: ['long', 'both'] },
    ]
    const { body } = await post<{ data: Sweep }>('/v1/sweeps', { ...RANGE, axes })
    const path = `/v1/sweeps/${body.data.sweep_id}`
    const answer = await house.call('DELETE', path)
    expect(answer.status, answer.text).toBe(200)
    const after = await settled(() => read<Sweep>(path))
    expect(after).toMatchObject({ status: 'FAILED', error: 'Cancelled' })
    expect((await house.call('DELETE', path)).status).toBe(409)
  })

  it('walks forward: parameters are chosen before each window and its equity goes on from the last', async () => {
    const request = {
      ...RANGE,
      initial_capital: '50000.00',
      axes: [{ name: 'lookback', values: [5, 10, 20] }],
      in_sample_days: 90,
      out_of_sample_days: 60,
      purge_days: 5,
      embargo_days: 2,
    }
    const { status, body } = await post<{ data: WalkForward }>('/v1/walk-forwards', request)
    expect(status, JSON.stringify(body)).toBe(202)
    const done = await settled(() => read<WalkForward>(`/v1/walk-forwards/${body.data.walk_forward_id}`))
    expect(done).toMatchObject({ status: 'COMPLETED', cells_total: done.windows.length * 4 })
    expect(done.windows[0]).toMatchObject({
      in_sample: { start_date: '2024-03-01', end_date: '2024-05-29' },
      out_of_sample: { start_date: '2024-06-06', end_date: '2024-08-04' },
    })
    expect(done.windows.at(-1)?.out_of_sample.end_date).toBe('2024-12-31')
    expect(done.equity_curve[0]).toEqual({ date: '2024-06-06', value: '50000.00', window: 0 })
    const dates = done.equity_curve.map(({ date }) => date)
    expect(dates).toEqual([...new Set(dates)].toSorted())
    // The last equity of a window is the first of the next.
    for (let i = 1; i < done.equity_curve.length; i++) {
      const [before, now] = [done.equity_curve[i - 1]!, done.equity_curve[i]!]
      if (before.window !== now.window) expect(now.value).toBe(before.value)
    }
    // Each window's choice is what a sweep over the same days puts first.
    const [window] = done.windows
    const first = await sweep({
      start_date: window!.in_sample.start_date,
      end_date: window!.in_sample.end_date,
      initial_capital: '50000.00',
      axes: request.axes,
    })
    expect(first.cells[first.best!]).toMatchObject({
      parameters: window!.parameters,
      figures: window!.in_sample_figures,
    })
    const total = Number(done.equity_curve.at(-1)!.value) / 50_000 - 1
    expect(Number(done.figures?.total_return_pct)).toBeCloseTo(total * 100, 3)
    expect(done.efficiency).not.toBeNull()
  })

  it.each([
    [
      'no window that fits',
      { in_sample_days: 1000, out_of_sample_days: 30 },
      'in_sample_days',
      'Not even one window',
    ],
    ['too many windows', { in_sample_days: 5, out_of_sample_days: 1 }, 'out_of_sample_days', 'at most 200'],
  ])('a walk-forward study refuses %s', async (_, over, field, message) => {
    const { status, body } = await post<Refusal>('/v1/walk-forwards', { ...RANGE, axes: AXES, ...over })
    expect(status).toBe(400)
    expect(body.error.details[0]).toMatchObject({ field })
    expect(body.error.details[0]?.message).toContain(message)
  })

  it('lists studies of either kind, recent first, and finds one of the other kind nowhere', async () => {
    const list = async (
      path: string,
    ): Promise<{ data: Record<string, string>[]; meta: { total_count: number } }> =>
      (await house.api.call('GET', path, { token: house.trader })).body as never
    const sweeps = await list('/v1/sweeps?per_page=100')
    const walks = await list('/v1/walk-forwards')
    expect(sweeps.meta.total_count).toBe(sweeps.data.length)
    expect(walks.meta.total_count).toBe(1)
    expect((await list('/v1/sweeps?strategy_id=nothing')).meta.total_count).toBe(0)
    expect((await house.call('GET', `/v1/sweeps/${walks.data[0]?.walk_forward_id}`)).status).toBe(404)
    const asViewer = await house.api.call('POST', '/v1/sweeps', {
      token: house.viewer,
      body: { ...RANGE, axes: AXES },
    })
    expect(asViewer.status).toBe(403)
  })

  it('an attempt that was overtaken can neither report progress nor publish', async () => {
    const { kysely } = house.api.deps.db
    const studyId = '55555555-5555-4555-8555-555555555555'
    const [old, young] = ['66666666-6666-4666-8666-666666666666', '77777777-7777-4777-8777-777777777777']
    await insertStudy(kysely, {
      studyId,
      kind: 'SWEEP',
      strategyId: 'momentum_v1',
      request: {},
      cellsTotal: 4,
      createdBy: 'test',
      createdAt: new Date(),
    })
    await claimStudy(kysely, studyId, old)
    await claimStudy(kysely, studyId, young)
    const progress = { cellsDone: 2, phase: 'running', estimatedCompletion: null, result: null }
    expect(await updateStudyProgress(kysely, studyId, old, progress)).toBeNull()
    const end = { studyId, completedAt: new Date(), result: '{}' }
    expect(await completeStudy(kysely, { ...end, fencingToken: old })).toBe(false)
    expect(await completeStudy(kysely, { ...end, fencingToken: young })).toBe(true)
    expect(await findStudy(kysely, studyId)).toMatchObject({ status: 'COMPLETED', cellsDone: 4, attempt: 2 })
  })
})
