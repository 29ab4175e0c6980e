import { rlFixtures, v1Fixtures } from '@quantdeck/contracts/fixtures'

export type Row = Record<string, unknown>

const HOUR_MS = 3_600_000
const MODES = ['PAPER', 'LIVE'] as const

/** What the server knows. Every row begins as the document's own example. */
export interface State {
  strategies: Row[]
  positions: Row[]
  orders: Row[]
  runs: Row[]
  alerts: Row[]
  /** Scopes whose kill switch is on. */
  switched: Set<string>
  refreshTokens: Set<string>
  /** Requests of each rate-limit class. */
  requests: Map<string, number>
  serial: number
}

export const LOGIN = { email: 'user@example.com', password: 'correct horse battery' }
export const ACCESS_TOKEN = 'access-token'

export function newState(nowMs: number): State {
  return {
    strategies: makeStrategies(),
    positions: range(5).map((index) => makePosition(index, nowMs)),
    orders: range(45).map((index) => makeOrder(index, nowMs)),
    runs: range(7).map((index) => makeRun(index, nowMs)),
    alerts: range(9).map((index) => makeAlert(index, nowMs)),
    switched: new Set(),
    refreshTokens: new Set(),
    requests: new Map(),
    serial: 0,
  }
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index)
}

/** What a document's example answers with. */
export function exampleOf(name: keyof typeof v1Fixtures): Row {
  return structuredClone(v1Fixtures[name].value) as Row
}

export function rlExampleOf(name: keyof typeof rlFixtures): Row {
  return structuredClone(rlFixtures[name].value) as Row
}

export function isoAt(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

export function idAt(index: number, kind: string): string {
  return `${kind}${String(index).padStart(7, '0')}-0000-4000-8000-000000000000`.slice(-36)
}

function firstRow(name: keyof typeof v1Fixtures): Row {
  const { data } = exampleOf(name) as { data: Row[] }
  return data[0] ?? {}
}

function pick<T>(values: readonly T[], index: number): T {
  return values[index % values.length] as T
}

function makeStrategies(): Row[] {
  const variants: Row[] = [
    {},
    { strategy_id: 'live_v1', name: 'Live V1', mode: 'LIVE' },
    { strategy_id: 'idle_v1', name: 'Idle V1', mode: 'BACKTEST', status: 'inactive' },
    { strategy_id: 'paused_v1', name: 'Paused V1', status: 'inactive' },
  ]
  return variants.map((variant) => ({ ...firstRow('strategyList'), ...variant }))
}

function makePosition(index: number, nowMs: number): Row {
  return {
    ...firstRow('positionList'),
    position_id: idAt(index, '1'),
    strategy_id: pick(['momentum_v1', 'live_v1'], index),
    symbol: pick(['AAPL', 'AAPL', 'MSFT'], index),
    mode: pick(MODES, index),
    opened_at: isoAt(nowMs - (index + 1) * 5 * HOUR_MS),
  }
}

function makeOrder(index: number, nowMs: number): Row {
  return {
    ...firstRow('orderList'),
    order_id: idAt(index, '2'),
    strategy_id: pick(['momentum_v1', 'live_v1'], index),
    status: pick(['FILLED', 'PENDING', 'SUBMITTED', 'CANCELLED', 'REJECTED'], index),
    mode: pick(MODES, index),
    submitted_at: isoAt(nowMs - (index + 1) * 2 * HOUR_MS),
  }
}

function makeRun(index: number, nowMs: number): Row {
  return {
    ...firstRow('runList'),
    run_id: idAt(index, '3'),
    strategy_id: pick(['momentum_v1', 'live_v1', 'idle_v1'], index),
    run_type: pick(['BACKTEST', 'PAPER', 'LIVE'], index),
    status: pick(['COMPLETED', 'FAILED'], index),
    created_at: isoAt(nowMs - (index + 1) * 7 * HOUR_MS),
  }
}

function makeAlert(index: number, nowMs: number): Row {
  return {
    ...firstRow('alertList'),
    alert_id: idAt(index, '4'),
    severity: pick(['CRITICAL', 'ERROR', 'WARNING', 'INFO'], index),
    acknowledged: index % 3 === 0,
    acknowledged_at: index % 3 === 0 ? isoAt(nowMs) : null,
    created_at: isoAt(nowMs - (index + 1) * 9 * HOUR_MS),
  }
}
