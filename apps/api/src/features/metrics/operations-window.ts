import { findFirstEquityPoint, type Holding, listHoldings } from '@quantdeck/db'
import { DAY_MS, type TradingMode, tradeNetPnlUsd } from '@quantdeck/domain'
import { sharpe, simpleReturns, winRate } from '@quantdeck/risk'
import type { Actor } from '../../auth/actor.ts'
import { visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { sessionCloses } from '../performance/equity-curve.ts'
import {
  figuresOver,
  holdingsOf,
  type Sight,
  type Summary,
  summaryOf,
  type WindowFigures,
} from './operations.ts'
import { factualSpan, type Part, type Span, stoodAt, type Wanted } from './span.ts'

/** A figure of the window up to a moment. */
export interface RunningFigures {
  at: Date
  sharpeRatio: number | null
  winRate: number | null
  totalTrades: number
  openPositions: number
}

export interface MetricsWindow {
  summary: Summary
  running: RunningFigures[]
  earlier: (Pick<WindowFigures, 'curve' | 'totalPnlFraction' | 'metrics'> & { openPositions: number }) | null
  from: Date
  to: Date
}

/** As many as a small line can show. */
const RUNNING_POINTS = 40

/** The figures of a window, how they came about, and those of the window before it. */
export async function metricsWindow(
  deps: Deps,
  actor: Actor,
  query: { wanted: Wanted; mode?: TradingMode },
): Promise<MetricsWindow> {
  const { kysely } = deps.db
  const visible = await visibleStrategyIds(deps, actor)
  const now = deps.clock.now()
  const holdings = await holdingsOf(deps, { visible, at: now }, query.mode)
  const sight: Sight = { visible, mode: query.mode, parts: holdings.parts }
  const span = await factualSpan(kysely, holdings.parts, query.wanted, now)
  const { to } = span.window
  const over = await figuresOver(deps, await seenAt(deps, sight, to), span)
  const held = await listHoldings(kysely, { visible, mode: query.mode }, { from: over.from, to })
  return {
    summary: summaryOf(holdings, over, now),
    running: runningFigures(over, held, to),
    earlier: await earlierOf(deps, sight, { span, heldAtStart: openAt(held, over.from) }),
    from: over.from,
    to,
  }
}

/** The same parts as they stood at an earlier moment. */
async function seenAt(deps: Deps, sight: Sight, at: Date): Promise<Sight> {
  const parts: Part[] = []
  for (const part of sight.parts) parts.push({ ...part, now: await stoodAt(deps.db.kysely, part, at) })
  return { ...sight, parts }
}

/** The window of the same length that ended where this one begins; null unless there are facts from all of it. */
async function earlierOf(
  deps: Deps,
  sight: Sight,
  { span, heldAtStart }: { span: Span; heldAtStart: number },
): Promise<MetricsWindow['earlier']> {
  const { from: end, to } = span.window
  if (end === null) return null
  const from = new Date(end.getTime() - (to.getTime() - end.getTime()))
  const firsts = await Promise.all(
    sight.parts.map(({ scope }) => findFirstEquityPoint(deps.db.kysely, scope)),
  )
  if (!firsts.some((first) => first !== null && first.at <= from)) return null
  const window = { from, to: end }
  const { curve, totalPnlFraction, metrics } = await figuresOver(deps, await seenAt(deps, sight, end), {
    window,
    step: span.step,
  })
  return { curve, totalPnlFraction, metrics, openPositions: heldAtStart }
}

function runningFigures(over: WindowFigures, held: readonly Holding[], to: Date): RunningFigures[] {
  const trades = over.trades.toSorted((a, b) => Number(a.closedAt) - Number(b.closedAt))
  const results = trades.map((trade) => tradeNetPnlUsd(trade).toNumber())
  const closedUntil = (at: Date) =>
    trades.findLastIndex(({ closedAt }) => closedAt !== null && closedAt <= at) + 1
  return sampled(over.curve.length).map((index) => {
    const at = endOf(over, index, to)
    const closes = sessionCloses(over.curve.slice(0, index + 1), over.isSessionDay)
    const totalTrades = closedUntil(at)
    return {
      at,
      sharpeRatio: sharpe(simpleReturns(closes)),
      winRate: winRate(results.slice(0, totalTrades)),
      totalTrades,
      openPositions: openAt(held, at),
    }
  })
}

/** Indices of a list, evenly spread, its last one among them. */
function sampled(length: number): number[] {
  const step = Math.max(1, Math.ceil(length / RUNNING_POINTS))
  const indices: number[] = []
  for (let index = length - 1; index >= 0; index -= step) indices.push(index)
  return indices.reverse()
}

/** A day's point has the day's last value: it speaks of the day's end. */
function endOf({ curve, hourly, from }: WindowFigures, index: number, to: Date): Date {
  const at = curve[index]?.at ?? to
  if (hourly || index === 0) return index === 0 ? from : at
  return new Date(Math.min(at.getTime() + DAY_MS - 1, to.getTime()))
}

function openAt(held: readonly Holding[], at: Date): number {
  return held.filter(({ openedAt, closedAt }) => openedAt <= at && (closedAt === null || closedAt > at))
    .length
}
