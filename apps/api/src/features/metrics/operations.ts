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
import type { Books, StrategyBook } from '../../desk/books.ts'
import { accountEquity, deployedCapital, strategyEquity, unrealizedOf } from '../../desk/valuation.ts'
import type { CurvePoint } from '../performance/equity-curve.ts'
import { equityWindow, sessionCloses, sumCurves } from '../performance/equity-curve.ts'
import { windowMetrics, type WindowMetrics } from '../performance/metrics.ts'
import { sessionDays } from '../performance/session-days.ts'

export interface Summary {
  /** True when the curve has a point an hour. */
  hourly: boolean
  curve: CurvePoint[]
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
  const now = deps.clock.now()
  const holdings = await holdingsOf(deps, { visible, at: now }, query.mode)
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
  const instruments = await listInstruments(deps.db.kysely)
  const closes = sessionCloses(curve, sessionDays(instruments, from, now))
  const first = curve[0]?.equity ?? ZERO
  const last = curve.at(-1)?.equity ?? ZERO
  return {
    hourly: step === 'hour',
    curve,
    totalPnlFraction: first.isZero() ? ZERO : last.minus(first).div(first),
    metrics: windowMetrics({ curve, closes, trades, instruments, from, to: now }),
    activePositions: holdings.positions,
    capitalDeployed: holdings.deployed,
    availableCapital: last.minus(holdings.unrealized).minus(holdings.deployed),
    updatedAt: now,
  }
}

interface Seen {
  visible: VisibleStrategies
  at: Date
}

async function holdingsOf(deps: Deps, seen: Seen, mode?: TradingMode): Promise<Holdings> {
  const total: Holdings = { parts: [], positions: 0, deployed: ZERO, unrealized: ZERO }
  const accounts = await listAccounts(deps.db.kysely)
  for (const each of TRADING_MODES) {
    if ((mode !== undefined && mode !== each) || !accounts.some((account) => account.mode === each)) continue
    const own = await deps.desk.read(each, (books) => holdingsIn(books, seen))
    total.parts.push(...own.parts)
    total.positions += own.positions
    total.deployed = total.deployed.plus(own.deployed)
    total.unrealized = total.unrealized.plus(own.unrealized)
  }
  return total
}

function holdingsIn(books: Books, { visible, at }: Seen): Holdings {
  const seen = [...books.strategies.values()].filter((book) => isVisible(visible, book.strategy.strategyId))
  return {
    parts: visible === 'all' ? accountParts(books, at) : seen.map((book) => strategyPart(books, book, at)),
    positions: seen.reduce((count, book) => count + book.open.size, 0),
    deployed: deployedCapital(seen),
    unrealized: seen.reduce((sum, book) => sum.plus(unrealizedOf(books, book)), ZERO),
  }
}

/** An account without money and without strategies has no curve. */
function accountParts(books: Books, at: Date): Part[] {
  if (books.initialCapital.isZero() && books.strategies.size === 0) return []
  return [{ scope: accountScope(books.mode), capital: books.initialCapital, now: accountEquity(books, at) }]
}

function strategyPart(books: Books, book: StrategyBook, at: Date): Part {
  const { strategyId, allocatedCapital } = book.strategy
  return {
    scope: strategyScope(strategyId, books.mode),
    capital: allocatedCapital,
    now: strategyEquity(books, book, at),
  }
}
