import { describeEngines } from '@quantdeck/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { DOCUMENTED, DOCUMENTED_GETS, methodsAt, pathOf, queryFieldsOf } from '../harness/endpoints.ts'
import { startV1State, type V1State } from '../harness/v1-state.ts'

type Row = Record<string, string | boolean | number | null>
interface List {
  data: Row[]
  meta: { total_count: number; page?: number; per_page?: number }
}
type Filter = [path: string, query: string, fits: (row: Row) => boolean]

const isPaged = (path: string) => !path.startsWith('/v1/strategies')
const is = (field: string, value: string | boolean) => (row: Row) => row[field] === value
const day = (row: Row, field: string) => String(row[field]).slice(0, 10)

/** Every filter of every list of the v1 document, with what its rows must then be. */
const FILTERS: Filter[] = [
  ['/v1/strategies', 'status=active', is('status', 'active')],
  ['/v1/strategies', 'status=inactive', is('status', 'inactive')],
  ['/v1/strategies', 'mode=BACKTEST', is('mode', 'BACKTEST')],
  [
    '/v1/strategies',
    'mode=PAPER&status=active',
    (row) => row['mode'] === 'PAPER' && row['status'] === 'active',
  ],
  ['/v1/strategies', 'mode=LIVE', is('mode', 'LIVE')],
  ['/v1/positions', 'strategy_id=reversal_v2', is('strategy_id', 'reversal_v2')],
  ['/v1/positions', 'symbol=TSLA', is('symbol', 'TSLA')],
  ['/v1/positions', 'mode=PAPER', is('mode', 'PAPER')],
  ['/v1/positions', 'mode=LIVE', is('mode', 'LIVE')],
  ['/v1/orders', 'strategy_id=live_v1', is('strategy_id', 'live_v1')],
  ...['PENDING', 'SUBMITTED', 'FILLED', 'CANCELLED', 'REJECTED'].map((status): Filter => [
    '/v1/orders',
    `status=${status}`,
    is('status', status),
  ]),
  ['/v1/orders', 'mode=PAPER', is('mode', 'PAPER')],
  ['/v1/orders', 'mode=LIVE', is('mode', 'LIVE')],
  ['/v1/orders', 'from_date=2026-01-21', (row) => day(row, 'submitted_at') >= '2026-01-21'],
  ['/v1/orders', 'to_date=2026-01-21', (row) => day(row, 'submitted_at') <= '2026-01-21'],
  [
    '/v1/orders',
    'from_date=2026-01-21T15:00:00Z&to_date=2026-01-21T15:30:00Z',
    (row) => day(row, 'submitted_at') === '2026-01-21',
  ],
  ...['INFO', 'WARNING', 'ERROR', 'CRITICAL'].map((severity): Filter => [
    '/v1/alerts',
    `severity=${severity}`,
    is('severity', severity),
  ]),
  ['/v1/alerts', 'acknowledged=true', is('acknowledged', true)],
  ['/v1/alerts', 'acknowledged=false', is('acknowledged', false)],
  ['/v1/alerts', 'strategy_id=reversal_v2', is('strategy_id', 'reversal_v2')],
  ['/v1/alerts', 'from_date=2026-01-23', (row) => day(row, 'created_at') >= '2026-01-23'],
  ['/v1/alerts', 'to_date=2026-01-23T14:59:59Z', (row) => String(row['created_at']) < '2026-01-23T15'],
  ['/v1/runs', 'strategy_id=momentum_v1', is('strategy_id', 'momentum_v1')],
  ['/v1/runs', 'run_type=LIVE', is('run_type', 'LIVE')],
  ['/v1/runs', 'run_type=PAPER', is('run_type', 'PAPER')],
  ['/v1/runs', 'status=COMPLETED', is('status', 'COMPLETED')],
  ['/v1/runs', 'status=RUNNING', is('status', 'RUNNING')],
]

describeEngines('reading over HTTP', (engine) => {
  let state: V1State

  beforeAll(async () => {
    state = await startV1State(engine)
    // A session that is over, so that runs are of both statuses.
    await state.api.call('PATCH', '/v1/strategies/reversal_v2', {
      token: state.token,
      body: { status: 'inactive' },
    })
  })

  afterAll(() => state.api.close())

  const get = (path: string) => state.api.call('GET', path, { token: state.token })

  async function list(path: string, query = ''): Promise<List> {
    const full = isPaged(path) ? `per_page=100&${query}` : query
    const { status, body, text } = await get(`${path}?${full}`)
    expect(status, text).toBe(200)
    return body as List
  }

  it.each(FILTERS)('%s?%s answers exactly the rows that fit', async (path, query, fits) => {
    const all = await list(path)
    const some = await list(path, query)
    expect(some.data).toEqual(all.data.filter(fits))
    expect(some.meta.total_count).toBe(some.data.length)
    expect(some.data.length).toBeGreaterThan(0)
    expect(some.data.length).toBeLessThan(all.data.length)
  })

  it('has a filter test for every parameter that filters', () => {
    const tested = new Set(
      FILTERS.flatMap(([path, query]) => fieldsIn(query).map((field) => `${path}?${field}`)),
    )
    const wanted = DOCUMENTED_GETS.filter(({ meta }) => FILTERS.some(([path]) => path === meta.path)).flatMap(
      (endpoint) =>
        queryFieldsOf(endpoint)
          .filter((field) => !['page', 'per_page'].includes(field))
          .map((field) => `${endpoint.meta.path}?${field}`),
    )
    expect(wanted.filter((parameter) => !tested.has(parameter))).toEqual([])
  })

  it('answers an empty list for a mode without orders and for an unknown strategy or symbol', async () => {
    expect((await list('/v1/orders', 'mode=BACKTEST')).data).toEqual([])
    expect((await list('/v1/orders', 'strategy_id=nobody')).data).toEqual([])
    expect((await list('/v1/positions', 'symbol=NOPE')).data).toEqual([])
  })

  it('lists strategies with status=all like without, and counts active ones over all in sight', async () => {
    expect(await list('/v1/strategies', 'status=all')).toEqual(await list('/v1/strategies'))
    const { meta } = (await get('/v1/strategies?status=inactive')).body as { meta: object }
    expect(meta).toEqual({ total_count: 2, active_count: 3 })
  })

  it('sums the metrics of one mode, or of both', async () => {
    const summary = async (query: string) => {
      const { body } = await get(`/v1/metrics/summary?period=all${query}`)
      return (body as { data: { active_positions: number; total_pnl: string; equity_curve: Row[] } }).data
    }
    const [both, paper, live] = [await summary(''), await summary('&mode=PAPER'), await summary('&mode=LIVE')]
    expect([both.active_positions, paper.active_positions, live.active_positions]).toEqual([4, 3, 1])
    expect(live.equity_curve.at(-1)).toEqual({ date: '2026-01-25', value: '50000.00' })
    expect(paper.total_pnl).toBe('654.05')
  })

  it.each([
    ['/v1/positions', 'opened_at'],
    ['/v1/orders', 'submitted_at'],
    ['/v1/alerts', 'created_at'],
    ['/v1/runs', 'created_at'],
  ])('%s is recent first, and its pages put together are the whole', async (path, column) => {
    const { data } = await list(path)
    const times = data.map((row) => String(row[column]))
    expect(times).toEqual([...times].sort().reverse())
    const pages: Row[] = []
    for (let page = 1; page <= Math.ceil(data.length / 2) + 1; page += 1) {
      const { body } = await get(`${path}?page=${page}&per_page=2`)
      const { data: rows, meta } = body as List
      expect(meta).toMatchObject({ page, per_page: 2, total_count: data.length })
      pages.push(...rows)
    }
    expect(pages).toEqual(data)
    expect(((await get(`${path}?page=1000`)).body as List).data).toEqual([])
  })

  describe('refuses', () => {
    const isV1 = (path: string) => path.startsWith('/v1')

    const UUID = '00000000-0000-4000-8000-000000000000'
    const IDS = { strategy_id: 'momentum_v1', service_name: 'database', position_id: UUID, run_id: UUID }

    const PARAMETERS = DOCUMENTED_GETS.flatMap((endpoint) =>
      queryFieldsOf(endpoint).map((field) => ({ endpoint, field, name: `${endpoint.meta.path}?${field}=` })),
    )

    it.each(PARAMETERS)('an empty $name', async ({ endpoint, field }) => {
      const { status, body } = await get(`${pathOf(endpoint, IDS)}?${field}=`)
      expect(status).toBe(400)
      const { error } = body as { error: string | { code: string; details: { field: string }[] } }
      if (typeof error === 'string')
        expect(['VALIDATION_ERROR', `INVALID_${field.toUpperCase()}`]).toContain(error)
      else expect(error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field }] })
    })

    it.each(PARAMETERS.filter(({ field }) => field === 'per_page'))(
      '$name 0 and 101',
      async ({ endpoint }) => {
        for (const size of ['0', '101', '-1', '1.5', 'ten']) {
          const { status } = await get(`${endpoint.meta.path}?per_page=${size}`)
          expect([size, status]).toEqual([size, 400])
        }
        expect((await get(`${endpoint.meta.path}?per_page=100`)).status).toBe(200)
      },
    )

    it.each([
      '/v1/metrics/summary?period=2w',
      '/v1/metrics/summary?mode=BACKTEST',
      '/v1/strategies?status=asleep',
      '/v1/strategies?mode=paper',
      '/v1/positions?mode=BACKTEST',
      '/v1/orders?status=filled',
      '/v1/orders?from_date=yesterday',
      '/v1/orders?from_date=2026-02-30',
      '/v1/orders?from_date=2026-01-22&to_date=2026-01-21',
      '/v1/runs?run_type=DEMO',
      '/v1/runs?status=DONE',
      '/v1/alerts?severity=BAD',
      '/v1/alerts?acknowledged=yes',
      '/v1/alerts?from_date=2026-01-22&to_date=2026-01-21',
    ])('%s', async (url) => {
      const { status, body } = await get(url)
      expect(status).toBe(400)
      expect(body).toMatchObject({ error: { code: 'VALIDATION_ERROR' } })
    })

    it.each(
      DOCUMENTED_GETS.filter(({ meta }) => isV1(meta.path)).map((endpoint) => [endpoint.meta.path, endpoint]),
    )('%s without a token', async (_path, endpoint) => {
      const { status } = await state.api.call('GET', pathOf(endpoint, IDS))
      expect(status).toBe(401)
    })

    it.each(['/v1/positions/{id}', '/v1/runs/{id}', '/v1/strategies/{id}', '/v1/health/services/{id}'])(
      '%s of nobody with 404, whatever it looks like',
      async (template) => {
        for (const id of [
          '00000000-0000-4000-8000-000000000000',
          'not-a-uuid',
          '%00',
          "'; drop table orders",
          '\u0000',
          'x'.repeat(200),
          '',
        ]) {
          const { status, body } = await get(template.replace('{id}', encodeURIComponent(id)))
          expect([id, status]).toEqual([id, 404])
          expect(body).toMatchObject({ error: { code: 'NOT_FOUND' } })
        }
      },
    )

    it.each([...new Set(DOCUMENTED.map(({ meta }) => meta.path))])('another method on %s', async (path) => {
      const served = methodsAt(path)
      const method =
        ['PUT', 'DELETE', 'POST', 'PATCH', 'GET'].find((candidate) => !served.includes(candidate)) ?? ''
      const { status, headers, body } = await state.api.call(method, path.replace(/\{\w+\}/, 'x'), {
        token: state.token,
      })
      expect([method, status]).toEqual([method, 405])
      const allowed = (headers.get('allow') ?? '').split(', ')
      expect(served.filter((one) => !allowed.includes(one))).toEqual([])
      expect(allowed).not.toContain(method)
      expect(body).toMatchObject({
        error: isV1(path) ? { code: 'METHOD_NOT_ALLOWED' } : 'METHOD_NOT_ALLOWED',
      })
    })
  })
})

function fieldsIn(query: string): string[] {
  return [...new URLSearchParams(query).keys()]
}
