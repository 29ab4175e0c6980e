import {
  type Row,
  type State,
  ACCESS_TOKEN,
  exampleOf,
  idAt,
  isoAt,
  LOGIN,
  range,
  rlExampleOf,
} from './state.ts'

/** A refusal: status, code and what the formats need. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly details: Row[]

  constructor(status: number, code: string, details: Row[] = []) {
    super(code)
    this.status = status
    this.code = code
    this.details = details
  }
}

export interface OperationContext {
  state: State
  nowMs: number
  /** The bearer token as it came. */
  bearer: string | null
}

export type Operation = (input: Row, context: OperationContext) => unknown

const DAY_MS = 86_400_000
const NOT_FOUND = () => new Refused(404, 'NOT_FOUND')

function invalid(field: string): Refused {
  return new Refused(400, 'VALIDATION_ERROR', [{ field, message: `${field} is not valid` }])
}

/** The rows that fit the filters of the input, recent first as they are kept. */
function select(rows: Row[], input: Row, timeField: string | null): Row[] {
  const notFields = new Set(['page', 'per_page', 'from_date', 'to_date'])
  const wanted = Object.entries(input).filter(([name, value]) => !notFields.has(name) && value !== 'all')
  const from = edge(input['from_date'], '00:00:00.000')
  const to = edge(input['to_date'], '23:59:59.999')
  if (from !== null && to !== null && from > to) throw invalid('from_date')
  return rows.filter((row) => {
    const at = Date.parse(String(row[timeField ?? '']))
    const isInTime = (from === null || at >= from) && (to === null || at <= to)
    return isInTime && wanted.every(([name, value]) => row[name] === value)
  })
}

function edge(text: unknown, time: string): number | null {
  if (typeof text !== 'string') return null
  return Date.parse(text.length === 10 ? `${text}T${time}Z` : text)
}

function page(rows: Row[], input: Row, meta: Row = {}) {
  const { page: number, per_page: size } = input as { page: number; per_page: number }
  const data = rows.slice((number - 1) * size, number * size)
  return { data, meta: { total_count: rows.length, page: number, per_page: size, ...meta } }
}

function find(rows: Row[], field: string, id: unknown): Row {
  const row = rows.find((one) => one[field] === id)
  if (row === undefined) throw NOT_FOUND()
  return row
}

function strategyDetail(row: Row): Row {
  const { data } = exampleOf('strategyDetail') as { data: Row }
  return { ...data, ...row }
}

function tokens({ state }: OperationContext): Row {
  state.serial += 1
  const refresh_token = `refresh-${state.serial}`
  state.refreshTokens.add(refresh_token)
  return {
    ...exampleOf('loginResponse'),
    access_token: ACCESS_TOKEN,
    refresh_token,
    refresh_expires_in: 604_800,
  }
}

const DAYS: Record<string, number> = { '1w': 7, '1m': 30, '3m': 90, '1y': 365, all: 400 }

function curve(period: string, nowMs: number): Row[] {
  const count = period === '1d' ? 25 : (DAYS[period] ?? 0)
  return range(count).map((index) => {
    const back = count - 1 - index
    const date = period === '1d' ? isoAt(nowMs - back * 3_600_000) : isoAt(nowMs - back * DAY_MS).slice(0, 10)
    return { date, value: (100_000 + (12_345.67 * index) / (count - 1)).toFixed(2) }
  })
}

function rlPositions({ state, nowMs }: OperationContext) {
  const [example = {}] = (rlExampleOf('positions') as { positions: Row[] }).positions
  const active = new Set(state.strategies.filter(isActive).map((row) => row['strategy_id']))
  const positions = state.positions
    .filter((row) => active.has(row['strategy_id']))
    .map((row, index) => ({
      ...example,
      position_id: index + 1,
      strategy_code: row['strategy_id'],
      symbol: row['symbol'],
    }))
  const total = 25.5 * positions.length
  return {
    timestamp: isoAt(nowMs),
    total_positions: positions.length,
    total_unrealized_pnl: total,
    positions,
  }
}

function isActive(row: Row): boolean {
  return row['status'] === 'active'
}

/** Correct answers of every operation of both documents, by operation id. */
export const OPERATIONS: Record<string, Operation> = {
  login: ({ email, password }, context) => {
    if (email !== LOGIN.email || password !== LOGIN.password) throw new Refused(401, 'INVALID_CREDENTIALS')
    return tokens(context)
  },
  refresh_token: (_input, context) => {
    if (!context.state.refreshTokens.delete(context.bearer ?? '')) throw new Refused(401, 'UNAUTHORIZED')
    const { token_type: _unused, ...answer } = tokens(context)
    return answer
  },
  get_metrics_summary: ({ period, mode }, { state, nowMs }) => {
    const { data } = exampleOf('metricsSummary') as { data: Row }
    const active_positions = select(state.positions, mode === undefined ? {} : { mode }, null).length
    const equity_curve = curve(String(period), nowMs)
    // The document's 15.23 is not what 12345.67 is of 100,000.
    const derived = { total_pnl_percent: '12.35', active_positions, equity_curve }
    return { data: { ...data, ...derived }, meta: { period, updated_at: isoAt(nowMs) } }
  },
  list_strategies: (input, { state }) => {
    const data = select(state.strategies, input, null)
    return {
      data,
      meta: { total_count: data.length, active_count: state.strategies.filter(isActive).length },
    }
  },
  get_strategy: ({ strategy_id }, { state }) => ({
    data: strategyDetail(find(state.strategies, 'strategy_id', strategy_id)),
  }),
  update_strategy: ({ strategy_id, ...changes }, { state }) => {
    const row = find(state.strategies, 'strategy_id', strategy_id)
    if (changes['status'] !== undefined) row['status'] = changes['status']
    return { message: 'Strategy updated successfully', data: strategyDetail(row) }
  },
  list_positions: (input, { state }) => {
    const rows = select(state.positions, input, 'opened_at')
    return page(rows, input, { total_unrealized_pnl: (555 * rows.length).toFixed(2) })
  },
  get_position: ({ position_id }, { state }) => {
    const { data } = exampleOf('positionDetail') as { data: Row }
    return { data: { ...data, ...find(state.positions, 'position_id', position_id) } }
  },
  list_orders: (input, { state }) => page(select(state.orders, input, 'submitted_at'), input),
  list_runs: (input, { state }) => page(select(state.runs, input, 'created_at'), input),
  get_run: ({ run_id }, { state }) => {
    const { data } = exampleOf('runDetail') as { data: Row }
    return { data: { ...data, ...find(state.runs, 'run_id', run_id) } }
  },
  create_run: ({ strategy_id, start_date, end_date }, { state, nowMs }) => {
    find(state.strategies, 'strategy_id', strategy_id)
    const { message, data } = exampleOf('runCreateResponse') as { message: string; data: Row }
    const run_id = idAt(state.runs.length, '3')
    const started = { status: 'RUNNING', run_type: 'BACKTEST', created_at: isoAt(nowMs), completed_at: null }
    state.runs.unshift({ ...state.runs[0], ...started, run_id, strategy_id, start_date, end_date })
    return { message, data: { ...data, run_id } }
  },
  list_alerts: (input, { state }) => {
    const unacknowledged_count = state.alerts.filter((row) => row['acknowledged'] === false).length
    return page(select(state.alerts, input, 'created_at'), input, { unacknowledged_count })
  },
  acknowledge_alert: ({ alert_id }, { state, nowMs }) => {
    const row = find(state.alerts, 'alert_id', alert_id)
    row['acknowledged'] = true
    row['acknowledged_at'] ??= isoAt(nowMs)
    const { message } = exampleOf('alertAcknowledgeResponse')
    return { message, data: { alert_id, acknowledged: true, acknowledged_at: row['acknowledged_at'] } }
  },
  set_kill_switch: ({ action, strategy_id }, { state, nowMs }) => {
    const row = find(state.strategies, 'strategy_id', strategy_id)
    const id = String(row['strategy_id'])
    const isOn = action === 'activate'
    if (isOn) state.switched.add(id)
    else state.switched.delete(id)
    const data = { kill_switch_active: isOn, affected_strategies: [id], activated_at: isoAt(nowMs) }
    return { message: `Kill switch ${isOn ? 'activated' : 'deactivated'} for ${id}`, data }
  },
  transition_mode: ({ strategy_id, from_mode, to_mode, approval_code }, { state, nowMs }) => {
    const row = find(state.strategies, 'strategy_id', strategy_id)
    if (row['mode'] !== from_mode) throw new Refused(409, 'CONFLICT')
    if (to_mode === 'LIVE' && approval_code === undefined) throw invalid('approval_code')
    if (to_mode === 'LIVE') throw new Refused(403, 'FORBIDDEN')
    row['mode'] = to_mode
    const data = { strategy_id, mode: to_mode, transitioned_at: isoAt(nowMs) }
    return { message: `Strategy transitioned to ${String(to_mode)} mode`, data }
  },
  get_health: () => exampleOf('health'),
  get_service_health: ({ service_name: service }, { nowMs }) => {
    const { services } = exampleOf('health') as { services: Record<string, Row> }
    const found = services[String(service)]
    if (found === undefined) throw NOT_FOUND()
    const checked_at = isoAt(nowMs)
    return { data: { service, ...found, checked_at, history: [{ status: 'healthy', checked_at }] } }
  },
  get_latest_signals: (_input, { nowMs }) => latestSignals(nowMs),
  get_performance: ({ period }, { state }) => {
    const { strategies, ...dates } = rlExampleOf('performance') as { strategies: Row[] }
    const rows = state.strategies.filter(isActive).map((row) => ({
      ...strategies[0],
      strategy_code: row['strategy_id'],
      strategy_name: row['name'],
    }))
    return { ...dates, period, strategies: rows }
  },
  get_open_positions: (_input, context) => rlPositions(context),
  get_risk_status: () => rlExampleOf('riskStatus'),
  get_model_health: () => rlExampleOf('modelHealth'),
}

/** The document's signal, five seconds old. */
export function latestSignals(nowMs: number) {
  const { signals, ...rest } = rlExampleOf('latestSignals') as {
    signals: (Row & { strategy_code: string })[]
  }
  const timestamp = isoAt(nowMs - 5_000)
  return { ...rest, timestamp: isoAt(nowMs), signals: signals.map((row) => ({ ...row, timestamp })) }
}
