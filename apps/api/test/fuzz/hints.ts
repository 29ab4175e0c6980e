import { PASSWORD, type TestApi } from '../harness.ts'
import { sweepOf, type ResultIds } from '../harness/results.ts'
import { STUDIED } from './belongings.ts'
import type { Hints } from './schema-values.ts'

/** Values that a field is likely to be tried with: ids of what exists now, days with bars, the right password. */
export async function readHints(
  api: TestApi,
  token: string,
  results: ResultIds,
  belongings: Hints,
): Promise<Hints> {
  const idsAt = async (path: string, field: string): Promise<string[]> => {
    const { status, body } = await api.call('GET', path, { token })
    if (status !== 200) throw new Error(`GET ${path} answered ${status}`)
    const ids = (body as { data: Record<string, string>[] }).data.map((row) => String(row[field]))
    return ids.length > 0 ? ids : ['none']
  }
  const strategies = await idsAt('/v1/strategies', 'strategy_id')
  return {
    ...belongings,
    strategy_id: [...strategies.slice(0, 8), 'unknown_v1'],
    strategy_code: strategies.slice(0, 8),
    studied: [STUDIED],
    trading: [STUDIED, 'momentum_v1', 'reversal_v2'],
    traded: ['AAPL'],
    traded_price: ['155.80'],
    symbol: ['AAPL', 'MSFT', 'GOOG', 'TSLA', 'XYZ'],
    universe: [['AAPL'], ['AAPL', 'MSFT'], ['XYZ']],
    position_id: await idsAt('/v1/positions', 'position_id'),
    order_id: await idsAt('/v1/orders?per_page=100', 'order_id'),
    alert_id: await idsAt('/v1/alerts?per_page=100', 'alert_id'),
    run_id: [results.runId, ...(await idsAt('/v1/runs?per_page=20', 'run_id'))],
    ids: [`${results.runId},${results.otherRunId}`, results.runId],
    sweep_id: [results.sweepId],
    walk_forward_id: [results.walkForwardId],
    index: [0, 1],
    axes: [sweepOf('').axes],
    in_sample_days: [30],
    out_of_sample_days: [10, 30],
    api_key_id: await idsAt('/v1/api-keys', 'api_key_id'),
    // Not the admin who asks: that account must stay one.
    user_id: [api.users.trader.userId, api.users.viewer.userId],
    service_name: ['database', 'data_feed', 'broker_connection', 'redis', 'jobs', 'none'],
    email: ['trader@example.com', 'nobody@example.com'],
    password: [PASSWORD, 'wrong'],
    current_password: [PASSWORD, `another ${PASSWORD}`],
    new_password: [PASSWORD, `another ${PASSWORD}`],
    calendar: ['NYSE', 'FX', '24/7'],
    version: [1, 2],
    expires_at: ['2026-12-31T00:00:00Z', '2027-06-30T12:00:00+02:00'],
    timestamp: ['2026-01-25T22:30:00Z', '2026-01-25T17:35:00-05:00'],
    ip_allow_list: [['127.0.0.0/8', '::1'], ['10.0.0.1']],
    quantity: ['1', '5.00', '12'],
    order_type: ['LIMIT', 'MARKET', 'STOP'],
    time_in_force: ['GTC', 'OPG', 'DAY'],
    limit_price: ['155.80', '380.00'],
    stop_price: ['160'],
    stop_loss: ['150.00'],
    take_profit: ['170.00'],
    // What a backtest costs and has, so that its other fields decide.
    initial_capital: ['10000', '250000.00'],
    limits: [{ max_trades_per_day: 1 }],
    symbols: [['AAPL'], ['AAPL', 'MSFT']],
    parameters: [{}, { risk_per_trade_pct: '1.0' }],
    fees: ['1'],
    fee_per_unit: ['0.01'],
    minimum_fee: ['1'],
    slippage: ['2'],
    spread: ['1'],
    // A few weeks: the cheapest backtests that are backtests.
    start_date: ['2025-01-06', '2025-03-03'],
    end_date: ['2025-01-31', '2025-03-14', '2024-12-31'],
    from_date: ['2025-01-06', '2026-01-20T14:30:00Z'],
    to_date: ['2026-01-26', '2025-03-14'],
  }
}

/** Where the name of something that is there already is the wrong thing to try, alone or beside another. */
const UNLIKELY: Readonly<Record<string, string>> = {
  create_user: 'email',
  create_strategy: 'strategy_id',
  flatten_positions: 'strategy_id',
}
/** What a strategy is asked for that not every one can do, and where ids of another kind are likelier: field to hint. */
const RATHER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cancel_run: { run_id: 'waiting_run_id' },
  create_order: { strategy_id: 'trading', symbol: 'traded', limit_price: 'traded_price' },
  create_run: { strategy_id: 'trading' },
  create_sweep: { strategy_id: 'studied' },
  create_walk_forward: { strategy_id: 'studied' },
  flatten_positions: { symbol: 'halted', confirm: 'halted' },
}

export function hintsFor(id: string, hints: Hints): Hints {
  const kept = Object.entries(hints).filter(([field]) => UNLIKELY[id] !== field)
  const rather = Object.entries(RATHER[id] ?? {}).map(
    ([field, source]) => [field, hints[source] ?? []] as const,
  )
  return Object.fromEntries([...kept, ...rather])
}
