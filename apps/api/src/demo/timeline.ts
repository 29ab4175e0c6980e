import { type Bar, calendarById, Decimal, lastSessions, type Session } from '@quantdeck/domain'
import { USDCOP_SOURCE } from './catalog.ts'
import { readSpxRows, spxBar } from './spx-series.ts'
import type { SimulatedBar, UsdCopMarket } from './usdcop-series.ts'

export const SPX_SESSIONS = 1_259
const USDCOP_SESSIONS = 60
export const USDCOP_BAR_SECONDS = 300

/** One step of the history: a bar opens, or a bar closes. */
export interface TimelineEvent {
  kind: 'open' | 'close'
  at: Date
  bar: Bar
}

/** The last completed sessions of the New York calendar, one for each row of the data. */
export function spxSessions(now: Date): Session[] {
  return lastSessions(calendarById('NYSE'), SPX_SESSIONS, now)
}

/** The last completed sessions of the Bogota market, 08:00-13:00, whatever calendar the demo shows. */
export function usdcopSessions(now: Date): Session[] {
  return lastSessions(calendarById('USDCOP'), USDCOP_SESSIONS, now)
}

/** The whole history of both markets. */
export function buildTimeline(now: Date, market: UsdCopMarket): TimelineEvent[] {
  return inTimeOrder([
    ...spxBars(now),
    ...usdcopSessions(now).flatMap((session) => sessionBars(session, market)),
  ])
}

/** Bars of any markets as one stream. An interval's close comes before another's open at the same instant. */
export function inTimeOrder(bars: readonly Bar[]): TimelineEvent[] {
  return bars
    .flatMap((bar): TimelineEvent[] => [
      { kind: 'open', at: bar.openedAt, bar },
      { kind: 'close', at: bar.closedAt, bar },
    ])
    .sort((a, b) => a.at.getTime() - b.at.getTime() || rank(a) - rank(b))
}

function rank(event: TimelineEvent): number {
  return event.kind === 'close' ? 0 : 1
}

/** Without the optional data package the demo has no index: the rest of it works. */
function spxBars(now: Date): Bar[] {
  const rows = readSpxRows()
  if (!rows) return []
  return spxSessions(now).map((session, index) =>
    spxBar(rows, index, { openAt: new Date(session.openMs), closeAt: new Date(session.closeMs) }),
  )
}

/** A session of 5-minute bars. */
export function sessionBars(session: Session, market: UsdCopMarket): Bar[] {
  const bars: Bar[] = []
  for (let openMs = session.openMs; openMs < session.closeMs; openMs += USDCOP_BAR_SECONDS * 1000) {
    bars.push(toBar(market.nextBar(), openMs))
  }
  return bars
}

export function toBar(bar: SimulatedBar, openMs: number): Bar {
  const price = (value: number) => new Decimal(value.toFixed(2))
  return {
    symbol: 'USD/COP',
    intervalSeconds: USDCOP_BAR_SECONDS,
    openedAt: new Date(openMs),
    closedAt: new Date(openMs + USDCOP_BAR_SECONDS * 1000),
    open: price(bar.open),
    high: price(bar.high),
    low: price(bar.low),
    close: price(bar.close),
    volume: new Decimal(bar.volume),
    source: USDCOP_SOURCE,
  }
}
