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
  type Position,
  type Strategy,
  type TradingMode,
  TRADING_MODES,
  type V1Period,
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
import { type Part, type Span, factualSpan, stoodAt, type Wanted } from './span.ts'

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

export interface Holdings {
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
  const over = await figuresOver(
    deps,
    { visible, mode: query.mode, parts: holdings.parts },
    await factualSpan(deps.db.kysely, holdings.parts, { period: query.period }, now),
  )
  return summaryOf(holdings, over, now)
}

/** What is held now, with the figures of a window. */
export function summaryOf(holdings: Holdings, over: WindowFigures, now: Date): Summary {
  const equity = holdings.parts.reduce((sum, part) => sum.plus(part.now.equity), ZERO)
  return {
    hourly: over.hourly,
    curve: over.curve,
    totalPnlFraction: over.totalPnlFraction,
    metrics: over.metrics,
    activePositions: holdings.positions,
    capitalDeployed: holdings.deployed,
    availableCapital: equity.minus(holdings.unrealized).minus(holdings.deployed),
    updatedAt: now,
  }
}

/** Whose figures: what an actor sees, as curves to add up. */
export interface Sight {
  visible: VisibleStrategies
  mode: TradingMode | undefined
  parts: readonly Part[]
}

export interface WindowFigures {
  hourly: boolean
  curve: CurvePoint[]
  totalPnlFraction: Decimal
  metrics: WindowMetrics
  /** Where the curve begins: of a window without a beginning, before the first fact. */
  from: Date
  trades: Position[]
  isSessionDay: (day: string) => boolean
}

/** The curve of a window and the figures over it. */
export async function figuresOver(deps: Deps, sight: Sight, { window, step }: Span): Promise<WindowFigures> {
  const { kysely } = deps.db
  const { visible, mode } = sight
  const { to } = window
  const curves = []
  for (const part of sight.parts) {
    curves.push(
      await equityWindow(kysely, part.scope, { window, step, capital: part.capital, now: part.now }),
    )
  }
  const curve = sumCurves(curves.map(({ points }) => points))
  const from = curves.reduce((first, one) => (one.from < first ? one.from : first), window.from ?? to)
  const trades = await listTrades(kysely, { visible, mode, from, to })
  const instruments = await listInstruments(kysely)
  const isSessionDay = sessionDays(instruments, from, to)
  const closes = sessionCloses(curve, isSessionDay)
  const metrics = windowMetrics({ curve, closes, trades, instruments, from, to })
  const hourly = step === 'hour'
  return { hourly, curve, totalPnlFraction: gainOf(curve), metrics, from, trades, isSessionDay }
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
  query: { wanted: Wanted; mode?: TradingMode },
): Promise<StrategyCurves> {
  const { kysely } = deps.db
  const visible = await visibleStrategyIds(deps, actor)
  const now = deps.clock.now()
  const seen: { strategy: Strategy; mode: TradingMode; part: Part }[] = []
  for (const mode of await accountModes(deps, query.mode)) {
    const books = await deps.desk.read(mode, (held) =>
      seenBooks(held, visible).map((book) => ({
        ...{ strategy: book.strategy, mode },
        part: strategyPart(held, book, now),
      })),
    )
    seen.push(...books)
  }
  const parts = seen.map(({ part }) => part)
  const { window, step } = await factualSpan(kysely, parts, query.wanted, now)
  const curves: StrategyCurve[] = []
  for (const { strategy, mode, part } of seen) {
    const { capital, scope } = part
    const last = await stoodAt(kysely, part, window.to)
    const { points } = await equityWindow(kysely, scope, { window, step, capital, now: last })
    curves.push({ strategy, mode, curve: points, returnFraction: gainOf(points) })
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

export async function holdingsOf(deps: Deps, seen: Seen, mode?: TradingMode): Promise<Holdings> {
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
