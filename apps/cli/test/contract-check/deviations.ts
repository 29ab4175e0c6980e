import type { Exchange, Request } from './answer.ts'
import { ACCESS_TOKEN, type Row } from './state.ts'

/** One thing that a server does otherwise than its documents say. */
export interface Deviation {
  readonly name: string
  /** The check that must fail. */
  readonly caughtBy: string
  readonly before?: (request: Request) => void
  readonly after?: (exchange: Exchange) => void
  readonly streamQuery?: (query: URLSearchParams) => void
  readonly greeting?: (messages: Row[]) => Row[]
  /** Null: the message is not sent. */
  readonly message?: (message: Row) => Row | null
  readonly pong?: string
  readonly refusal?: (refusal: { status: number; error: string }) => { status: number; error: string }
  readonly refusalBody?: unknown
}

type After = (exchange: Exchange) => void

/** Bends the answers of one operation that succeeded. */
function answerOf(operation: string, bend: After): After {
  return (exchange) => {
    if (exchange.operation === operation && exchange.status < 300) bend(exchange)
  }
}

/** Bends every answer of one status. */
function statusIs(status: number, bend: After): After {
  return (exchange) => {
    if (exchange.status === status) bend(exchange)
  }
}

function rename(row: Row, from: string, to: string): void {
  row[to] = row[from]
  delete row[from]
}

function ignore(path: string, ...parameters: string[]): (request: Request) => void {
  return ({ path: asked, query }) => {
    if (asked === path) for (const name of parameters) query.delete(name)
  }
}

function negated(text: string): string {
  return text.replace(/^-/, '')
}

function shape(): Deviation[] {
  return [
    {
      name: 'a renamed field',
      caughtBy: 'v1.positions.list',
      after: answerOf('list_positions', ({ body }) => {
        for (const row of body.data) rename(row, 'unrealized_pnl', 'unrealised_pnl')
      }),
    },
    {
      name: 'a number instead of a decimal string',
      caughtBy: 'v1.metrics.summary',
      after: answerOf(
        'get_metrics_summary',
        ({ body }) => (body.data.total_pnl = Number(body.data.total_pnl)),
      ),
    },
    {
      name: 'a decimal string instead of a number',
      caughtBy: 'rl.performance.get',
      after: answerOf('get_performance', ({ body }) => (body.strategies[0].sharpe_ratio = '1.52')),
    },
    {
      name: 'one decimal place',
      caughtBy: 'v1.orders.list',
      after: answerOf('list_orders', ({ body }) => body.data.forEach((row: Row) => (row['fees'] = '1.2'))),
    },
    {
      name: 'missing meta',
      caughtBy: 'v1.runs.list',
      after: answerOf('list_runs', ({ body }) => delete body.meta),
    },
    {
      name: 'a missing field',
      caughtBy: 'v1.strategies.list',
      after: answerOf('list_strategies', ({ body }) => delete body.data[0]?.description),
    },
    {
      name: 'a detail without its own fields',
      caughtBy: 'v1.positions.get',
      after: answerOf('get_position', ({ body }) => delete body.data.risk_metrics),
    },
    {
      name: 'a detail without the fields of its list',
      caughtBy: 'v1.strategies.superset',
      after: answerOf('get_strategy', ({ body }) => delete body.data.universe_size),
    },
    {
      name: 'a run without the fields of its list',
      caughtBy: 'v1.runs.superset',
      after: answerOf('get_run', ({ body }) => delete body.data.report_url),
    },
    {
      name: 'the detail of another one',
      caughtBy: 'v1.runs.get',
      after: answerOf('get_run', ({ body }) => (body.data.run_id = 'another')),
    },
    {
      name: 'an unknown word of an enum',
      caughtBy: 'v1.health.get',
      after: answerOf('get_health', ({ body }) => (body.status = 'fine')),
    },
    {
      name: 'another service than asked for',
      caughtBy: 'v1.health.service',
      after: answerOf('get_service_health', ({ body }) => (body.data.service = 'jobs')),
    },
    {
      name: 'local time without Z',
      caughtBy: 'v1.alerts.list',
      after: answerOf('list_alerts', ({ body }) => {
        for (const row of body.data) row.created_at = row.created_at.replace('Z', '')
      }),
    },
    {
      name: 'an offset instead of Z',
      caughtBy: 'rl.signals.latest',
      after: answerOf(
        'get_latest_signals',
        ({ body }) => (body.timestamp = body.timestamp.replace('Z', '+00:00')),
      ),
    },
    {
      name: 'a fraction of positions',
      caughtBy: 'rl.positions.list',
      after: answerOf('get_open_positions', ({ body }) => (body.total_positions = 1.5)),
    },
    {
      name: 'limits beside limits',
      caughtBy: 'rl.risk.status',
      after: answerOf('get_risk_status', ({ body }) =>
        Object.assign(body, body.limits, { limits: undefined }),
      ),
    },
    {
      name: 'models by name instead of in a list',
      caughtBy: 'rl.monitor.health',
      after: answerOf('get_model_health', ({ body }) => (body.models = { ppo_v1: body.models[0] })),
    },
    {
      name: 'JSON as text/plain',
      caughtBy: 'v1.strategies.get',
      after: answerOf('get_strategy', ({ headers }) => (headers['content-type'] = 'text/plain')),
    },
  ]
}

function meaning(): Deviation[] {
  return [
    {
      name: 'positive drawdown in v1',
      caughtBy: 'v1.metrics.signs',
      after: answerOf(
        'get_metrics_summary',
        ({ body }) => (body.data.max_drawdown = negated(body.data.max_drawdown)),
      ),
    },
    {
      name: 'win rate in percent',
      caughtBy: 'v1.strategies.signs',
      after: answerOf('get_strategy', ({ body }) => (body.data.performance.win_rate = '62.00')),
    },
    {
      name: 'the P&L of the summary as a fraction',
      caughtBy: 'v1.metrics.percent',
      after: answerOf('get_metrics_summary', ({ body }) => (body.data.total_pnl_percent = '0.12')),
    },
    {
      name: 'the P&L of a position as a fraction',
      caughtBy: 'v1.positions.percent',
      after: answerOf('list_positions', ({ body }) => {
        for (const row of body.data) row.unrealized_pnl_pct = '0.04'
      }),
    },
    {
      name: 'the P&L of an rl position as a fraction',
      caughtBy: 'rl.positions.percent',
      after: answerOf('get_open_positions', ({ body }) => (body.positions[0].unrealized_pnl_pct = 0.0024)),
    },
    {
      name: 'a return as a fraction',
      caughtBy: 'rl.performance.percent',
      after: answerOf('get_performance', ({ body }) => (body.strategies[0].total_return_pct = 0.055)),
    },
    {
      name: 'positive drawdown of a run',
      caughtBy: 'v1.runs.signs',
      after: answerOf(
        'get_run',
        ({ body }) => (body.data.metrics.max_drawdown = negated(body.data.metrics.max_drawdown)),
      ),
    },
    {
      name: 'positive drawdown in /api/performance',
      caughtBy: 'rl.performance.signs',
      after: answerOf('get_performance', ({ body }) => (body.strategies[0].max_drawdown_pct = 8.2)),
    },
    {
      name: 'negative drawdown in the risk status',
      caughtBy: 'rl.risk.signs',
      after: answerOf('get_risk_status', ({ body }) => (body.current_drawdown_pct = -3.2)),
    },
    {
      name: 'a cooldown without an end',
      caughtBy: 'rl.risk.cooldown',
      after: answerOf('get_risk_status', ({ body }) => (body.cooldown_active = true)),
    },
    {
      name: 'a critical model in a healthy whole',
      caughtBy: 'rl.monitor.overall',
      after: answerOf('get_model_health', ({ body }) => (body.models[0].status = 'critical')),
    },
    {
      name: 'LONG that sells',
      caughtBy: 'rl.signals.sides',
      after: answerOf('get_latest_signals', ({ body }) => (body.signals[0].side = 'sell')),
    },
    {
      name: 'an age in minutes',
      caughtBy: 'rl.signals.age',
      after: answerOf('get_latest_signals', ({ body }) => (body.signals[0].age_seconds = 300)),
    },
    {
      name: 'a total that is not the sum',
      caughtBy: 'v1.positions.total-pnl',
      after: answerOf('list_positions', ({ body }) => (body.meta.total_unrealized_pnl = '1234.56')),
    },
    {
      name: 'an rl total that is not the sum',
      caughtBy: 'rl.positions.totals',
      after: answerOf('get_open_positions', ({ body }) => (body.total_unrealized_pnl += 1)),
    },
    {
      name: 'an equity curve that does not end in the P&L',
      caughtBy: 'v1.metrics.equity-rule',
      after: answerOf(
        'get_metrics_summary',
        ({ body }) => (body.data.equity_curve.at(-1).value = '112345.70'),
      ),
    },
    {
      name: 'two points of one day',
      caughtBy: 'v1.metrics.equity-points',
      after: answerOf('get_metrics_summary', ({ body }) =>
        body.data.equity_curve.push(body.data.equity_curve.at(-1)),
      ),
    },
    {
      name: 'a missing hour in the curve of 1d',
      caughtBy: 'v1.metrics.equity-points',
      after: answerOf('get_metrics_summary', ({ body }) => {
        if (body.meta.period === '1d') body.data.equity_curve.splice(7, 1)
      }),
    },
    {
      name: 'days in the curve of 1d',
      caughtBy: 'v1.metrics.equity-points',
      after: answerOf('get_metrics_summary', ({ body }) => {
        for (const point of body.data.equity_curve) point.date = point.date.slice(0, 10)
      }),
    },
    {
      name: 'positions of one mode in the summary of all',
      caughtBy: 'v1.metrics.positions',
      after: answerOf('get_metrics_summary', ({ body }) => (body.data.active_positions = 3)),
    },
    {
      name: 'a mode that the summary ignores',
      caughtBy: 'v1.metrics.modes',
      before: ignore('/v1/metrics/summary', 'mode'),
    },
    {
      name: 'families that count differently',
      caughtBy: 'v1.agrees.positions',
      after: answerOf('get_open_positions', ({ body }) => {
        const { unrealized_pnl } = body.positions.pop()
        body.total_positions -= 1
        body.total_unrealized_pnl -= unrealized_pnl
      }),
    },
    {
      name: 'another name in the other family',
      caughtBy: 'v1.agrees.strategies',
      after: answerOf('get_performance', ({ body }) => (body.strategies[0].strategy_name = 'PPO')),
    },
    {
      name: 'inactive strategies counted as active',
      caughtBy: 'v1.strategies.counts',
      after: answerOf('list_strategies', ({ body }) => (body.meta.active_count = body.meta.total_count)),
    },
    {
      name: 'unacknowledged counted after the filter',
      caughtBy: 'v1.alerts.counts',
      after: answerOf('list_alerts', ({ body, request }) => {
        if (request.query.get('acknowledged') === 'true') body.meta.unacknowledged_count = 0
      }),
    },
  ]
}

function lists(): Deviation[] {
  const filters = [
    ['/v1/strategies', 'status', 'v1.strategies.filter.status'],
    ['/v1/strategies', 'mode', 'v1.strategies.filter.mode'],
    ['/v1/positions', 'strategy_id', 'v1.positions.filter.strategy_id'],
    ['/v1/positions', 'symbol', 'v1.positions.filter.symbol'],
    ['/v1/positions', 'mode', 'v1.positions.filter.mode'],
    ['/v1/orders', 'strategy_id', 'v1.orders.filter.strategy_id'],
    ['/v1/orders', 'status', 'v1.orders.filter.status'],
    ['/v1/orders', 'mode', 'v1.orders.filter.mode'],
    ['/v1/orders', 'from_date', 'v1.orders.filter.dates'],
    ['/v1/orders', 'to_date', 'v1.orders.filter.dates'],
    ['/v1/runs', 'strategy_id', 'v1.runs.filter.strategy_id'],
    ['/v1/runs', 'run_type', 'v1.runs.filter.run_type'],
    ['/v1/runs', 'status', 'v1.runs.filter.status'],
    ['/v1/alerts', 'severity', 'v1.alerts.filter.severity'],
    ['/v1/alerts', 'acknowledged', 'v1.alerts.filter.acknowledged'],
    ['/v1/alerts', 'from_date', 'v1.alerts.filter.dates'],
    ['/v1/alerts', 'to_date', 'v1.alerts.filter.dates'],
  ] as const
  const paged = ['positions', 'orders', 'runs', 'alerts']
  return [
    ...filters.map(([path, name, caughtBy]) => ({
      name: `${name} of ${path} ignored`,
      caughtBy,
      before: ignore(path, name),
    })),
    ...paged.flatMap((list) => pageDeviations(list)),
    {
      name: 'to_date that is exclusive',
      caughtBy: 'v1.alerts.filter.dates',
      after: answerOf('list_alerts', ({ body, request }) => {
        const to = request.query.get('to_date')
        body.data = body.data.filter((row: Row) => row['created_at'] !== to)
      }),
    },
    {
      name: 'reversed dates give an empty list',
      caughtBy: 'v1.orders.reversed-dates',
      before: ({ query }) => {
        if (query.get('from_date') === '2026-02-01') query.delete('to_date')
      },
    },
    {
      name: 'a day that does not exist is taken',
      caughtBy: 'v1.alerts.reversed-dates',
      before: ({ query }) => {
        if (query.get('from_date') === '2026-02-30') query.set('from_date', '2026-03-02')
      },
    },
    {
      name: 'active strategies only by default',
      caughtBy: 'v1.strategies.default-status',
      before: ({ path, query }) => {
        if (path === '/v1/strategies' && !query.has('status')) query.set('status', 'active')
      },
    },
    {
      name: 'another default period',
      caughtBy: 'v1.metrics.default-period',
      before: ({ path, query }) => {
        if (path === '/v1/metrics/summary' && !query.has('period')) query.set('period', 'all')
      },
    },
    {
      name: 'another rl default period',
      caughtBy: 'rl.performance.default-period',
      before: ({ path, query }) => {
        if (path === '/api/performance' && !query.has('period')) query.set('period', '30d')
      },
    },
    {
      name: 'a period that is always 1m',
      caughtBy: 'v1.metrics.periods',
      after: answerOf('get_metrics_summary', ({ body }) => (body.meta.period = '1m')),
    },
    {
      name: 'an rl window that is not in whole days',
      caughtBy: 'rl.performance.periods',
      after: answerOf('get_performance', ({ body }) => (body.start_date = '2025-12-08T16:30:00Z')),
    },
  ]
}

function pageDeviations(list: string): Deviation[] {
  const path = `/v1/${list}`
  const operation = `list_${list}`
  return [
    {
      name: `page 2 of ${list} repeats page 1`,
      caughtBy: `v1.${list}.pages`,
      after: answerOf(operation, ({ body, request }) => {
        if (request.query.get('page') === '2') body.meta.page = 2
      }),
      before: ({ path: asked, query }) => {
        if (asked === path && query.get('page') === '2') query.append('page', '1')
      },
    },
    {
      name: `total_count of ${list} counts the page`,
      caughtBy: `v1.${list}.pages`,
      after: answerOf(operation, ({ body }) => (body.meta.total_count = body.data.length)),
    },
    {
      name: `${list} oldest first`,
      caughtBy: `v1.${list}.recent-first`,
      after: answerOf(operation, ({ body }) => body.data.reverse()),
    },
    {
      name: `per_page=101 of ${list} accepted`,
      caughtBy: `v1.${list}.per-page-101`,
      before: ({ path: asked, query }) => {
        if (asked === path && query.get('per_page') === '101') query.set('per_page', '100')
      },
    },
    {
      name: `page=0 of ${list} accepted`,
      caughtBy: `v1.${list}.page-0`,
      before: ({ path: asked, query }) => {
        if (asked === path && query.get('page') === '0') query.set('page', '1')
      },
    },
    {
      name: `50 ${list} by default`,
      caughtBy: `v1.${list}.page-defaults`,
      before: ({ path: asked, query }) => {
        if (asked === path && !query.has('per_page')) query.set('per_page', '50')
      },
    },
  ]
}

/** Enum parameters of v1: a server that does not look. */
function enums(): Deviation[] {
  const parameters = [
    ['/v1/metrics/summary', 'period'],
    ['/v1/metrics/summary', 'mode'],
    ['/v1/strategies', 'status'],
    ['/v1/strategies', 'mode'],
    ['/v1/positions', 'mode'],
    ['/v1/orders', 'status'],
    ['/v1/orders', 'mode'],
    ['/v1/runs', 'run_type'],
    ['/v1/runs', 'status'],
    ['/v1/alerts', 'severity'],
    ['/v1/alerts', 'acknowledged'],
  ] as const
  return parameters.map(([path, name]) => ({
    name: `a nonsensical ${name} of ${path} accepted`,
    caughtBy: `v1.${path.slice(4).replaceAll('/', '.')}.enum.${name}`,
    before: ({ path: asked, query }) => {
      if (asked === path && /nonsense/.test(query.get(name) ?? '')) query.delete(name)
    },
  }))
}

function errors(): Deviation[] {
  const isV1 = ({ request }: Exchange) => !request.path.startsWith('/api')
  return [
    {
      name: '422 instead of 400',
      caughtBy: 'v1.errors.missing-field',
      after: statusIs(400, (exchange) => (exchange.status = 422)),
    },
    {
      name: 'an HTML error page',
      caughtBy: 'v1.errors.unknown-path',
      after: statusIs(404, (exchange) => {
        exchange.headers['content-type'] = 'text/html'
        exchange.body = '<h1>Not Found</h1>'
      }),
    },
    {
      name: '404 of rl in the v1 format',
      caughtBy: 'rl.errors.unknown-path',
      after: statusIs(404, (exchange) => {
        exchange.body = { error: { code: 'NOT_FOUND', message: 'x', details: [] }, request_id: 'x' }
      }),
    },
    {
      name: '404 of v1 in the rl format',
      caughtBy: 'v1.errors.unknown-path',
      after: statusIs(404, (exchange) => {
        exchange.body = { error: 'NOT_FOUND', message: 'x', timestamp: '2026-01-07T16:30:00Z' }
      }),
    },
    {
      name: 'errors of v1 without request_id',
      caughtBy: 'v1.errors.unknown-id',
      after: statusIs(404, (exchange) => {
        if (isV1(exchange)) delete exchange.body.request_id
      }),
    },
    {
      name: 'an unknown id is a bad request',
      caughtBy: 'v1.errors.unknown-id',
      after: statusIs(404, (exchange) => {
        if (exchange.operation !== null) exchange.status = 400
      }),
    },
    {
      name: '405 without Allow',
      caughtBy: 'v1.errors.method',
      after: statusIs(405, ({ headers }) => delete headers['allow']),
    },
    {
      name: 'an Allow that forgets PATCH',
      caughtBy: 'v1.errors.method',
      after: statusIs(405, ({ headers }) => (headers['allow'] = 'GET')),
    },
    {
      name: '404 for a wrong method',
      caughtBy: 'rl.errors.method',
      after: statusIs(405, (exchange) => (exchange.status = 404)),
    },
    {
      name: 'INVALID_PERIOD without the allowed ones',
      caughtBy: 'rl.performance.invalid-period',
      after: statusIs(400, ({ body }) => delete body.details?.allowed),
    },
    {
      name: 'INVALID_PERIOD in other words',
      caughtBy: 'rl.performance.invalid-period',
      after: statusIs(400, ({ body }) => (body.message = 'Unknown period')),
    },
    {
      name: 'an empty rl period is the default',
      caughtBy: 'rl.performance.empty-period',
      before: dropEmpty,
    },
    { name: 'an empty parameter is none', caughtBy: 'v1.errors.empty-parameter', before: dropEmpty },
    {
      name: 'an unknown parameter is refused',
      caughtBy: 'v1.errors.unknown-parameter',
      after: (exchange) => {
        if (exchange.request.query.has('contract-check-nonsense')) exchange.status = 400
      },
    },
    {
      name: 'malformed JSON is a server error',
      caughtBy: 'v1.errors.malformed-json',
      after: (exchange) => {
        if (exchange.body?.error?.code === 'INVALID_JSON') exchange.status = 500
      },
    },
    {
      name: 'another content type is a bad request',
      caughtBy: 'v1.errors.content-type',
      after: statusIs(415, (exchange) => (exchange.status = 400)),
    },
    {
      name: 'a large body is a bad request',
      caughtBy: 'v1.errors.too-large',
      after: statusIs(413, (exchange) => (exchange.status = 400)),
    },
    {
      name: 'an unknown body key is ignored',
      caughtBy: 'v1.errors.unknown-key',
      before: (request) => (request.text = request.text.replace(/,?"contract-check-nonsense":1/, '')),
    },
    {
      name: 'the request id is always ours',
      caughtBy: 'v1.errors.request-id',
      before: ({ headers }) => delete headers['x-request-id'],
    },
    {
      name: 'any request id is echoed',
      caughtBy: 'v1.errors.request-id',
      after: ({ headers, request }) => (headers['x-request-id'] = request.headers['x-request-id'] ?? 'x'),
    },
    {
      name: 'rl echoes no request id',
      caughtBy: 'rl.errors.request-id',
      after: ({ headers }) => delete headers['x-request-id'],
    },
    {
      name: 'a GET must not name a content type',
      caughtBy: 'v1.errors.get-with-content-type',
      after: refuseTyped,
    },
    {
      name: 'an rl GET must not name a content type',
      caughtBy: 'rl.errors.get-with-content-type',
      after: refuseTyped,
    },
  ]
}

function dropEmpty({ query }: Request): void {
  for (const [name, value] of [...query]) if (value === '') query.delete(name)
}

function refuseTyped(exchange: Exchange): void {
  if (exchange.request.method === 'GET' && exchange.request.headers['content-type'] !== undefined)
    exchange.status = 415
}

function access(): Deviation[] {
  return [
    {
      name: 'a login failure as an error object',
      caughtBy: 'v1.auth.login-failure',
      after: statusIs(401, (exchange) => {
        if (exchange.operation === 'login') exchange.body = { error: 'Invalid credentials' }
      }),
    },
    {
      name: 'token_type with a capital',
      caughtBy: 'v1.auth.login',
      after: answerOf('login', ({ body }) => (body.token_type = 'Bearer')),
    },
    {
      name: 'a refresh token that stays',
      caughtBy: 'v1.auth.refresh',
      after: answerOf('refresh_token', ({ body, request }) => {
        body.refresh_token = request.headers['authorization']?.slice('Bearer '.length)
      }),
    },
    {
      name: 'a refresh without expires_in',
      caughtBy: 'v1.auth.refresh',
      after: answerOf('refresh_token', ({ body }) => delete body.expires_in),
    },
    {
      name: 'a wrong refresh token is forbidden',
      caughtBy: 'v1.auth.refresh-refused',
      after: statusIs(401, (exchange) => {
        if (exchange.operation === 'refresh_token') exchange.status = 403
      }),
    },
    {
      name: 'orders without a token',
      caughtBy: 'v1.auth.required',
      before: ({ path, headers }) => {
        if (path === '/v1/orders') headers['authorization'] = `Bearer ${ACCESS_TOKEN}`
      },
    },
    {
      name: 'any token opens rl',
      caughtBy: 'rl.auth.token',
      before: ({ path, headers }) => {
        if (path.startsWith('/api')) delete headers['authorization']
      },
    },
  ]
}

function transport(): Deviation[] {
  const noHead = (exchange: Exchange) => {
    if (exchange.request.method === 'HEAD') exchange.status = 405
  }
  return [
    { name: 'no HEAD', caughtBy: 'v1.http.head', after: noHead },
    { name: 'no HEAD in rl', caughtBy: 'rl.http.head', after: noHead },
    {
      name: 'a preflight without PATCH',
      caughtBy: 'v1.http.cors',
      after: statusIs(204, ({ headers }) => (headers['access-control-allow-methods'] = 'GET, POST')),
    },
    {
      name: 'no origin is allowed',
      caughtBy: 'rl.http.cors',
      after: ({ headers }) => delete headers['access-control-allow-origin'],
    },
    {
      name: 'an OpenAPI document without acknowledge',
      caughtBy: 'v1.docs.openapi',
      after: ({ request, body }) => {
        if (request.path === '/openapi.json') delete body.paths['/v1/alerts/{alert_id}/acknowledge']
      },
    },
    ...['docs', 'redoc'].map((page): Deviation => ({
      name: `no /${page}`,
      caughtBy: `v1.docs.${page}`,
      after: (exchange) => {
        if (exchange.request.path === `/${page}`) exchange.status = 404
      },
    })),
  ]
}

function limits(): Deviation[] {
  const noHeaders: After = ({ headers }) => {
    for (const name of ['limit', 'remaining', 'reset']) delete headers[`x-ratelimit-${name}`]
  }
  return [
    { name: 'no rate-limit headers', caughtBy: 'v1.limits.headers', after: noHeaders },
    { name: 'no rate-limit headers in rl', caughtBy: 'rl.limits.headers', after: noHeaders },
    {
      name: 'Reset as seconds left',
      caughtBy: 'v1.limits.headers',
      after: ({ headers }) => (headers['x-ratelimit-reset'] = '42'),
    },
    {
      name: 'Reset in milliseconds',
      caughtBy: 'rl.limits.headers',
      after: ({ headers }) => (headers['x-ratelimit-reset'] += '000'),
    },
    {
      name: 'a Remaining that never falls',
      caughtBy: 'v1.limits.remaining',
      after: ({ headers }) => (headers['x-ratelimit-remaining'] = '99'),
    },
    {
      name: '429 without retry_after',
      caughtBy: 'v1.limits.429',
      after: statusIs(429, ({ body }) => delete body.error.retry_after),
    },
    {
      name: '429 with the shape of other errors',
      caughtBy: 'v1.limits.429',
      after: statusIs(429, ({ body }) => (body.error.details = [])),
    },
    {
      name: '429 without Retry-After',
      caughtBy: 'v1.limits.429',
      after: statusIs(429, ({ headers }) => delete headers['retry-after']),
    },
    {
      name: 'no limit for runs',
      caughtBy: 'v1.limits.429',
      before: (request) => (request.isCounted = request.path !== '/v1/runs'),
    },
    {
      name: 'the limit of reads for controls',
      caughtBy: 'v1.limits.controls',
      after: ({ request, headers }) => {
        if (request.path.startsWith('/v1/controls')) headers['x-ratelimit-limit'] = '100'
      },
    },
  ]
}

function writes(): Deviation[] {
  return [
    {
      name: '200 instead of 202',
      caughtBy: 'v1.runs.create',
      after: answerOf('create_run', (exchange) => (exchange.status = 200)),
    },
    {
      name: 'a started run in other words',
      caughtBy: 'v1.runs.create',
      after: answerOf('create_run', ({ body }) => (body.message = 'Run started')),
    },
    {
      name: 'a started run that nobody finds',
      caughtBy: 'v1.runs.create',
      after: answerOf(
        'create_run',
        ({ body }) => (body.data.run_id = '30000000-0000-4000-8000-00000000dead'),
      ),
    },
    {
      name: 'an update in other words',
      caughtBy: 'v1.strategies.update',
      after: answerOf('update_strategy', ({ body }) => (body.message = 'ok')),
    },
    {
      name: 'a mode that can be patched',
      caughtBy: 'v1.strategies.update-refused',
      before: (request) => {
        if (request.method === 'PATCH') request.text = request.text.replace(/"mode":"[A-Z]+"/, '')
      },
    },
    {
      name: 'an acknowledgement that needs a body',
      caughtBy: 'v1.alerts.acknowledge',
      after: answerOf('acknowledge_alert', (exchange) => {
        if (exchange.request.text === '') exchange.status = 415
      }),
    },
    {
      name: 'an acknowledgement that moves its time',
      caughtBy: 'v1.alerts.acknowledge',
      after: answerOf(
        'acknowledge_alert',
        ({ body }) => (body.data.acknowledged_at = new Date().toISOString()),
      ),
    },
    {
      name: 'a kill switch that stays on',
      caughtBy: 'v1.controls.killSwitch',
      after: answerOf('set_kill_switch', ({ body }) => (body.data.kill_switch_active = true)),
    },
    {
      name: 'a kill switch that names another strategy',
      caughtBy: 'v1.controls.killSwitch',
      after: answerOf('set_kill_switch', ({ body }) => (body.data.affected_strategies = [])),
    },
    {
      name: 'a transition in other words',
      caughtBy: 'v1.controls.modeTransition',
      after: answerOf('transition_mode', ({ body }) => (body.message = 'done')),
    },
    {
      name: 'a wrong approval code is a bad request',
      caughtBy: 'v1.controls.approval',
      after: statusIs(403, (exchange) => (exchange.status = 400)),
    },
  ]
}

function stream(): Deviation[] {
  const isType = (type: string) => (message: Row) => message['type'] === type
  const inData = (type: string, bend: (data: Row) => void) => (message: Row) => {
    if (isType(type)(message)) bend(message['data'] as Row)
    return message
  }
  return [
    {
      name: 'heartbeats without connected_clients',
      caughtBy: 'stream.heartbeat',
      message: inData('heartbeat', (data) => delete data['connected_clients']),
    },
    {
      name: 'heartbeats that count nobody',
      caughtBy: 'stream.heartbeat',
      message: inData('heartbeat', (data) => (data['connected_clients'] = 0)),
    },
    {
      name: 'no heartbeat',
      caughtBy: 'stream.heartbeat',
      message: (message) => (isType('heartbeat')(message) ? null : message),
    },
    {
      name: 'a market status without its type',
      caughtBy: 'stream.connect',
      message: (message) => (isType('market_status')(message) ? { ...message, type: 'market' } : message),
    },
    {
      name: 'no market status on connect',
      caughtBy: 'stream.market-status-first',
      message: (message) => (isType('market_status')(message) ? null : message),
    },
    { name: 'pong as JSON', caughtBy: 'stream.ping', pong: '{"type":"heartbeat"}' },
    {
      name: 'signals without a price',
      caughtBy: 'stream.snapshot',
      message: inData('signal', (data) => delete data['price']),
    },
    {
      name: 'snapshot ignored',
      caughtBy: 'stream.snapshot',
      streamQuery: (query) => query.delete('snapshot'),
    },
    {
      name: 'old signals to everybody',
      caughtBy: 'stream.no-snapshot',
      streamQuery: (query) => {
        if (!query.has('since')) query.set('since', '0')
      },
    },
    { name: 'since ignored', caughtBy: 'stream.since', streamQuery: (query) => query.delete('since') },
    {
      name: 'since that is inclusive',
      caughtBy: 'stream.since',
      streamQuery: (query) => {
        const since = Number(query.get('since'))
        if (since > 0) query.set('since', String(since - 1))
      },
    },
    {
      name: 'a replay that skips the first',
      caughtBy: 'stream.since',
      greeting: ([market = {}, _skipped, ...rest]) => [market, ...rest],
    },
    {
      name: 'an invalid since is ignored',
      caughtBy: 'stream.since-invalid',
      streamQuery: (query) => {
        if (!/^\d+$/.test(query.get('since') ?? '')) query.delete('since')
      },
    },
    {
      name: 'an unknown stream is a bad request',
      caughtBy: 'stream.unknown-path',
      refusal: (refusal) => ({ ...refusal, status: 400 }),
    },
    {
      name: 'a refused stream in the v1 format',
      caughtBy: 'stream.unknown-path',
      refusalBody: { error: { code: 'NOT_FOUND', message: 'x', details: [] }, request_id: 'x' },
    },
  ]
}

export const DEVIATIONS: readonly Deviation[] = [
  ...shape(),
  ...meaning(),
  ...lists(),
  ...enums(),
  ...errors(),
  ...access(),
  ...transport(),
  ...limits(),
  ...writes(),
  ...stream(),
]
