import { answerOf, ignore, negated, type Deviation } from './deviation.ts'

/** What the values of answers mean. */
export const meaning: readonly Deviation[] = [
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
    after: answerOf('get_metrics_summary', ({ body }) => (body.data.equity_curve.at(-1).value = '112345.70')),
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
