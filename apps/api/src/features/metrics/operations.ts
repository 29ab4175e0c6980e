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
  type Strategy,
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
  const last = curve.at(-1)?.equity ?? ZERO
  return {
    hourly: step === 'hour',
    curve,
    totalPnlFraction: gainOf(curve),
    metrics: windowMetrics({ curve, closes, trades, instruments, from, to: now }),
    activePositions: holdings.positions,
    capitalDeployed: holdings.deployed,
    availableCapital: last.minus(holdings.unrealized).minus(holdings.deployed),
    updatedAt: now,
  }
}

/** What the window brought, as a fraction of the equity at its start; nothing where it began with nothing. */
function gainOf(curve: readonly CurvePoint[]): Decimal {
  const first = curve[0]?.equity ?? ZERO
  const last = curve.at(-1)?.equity ?? ZERO
  return first.isZero() ? ZERO : last.minus(first).div(first)
}

export interface StrategyCurve {
  strategy: Strategy
  mode: TradingMode
  curve: CurvePoint[]
  /** Fraction of the equity at the window's start. */
  returnFraction: Decimal
}

export interface StrategyCurves {
  curves: StrategyCurve[]
  /** True when the curves have a point an hour. */
  hourly: boolean
  updatedAt: Date
}

/** The curve of each trading strategy in sight, on the steps of the summary's. */
export async function strategyCurves(
  deps: Deps,
  actor: Actor,
  query: { period: V1Period; mode?: TradingMode },
): Promise<StrategyCurves> {
  const visible = await visibleStrategyIds(deps, actor)
  const now = deps.clock.now()
  const window = v1Window(query.period, now)
  const step = query.period === '1d' ? 'hour' : 'day'
  const curves: StrategyCurve[] = []
  for (const mode of await accountModes(deps, query.mode)) {
    const books = await deps.desk.read(mode, (held) =>
      seenBooks(held, visible).map((book) => ({
        strategy: book.strategy,
        part: strategyPart(held, book, now),
      })),
    )
    for (const { strategy, part } of books) {
      const { capital, now: last } = part
      const { points } = await equityWindow(deps.db.kysely, part.scope, { window, step, capital, now: last })
      curves.push({ strategy, mode, curve: points, returnFraction: gainOf(points) })
    }
  }
  return { curves, hourly: step === 'hour', updatedAt: now }
}

/** The accounts that exist, or the one that is asked for. */
async function accountModes(deps: Deps, mode?: TradingMode): Promise<TradingMode[]> {
  const accounts = await listAccounts(deps.db.kysely)
  return TRADING_MODES.filter(
    (each) => (mode === undefined || mode === each) && accounts.some((account) => account.mode === each),
  )
}

function seenBooks(books: Books, visible: VisibleStrategies): StrategyBook[] {
  return [...books.strategies.values()].filter((book) => isVisible(visible, book.strategy.strategyId))
}

interface Seen {
  visible: VisibleStrategies
  at: Date
}

async function holdingsOf(deps: Deps, seen: Seen, mode?: TradingMode): Promise<Holdings> {
  const total: Holdings = { parts: [], positions: 0, deployed: ZERO, unrealized: ZERO }
  for (const each of await accountModes(deps, mode)) {
    const own = await deps.desk.read(each, (books) => holdingsIn(books, seen))
    total.parts.push(...own.parts)
    total.positions += own.positions
    total.deployed = total.deployed.plus(own.deployed)
    total.unrealized = total.unrealized.plus(own.unrealized)
  }
  return total
}

function holdingsIn(books: Books, { visible, at }: Seen): Holdings {
  const seen = seenBooks(books, visible)
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
