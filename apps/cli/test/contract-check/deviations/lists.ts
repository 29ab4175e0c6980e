import type { Row } from '../state.ts'
import { answerOf, ignore, type Deviation } from './deviation.ts'

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

/** Filters, windows, order and pages. */
export const lists: readonly Deviation[] = [
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
