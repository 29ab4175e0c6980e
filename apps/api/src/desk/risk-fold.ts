import { accountScope as accountEquityScope, strategyScope as strategyEquityScope } from '@quantdeck/db'
import {
  calendarById,
  dayInZone,
  type Decimal,
  type Instrument,
  MINUTE_MS,
  sessionDay,
} from '@quantdeck/domain'
import {
  accountScope,
  apply,
  type RiskEvent,
  type RiskLimits,
  type RiskState,
  strategyScope,
  transitions,
} from '@quantdeck/risk'
import type { Books, StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { riskAlerts } from './risk-alerts.ts'
import { accountEquity, strategyEquity } from './valuation.ts'

/** Folds an event into a strategy's state. An event is stored iff it changed the state, so that a replay is identical. */
export function foldStrategy(ctx: DeskContext, book: StrategyBook, event: RiskEvent): void {
  const scope = strategyScope(book.strategy.strategyId, ctx.books.mode)
  book.risk = fold(
    ctx,
    { scope, state: book.risk, limits: book.limits, strategyId: book.strategy.strategyId },
    event,
  )
}

/** The same for the account of the mode. */
export function foldAccount(ctx: DeskContext, event: RiskEvent): void {
  const { books } = ctx
  books.risk = fold(
    ctx,
    { scope: accountScope(books.mode), state: books.risk, limits: books.limits, strategyId: null },
    event,
  )
}

/** For what concerns a strategy and its account alike; each has its own latches. */
export function foldBoth(ctx: DeskContext, book: StrategyBook, event: RiskEvent): void {
  foldStrategy(ctx, book, event)
  foldAccount(ctx, event)
}

interface Folded {
  scope: string
  state: RiskState
  limits: RiskLimits
  strategyId: string | null
}

function fold(ctx: DeskContext, target: Folded, event: RiskEvent): RiskState {
  const next = apply(target.state, event, target.limits)
  if (next === target.state) return next
  ctx.changes.riskEvents.push({ scope: target.scope, event })
  ctx.changes.riskStates.set(target.scope, next)
  const found = transitions(target.state, next, target.limits)
  if (found.length > 0)
    ctx.changes.alerts.push(
      ...riskAlerts(found, { ...target, before: target.state, state: next, event, at: ctx.at }),
    )
  return next
}

/** The trading day of a strategy: that of its first instrument's session. */
function strategyDay(books: Books, book: StrategyBook, at: Date): string {
  const instrument = firstInstrument(books, book)
  return instrument ? sessionDay(calendarById(instrument.calendar), at) : book.risk.dayKey
}

function firstInstrument(books: Books, book: StrategyBook): Instrument | undefined {
  for (const symbol of book.strategy.universe) {
    const instrument = books.instruments.get(symbol)
    if (instrument) return instrument
  }
  return undefined
}

type Instant = Pick<DeskContext, 'books' | 'at' | 'settings'>

/** The event that starts a strategy's new day, if an instant belongs to one that has not started yet. */
function strategyRoll({ books, at }: Instant, book: StrategyBook): RiskEvent | null {
  const dayKey = strategyDay(books, book, at)
  if (dayKey <= book.risk.dayKey) return null
  const equity = text(strategyEquity(books, book, at).equity)
  return { type: 'day_rolled', at: at.getTime(), dayKey, equity }
}

const QUARTER_MS = 15 * MINUTE_MS
/** The day of the last instant that was asked for, by zone. */
const lastDays = new Map<string, { quarter: number; day: string }>()

/** Zones change their day at a full quarter of an hour, all of them since 1972: asked once per quarter. */
function accountDay(at: Date, zone: string): string {
  const quarter = Math.floor(at.getTime() / QUARTER_MS)
  const last = lastDays.get(zone)
  if (last?.quarter === quarter) return last.day
  const day = dayInZone(at, zone)
  lastDays.set(zone, { quarter, day })
  return day
}

function accountRoll({ books, at, settings }: Instant): RiskEvent | null {
  const dayKey = accountDay(at, settings.riskDayZone)
  if (dayKey <= books.risk.dayKey) return null
  return { type: 'day_rolled', at: at.getTime(), dayKey, equity: text(accountEquity(books, at).equity) }
}

/** Starts the new day of every scope whose day has changed. Called before a fact of an instant is booked. */
export function rollDays(ctx: DeskContext): void {
  for (const book of ctx.books.strategies.values()) {
    const roll = strategyRoll(ctx, book)
    if (roll) foldStrategy(ctx, book, roll)
  }
  const roll = accountRoll(ctx)
  if (roll) foldAccount(ctx, roll)
}

/** A strategy's state as of an instant: a day that has begun counts before the first price of it says so. */
export function strategyRiskAt(instant: Instant, book: StrategyBook): RiskState {
  const roll = strategyRoll(instant, book)
  return roll ? apply(book.risk, roll, book.limits) : book.risk
}

/** The same for the account. */
export function accountRiskAt(instant: Instant): RiskState {
  const roll = accountRoll(instant)
  return roll ? apply(instant.books.risk, roll, instant.books.limits) : instant.books.risk
}

/** Marks the equity of the strategies that hold a symbol (and of one that has just closed it), and of the account. */
export function markEquity(ctx: DeskContext, symbol: string, closedBy?: StrategyBook): void {
  const at = ctx.at.getTime()
  let held = false
  for (const book of ctx.books.strategies.values()) {
    if (book !== closedBy && !book.open.has(symbol)) continue
    held = true
    foldStrategy(ctx, book, {
      type: 'equity_marked',
      at,
      equity: text(strategyEquity(ctx.books, book, ctx.at).equity),
    })
  }
  if (held)
    foldAccount(ctx, { type: 'equity_marked', at, equity: text(accountEquity(ctx.books, ctx.at).equity) })
}

/** Writes an equity point for the strategies that trade a symbol and for the account. */
export function recordEquity(ctx: DeskContext, symbols: ReadonlySet<string>): void {
  const { books, changes, at } = ctx
  for (const book of books.strategies.values()) {
    const concerned = book.strategy.universe.some((symbol) => symbols.has(symbol))
    if (concerned)
      changes.putEquity(
        strategyEquityScope(book.strategy.strategyId, books.mode),
        strategyEquity(books, book, at),
      )
  }
  changes.putEquity(accountEquityScope(books.mode), accountEquity(books, at))
}

function text(value: Decimal): string {
  return value.toFixed()
}
