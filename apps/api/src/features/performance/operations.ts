import {
  listInstruments,
  listStrategies,
  listTrades,
  strategyScope,
  type VisibleStrategies,
} from '@quantdeck/db'
import {
  type Decimal,
  type EquityPoint,
  type Instrument,
  type RlPeriod,
  rlWindow,
  type Strategy,
  type TimeWindow,
  type TradingMode,
  ZERO,
} from '@quantdeck/domain'
import type { Actor } from '../../auth/actor.ts'
import { visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { strategyEquity } from '../../desk/valuation.ts'
import { equityWindow, type EquityWindow, sessionCloses } from './equity-curve.ts'
import { windowMetrics, type WindowMetrics } from './metrics.ts'
import { sessionDays } from './session-days.ts'

export interface StrategyPerformance {
  strategy: Strategy
  metrics: WindowMetrics
  initialEquity: Decimal
  currentEquity: Decimal
  curve: EquityWindow
}

export interface PerformanceReport {
  from: Date
  to: Date
  strategies: StrategyPerformance[]
}

/** Every active strategy in sight over whole UTC days. */
export async function listPerformance(
  deps: Deps,
  actor: Actor,
  period: RlPeriod,
): Promise<PerformanceReport> {
  const visible = await visibleStrategyIds(deps, actor)
  const window = rlWindow(period, deps.clock.now())
  const active = await listStrategies(deps.db.kysely, { visible, status: 'active' })
  const strategies = await performanceOf(deps, active, window)
  const earliest = strategies.reduce<Date | null>(
    (first, { curve }) => (first === null || curve.from < first ? curve.from : first),
    null,
  )
  return {
    from: window.from ?? earliest ?? deps.clock.now(),
    to: new Date(window.to.getTime() - 1000),
    strategies,
  }
}

/** The figures of some strategies over a window; the window's end is cut to now. */
export async function performanceOf(
  deps: Deps,
  strategies: readonly Strategy[],
  window: TimeWindow,
): Promise<StrategyPerformance[]> {
  const instruments = await listInstruments(deps.db.kysely)
  const reports: StrategyPerformance[] = []
  for (const strategy of strategies) reports.push(await performanceOfOne(deps, strategy, window, instruments))
  return reports
}

/** The figures of one strategy since its first fact, or over a window. */
export async function strategyPerformance(
  deps: Deps,
  strategy: Strategy,
  window?: TimeWindow,
): Promise<StrategyPerformance> {
  const all: TimeWindow = { from: null, to: deps.clock.now() }
  const instruments = await listInstruments(deps.db.kysely)
  return performanceOfOne(deps, strategy, window ?? all, instruments)
}

async function performanceOfOne(
  deps: Deps,
  strategy: Strategy,
  window: TimeWindow,
  instruments: readonly Instrument[],
): Promise<StrategyPerformance> {
  const mode = modeOfAccount(strategy)
  const now = await equityNow(deps, strategy, mode)
  const curve = await equityWindow(deps.db.kysely, strategyScope(strategy.strategyId, mode), {
    window,
    step: 'day',
    capital: strategy.allocatedCapital,
    now,
  })
  const own: VisibleStrategies = [strategy.strategyId]
  const trades = await listTrades(deps.db.kysely, { visible: own, mode, from: curve.from, to: curve.to })
  const traded = instruments.filter((instrument) => strategy.universe.includes(instrument.symbol))
  const closes = sessionCloses(curve.points, sessionDays(traded, curve.from, curve.to))
  return {
    strategy,
    metrics: windowMetrics({
      curve: curve.points,
      closes,
      trades,
      instruments,
      from: curve.from,
      to: curve.to,
    }),
    initialEquity: curve.points[0]?.equity ?? strategy.allocatedCapital,
    currentEquity: now.equity,
    curve,
  }
}

/** Strategies in BACKTEST have no account; their paper record is what they have. */
export function modeOfAccount(strategy: Strategy): TradingMode {
  return strategy.mode === 'LIVE' ? 'LIVE' : 'PAPER'
}

async function equityNow(deps: Deps, strategy: Strategy, mode: TradingMode): Promise<EquityPoint> {
  return deps.desk.read(mode, (books, at) => {
    const book = books.strategies.get(strategy.strategyId)
    return book
      ? strategyEquity(books, book, at)
      : { at, equity: strategy.allocatedCapital, realizedPnl: ZERO, unrealizedPnl: ZERO }
  })
}
