import { findBarSpan, findInstrument, findSignalSpan, type Queryable } from '@quantdeck/db'
import {
  AppError,
  DAY_MS,
  type ErrorDetail,
  hasUsdRate,
  type Instrument,
  SECOND_MS,
  utcDay,
} from '@quantdeck/domain'

/** @throws always */
export function refuse(details: ErrorDetail[]): never {
  throw new AppError('VALIDATION_ERROR', details[0]?.message ?? 'Invalid request parameters', { details })
}

export interface DataQuery {
  symbols: readonly string[]
  startDate: string
  endDate: string
  /** UTC day. */
  today: string
}

/** Which bars a run will really see. */
export interface DataPlan {
  symbols: string[]
  endDate: string
  /** At most so many: calendars have pauses. */
  bars: number
  notes: string[]
}

interface Coverage {
  instrument: Instrument
  /** UTC days of the first and last bar; null without bars. */
  first: string | null
  last: string | null
  barsInRange: number
}

async function coverageOf(db: Queryable, symbol: string, query: DataQuery): Promise<Coverage | null> {
  const instrument = await findInstrument(db, symbol)
  if (instrument === null) return null
  const intervalSeconds = instrument.barIntervalSeconds
  const series = { symbol, intervalSeconds }
  const all = await findBarSpan(db, series)
  const from = new Date(`${query.startDate}T00:00:00Z`)
  const to = new Date(Date.parse(`${query.endDate}T00:00:00Z`) + DAY_MS - 1)
  return {
    instrument,
    first: all && utcDay(all.first),
    last: all && utcDay(all.last),
    barsInRange: mostBars(await findBarSpan(db, series, { from, to }), intervalSeconds),
  }
}

/** As many as fit between the first and the last. */
function mostBars(span: { first: Date; last: Date } | null, intervalSeconds: number): number {
  if (span === null) return 0
  return Math.floor((span.last.getTime() - span.first.getTime()) / (intervalSeconds * SECOND_MS)) + 1
}

function describe({ instrument, first, last }: Coverage): string {
  return first === null
    ? `${instrument.symbol} has no bars`
    : `${instrument.symbol} has bars from ${first} to ${last}`
}

/**
 * Holds a request against the bars there are: an end after the last bar is cut to it and said so, a symbol without bars
 * in the range is left out and said so.
 * @throws AppError VALIDATION_ERROR that says what data exists, when there is nothing to run on
 */
export async function planData(db: Queryable, query: DataQuery): Promise<DataPlan> {
  const found: Coverage[] = []
  const problems: ErrorDetail[] = []
  for (const [i, symbol] of query.symbols.entries()) {
    const coverage = await coverageOf(db, symbol, query)
    if (coverage === null)
      problems.push({ field: `symbols.${i}`, message: `The instrument ${symbol} is not known` })
    else if (!hasUsdRate(coverage.instrument)) {
      const message = `${symbol} is quoted in ${coverage.instrument.currency}, for which there is no USD rate`
      problems.push({ field: `symbols.${i}`, message })
    } else found.push(coverage)
  }
  if (problems.length > 0) refuse(problems)
  const usable = found.filter((one) => one.barsInRange > 0)
  if (usable.length === 0) {
    const field = found.every(({ last }) => last !== null && last < query.startDate)
      ? 'start_date'
      : 'end_date'
    const message = `No bars between ${query.startDate} and ${query.endDate}: ${found.map(describe).join('; ')}`
    refuse([{ field, message }])
  }
  const missing = found.filter((one) => one.barsInRange === 0)
  const notes = missing.map((one) => `${one.instrument.symbol} is left out: ${describe(one)}`)
  const lastDay = usable.map(({ last }) => last ?? '').reduce((a, b) => (a > b ? a : b))
  const firstDay = usable.map(({ first }) => first ?? '').reduce((a, b) => (a < b ? a : b))
  if (lastDay < query.endDate)
    notes.push(`end_date ${query.endDate} was cut to ${lastDay}, the day of the last bar`)
  if (firstDay > query.startDate) notes.push(`The bars begin on ${firstDay}`)
  return {
    symbols: usable.map(({ instrument }) => instrument.symbol),
    endDate: lastDay < query.endDate ? lastDay : query.endDate,
    bars: usable.reduce((sum, { barsInRange }) => sum + barsInRange, 0),
    notes,
  }
}

/** @throws AppError VALIDATION_ERROR that says which signals exist, when none is in the range */
export async function assertSignals(
  db: Queryable,
  strategyId: string,
  range: { startDate: string; endDate: string },
): Promise<void> {
  const span = await findSignalSpan(db, strategyId)
  if (span === null) {
    const message = `${strategyId} is a model that lives outside, and it has posted no signals that could be replayed`
    refuse([{ field: 'strategy_id', message }])
  }
  const [first, last] = [utcDay(span.first), utcDay(span.last)]
  if (last >= range.startDate && first <= range.endDate) return
  const message = `No stored signals between ${range.startDate} and ${range.endDate}: there are ${span.count} from ${first} to ${last}`
  refuse([{ field: last < range.startDate ? 'start_date' : 'end_date', message }])
}
