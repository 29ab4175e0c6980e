import type { deck, InputOf, OutputOf } from '@quantdeck/contracts'
import {
  type Bar,
  DAY_MS,
  type Decimal,
  formatAtLeast,
  formatInstant,
  type Instrument,
} from '@quantdeck/domain'
import { formatPrice } from '../format.ts'
import type { IncomingBar } from './judge-bars.ts'
import type { ListedInstrument, ListedQuarantinedBar } from './operations.ts'
import type { PostedBars } from './operations-post-bars.ts'
import type { SeriesQuality } from './operations-quality.ts'
import { plainText, WireBar } from './wire-bar.ts'

type MarketData = typeof deck.marketData
type BarInput = InputOf<MarketData['postBars']>['bars'][number]
type PostedBody = OutputOf<MarketData['postBars']>
type BarBody = OutputOf<MarketData['listBars']>['data'][number]
type QuarantinedBody = OutputOf<MarketData['listQuarantine']>['data'][number]
type QualityBody = OutputOf<MarketData['quality']>['data'][number]
type InstrumentBody = OutputOf<MarketData['listInstruments']>['data'][number]

/** A day is its first instant in UTC. */
export function toInstant(dayOrInstant: string): Date {
  return new Date(dayOrInstant.length === 10 ? `${dayOrInstant}T00:00:00Z` : dayOrInstant)
}

/** The inclusive end that a day or an instant names. */
export function toEndInstant(dayOrInstant: string): Date {
  const at = toInstant(dayOrInstant)
  return dayOrInstant.length === 10 ? new Date(at.getTime() + DAY_MS - 1) : at
}

export function toIncomingBar(bar: BarInput, index: number): IncomingBar {
  const place = { index, line: bar.line ?? null, openedAt: toInstant(bar.opened_at) }
  return new WireBar(place, {
    open: plainText(bar.open),
    high: plainText(bar.high),
    low: plainText(bar.low),
    close: plainText(bar.close),
    volume: plainText(bar.volume ?? '0'),
  })
}

export function presentPostedBars(posted: PostedBars, isDryRun: boolean): PostedBody {
  const { rowsAccepted, quarantined } = posted
  const verb = isDryRun ? 'would be accepted' : 'accepted'
  return {
    message: `${rowsAccepted} bars of ${posted.symbol} ${verb}, ${quarantined.length} quarantined`,
    data: {
      import_id: posted.importId,
      symbol: posted.symbol,
      interval_seconds: posted.intervalSeconds,
      rows_total: posted.rowsTotal,
      rows_accepted: rowsAccepted,
      rows_quarantined: quarantined.length,
      rows_duplicate: posted.rowsDuplicate,
      rows_released: posted.rowsReleased,
      released_lines: posted.releasedLines,
      dry_run: isDryRun,
      quarantined,
    },
  }
}

/** A price may have more places than its instrument's tick: it is shown as it was received. */
function presentBarPrice(price: Decimal, instrument: Instrument): string {
  return formatAtLeast(price, Math.max(2, instrument.priceDecimals))
}

export function presentBar(bar: Bar, instrument: Instrument): BarBody {
  return {
    symbol: bar.symbol,
    interval_seconds: bar.intervalSeconds,
    opened_at: formatInstant(bar.openedAt),
    closed_at: formatInstant(bar.closedAt),
    open: presentBarPrice(bar.open, instrument),
    high: presentBarPrice(bar.high, instrument),
    low: presentBarPrice(bar.low, instrument),
    close: presentBarPrice(bar.close, instrument),
    volume: bar.volume.toFixed(),
    source: bar.source,
  }
}

export function presentQuarantinedBar(bar: ListedQuarantinedBar): QuarantinedBody {
  return {
    quarantine_id: bar.quarantineId,
    symbol: bar.symbol,
    interval_seconds: bar.intervalSeconds ?? 0,
    opened_at: bar.openedAt === null ? null : formatInstant(bar.openedAt),
    line: bar.line,
    raw: bar.raw,
    reason: bar.reason,
    detail: bar.detail,
    import_id: bar.importId,
    status: bar.status,
    created_at: formatInstant(bar.createdAt),
    resolved_at: bar.resolvedAt === null ? null : formatInstant(bar.resolvedAt),
  }
}

export function presentInstrument({ instrument, lastPrice }: ListedInstrument): InstrumentBody {
  return {
    symbol: instrument.symbol,
    contract_type: instrument.contractType,
    currency: instrument.currency,
    tick_size: instrument.tickSize.toFixed(),
    lot_size: instrument.lotSize.toFixed(),
    min_quantity: instrument.minQuantity.toFixed(),
    max_quantity: instrument.maxQuantity?.toFixed() ?? null,
    multiplier: instrument.multiplier.toFixed(),
    price_decimals: instrument.priceDecimals,
    quantity_decimals: instrument.quantityDecimals,
    calendar: instrument.calendar,
    bar_interval_seconds: instrument.barIntervalSeconds,
    source: instrument.source,
    last_price: lastPrice === null ? null : formatPrice(lastPrice.price, instrument),
    last_price_at: lastPrice === null ? null : formatInstant(lastPrice.at),
  }
}

export function presentQuality(series: SeriesQuality): QualityBody {
  const { instrument, quarantine, barCount, missingBars } = series
  return {
    symbol: instrument.symbol,
    interval_seconds: series.intervalSeconds,
    calendar: instrument.calendar,
    source: instrument.source,
    bars: barCount,
    first_bar: formatInstant(series.firstOpenedAt),
    last_bar: formatInstant(series.lastOpenedAt),
    missing_bars: missingBars,
    gaps: series.gaps.map((gap) => ({
      after: formatInstant(gap.after),
      before: formatInstant(gap.before),
      missing_bars: gap.missingBars,
    })),
    completeness: barCount / (barCount + missingBars),
    quarantine: {
      pending: quarantine.PENDING,
      accepted: quarantine.ACCEPTED,
      dropped: quarantine.DROPPED,
    },
    is_stale: series.isStale,
  }
}
