import type { Row } from '../state.ts'
import { answerOf, rename, type Deviation } from './deviation.ts'

/** The form of answers. */
export const shape: readonly Deviation[] = [
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
    after: answerOf('get_metrics_summary', ({ body }) => (body.data.total_pnl = Number(body.data.total_pnl))),
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
    after: answerOf('get_risk_status', ({ body }) => Object.assign(body, body.limits, { limits: undefined })),
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
