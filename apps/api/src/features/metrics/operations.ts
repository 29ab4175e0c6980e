import {
  accountScope,
  listAccounts,
  listInstruments,
  listTrades,
  strategyScope,
  type VisibleStrategies,
} from '@quantdeck/db'
import {
  type Decimal,
  type EquityPoint,
  type TradingMode,
  TRADING_MODES,
  type V1Period,
  v1Window,
  ZERO,
} from '@quantdeck/domain'
import type { Actor } from '../../auth/actor.ts'
import { isVisible, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { accountEquity, strategyEquity } from '../../desk/valuation.ts'
import type { CurvePoint } from '../performance/equity-curve.ts'
import { equityWindow, sessionCloses, sumCurves } from '../performance/equity-curve.ts'
import { windowMetrics, type WindowMetrics } from '../performance/metrics.ts'
import { sessionDays } from '../performance/session-days.ts'

export interface Summary {
  /** True when the curve has a point an hour. */
  hourly: boolean
  curve: CurvePoint[]
  totalPnl: Decimal
  /** Fraction of the equity at the window's start. */
  totalPnlFraction: Decimal
  metrics: WindowMetrics
  activePositions: number
  capitalDeployed: Decimal
  availableCapital: Decimal
  updatedAt: Date
}

/** One curve to add up: an account, or one strategy of it when the actor does not see all. */
interface Part {
  scope: ReturnType<typeof accountScope>
  capital: Decimal
  now: EquityPoint
}

interface Holdings {
  parts: Part[]
  positions: number
  deployed: Decimal
  unrealized: Decimal
}

/** Figures over everything the actor sees; sums are over what they see. */
export async function metricsSummary(
  deps: Deps,
  actor: Actor,
  query: { period: V1Period; mode?: TradingMode },
): Promise<Summary> {
  const visible = await visibleStrategyIds(deps, actor)
  const holdings = await holdingsOf(deps, visible, query.mode)
  const now = deps.clock.now()
  const window = v1Window(query.period, now)
  const step = query.period === '1d' ? 'hour' : 'day'
  const curves = []
  for (const part of holdings.parts) {
    curves.push(
      await equityWindow(deps.db.kysely, part.scope, { window, step, capital: part.capital, now: part.now }),
    )
  }
  const curve = sumCurves(curves.map(({ points }) => points))
  const from = curves.reduce((first, one) => (one.from < first ? one.from : first), window.from ?? now)
  const trades = await listTrades(deps.db.kysely, { visible, mode: query.mode, from, to: now })
  const closes = sessionCloses(curve, sessionDays(await listInstruments(deps.db.kysely), from, now))
  const first = curve[0]?.equity ?? ZERO
  const last = curve.at(-1)?.equity ?? ZERO
  return {
    hourly: step === 'hour',
    curve,
    totalPnl: last.minus(first),
    totalPnlFraction: first.isZero() ? ZERO : last.minus(first).div(first),
    metrics: windowMetrics({ curve, closes, trades, from, to: now }),
    activePositions: holdings.positions,
    capitalDeployed: holdings.deployed,
    availableCapital: last.minus(holdings.unrealized).minus(holdings.deployed),
    updatedAt: now,
  }
}

async function holdingsOf(deps: Deps, visible: VisibleStrategies, mode?: TradingMode): Promise<Holdings> {
  const total: Holdings = { parts: [], positions: 0, deployed: ZERO, unrealized: ZERO }
  const accounts = await listAccounts(deps.db.kysely)
  for (const each of TRADING_MODES) {
    if ((mode !== undefined && mode !== each) || !accounts.some((account) => account.mode === each)) continue
    const own = await holdingsIn(deps, visible, each)
    total.parts.push(...own.parts)
    total.positions += own.positions
    total.deployed = total.deployed.plus(own.deployed)
    total.unrealized = total.unrealized.plus(own.unrealized)
  }
  return total
}

async function holdingsIn(deps: Deps, visible: VisibleStrategies, mode: TradingMode): Promise<Holdings> {
  return deps.desk.read(mode, (books, at) => {
    const seen = [...books.strategies.values()].filter((book) => isVisible(visible, book.strategy.strategyId))
    const account = {
      scope: accountScope(mode),
      capital: books.initialCapital,
      now: accountEquity(books, at),
    }
    const isEmpty = books.initialCapital.isZero() && seen.length === 0
    const parts: Part[] =
      visible === 'all'
        ? isEmpty
          ? []
          : [account]
        : seen.map((book) => ({
            scope: strategyScope(book.strategy.strategyId, mode),
            capital: book.strategy.allocatedCapital,
            now: strategyEquity(books, book, at),
          }))
    const open = seen.flatMap((book) => [...book.open.values()])
    return {
      parts,
      positions: open.length,
      deployed: open.reduce((sum, position) => sum.plus(position.costUsd.abs()), ZERO),
      unrealized: seen.reduce((sum, book) => sum.plus(strategyEquity(books, book, at).unrealizedPnl), ZERO),
    }
  })
}
