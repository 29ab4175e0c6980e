import { randomUUID } from 'node:crypto'
import {
  addToBarImport,
  appendAudit,
  appendOutbox,
  type BarRows,
  findBarImport,
  findInstrument,
  insertAlerts,
  insertBarImport,
  insertNewBars,
  insertQuarantinedBars,
  listBars,
  listLatestBars,
  listPendingBars,
  lockBarSeries,
  type QuarantinedBar,
  resolveQuarantinedBar,
  transaction,
  type Trx,
  upsertMarks,
} from '@quantdeck/db'
import { AppError, type Bar, DAY_MS, type Instrument, notFound, toDecimal } from '@quantdeck/domain'
import { type Actor, requireRole } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { type IncomingBar, judgeBars, type JudgedBars, type WaitingBar } from './judge-bars.ts'
import { type BarTexts, textsOf } from './wire-bar.ts'

/** A line of a file that the client could not read as a bar. */
export interface RejectedRow {
  line: number
  text: string
  reason: string
  detail: string
}

export interface PostBarsInput {
  symbol: string
  /** The instrument's own unless given. */
  intervalSeconds: number | null
  bars: IncomingBar[]
  rejected: RejectedRow[]
  fileName: string | null
  /** Continues an import that an earlier request began. */
  importId: string | null
  /** Judge only. */
  isDryRun: boolean
}

export interface QuarantinedRow {
  /** Place in the request's bars; null for a row that came as rejected. */
  index: number | null
  line: number | null
  reason: string
  detail: string
}

export interface PostedBars {
  importId: string
  symbol: string
  intervalSeconds: number
  rowsTotal: number
  rowsAccepted: number
  rowsDuplicate: number
  /** Bars that earlier requests quarantined and this one confirmed, and the lines of those of the same import. */
  rowsReleased: number
  releasedLines: number[]
  quarantined: QuarantinedRow[]
}

/** Where accepted bars go on to: the desk, which lets strategies speak. */
export interface BarSink {
  /** The last bars of a series that are newer than any before, oldest first; called after they are committed. */
  onBars(bars: readonly Bar[]): Promise<void>
}

export type PostBarsDeps = Pick<Deps, 'db' | 'clock'> & { readonly bars?: BarSink }

interface Series {
  symbol: string
  intervalSeconds: number
}

/** Only a jump can be confirmed by the bars that follow. */
const JUMP_REASONS = ['PRICE_JUMP', 'POWER_OF_TEN_JUMP'] as const

/**
 * Takes bars of one symbol: what makes sense is stored, what does not is quarantined with its reason (rule A08), and
 * nothing is lost: accepted + known + quarantined = what was sent.
 * @throws AppError NOT_FOUND for an unknown instrument or import, VALIDATION_ERROR for an empty request
 */
export async function postBars(deps: PostBarsDeps, actor: Actor, input: PostBarsInput): Promise<PostedBars> {
  requireRole(actor, 'trader')
  if (input.bars.length + input.rejected.length === 0) {
    throw new AppError('VALIDATION_ERROR', 'There is neither a bar nor a rejected row')
  }
  const instrument = await findInstrument(deps.db.kysely, input.symbol)
  if (instrument === null) throw notFound('Instrument')
  const series = {
    symbol: instrument.symbol,
    intervalSeconds: input.intervalSeconds ?? instrument.barIntervalSeconds,
  }
  const { posted, news } = await transaction(deps.db, (trx) =>
    post(trx, { deps, actor, input, instrument, series }),
  )
  await passOn(deps, news)
  return posted
}

/** An import can be years long; what is older than the last few bars is history and moves nothing. */
const MOST_BARS_TO_PASS_ON = 5

async function passOn(deps: PostBarsDeps, news: readonly Bar[]): Promise<void> {
  const last = news.at(-1)
  if (last === undefined) return
  await deps.bars?.onBars(news)
  // After the desk, which takes a bar as news only while it is newer than the last price. Never later than now, or it
  // would keep out the ticks that follow.
  const now = deps.clock.now()
  const at = last.closedAt < now ? last.closedAt : now
  await upsertMarks(deps.db.kysely, [{ symbol: last.symbol, price: last.close, at, source: last.source }])
}

interface Posting {
  deps: Pick<Deps, 'clock'>
  actor: Actor
  input: PostBarsInput
  instrument: Instrument
  series: Series
}

async function post(trx: Trx, posting: Posting): Promise<{ posted: PostedBars; news: Bar[] }> {
  const { input, series, instrument, deps } = posting
  await lockBarSeries(trx, series)
  const now = deps.clock.now()
  const judged = await judge(trx, series, input.bars, now)
  const importId = await findImport(trx, posting)
  const posted: PostedBars = {
    importId: importId ?? randomUUID(),
    ...series,
    rowsTotal: input.bars.length + input.rejected.length,
    rowsAccepted: judged.accepted.length,
    rowsDuplicate: judged.duplicateCount,
    rowsReleased: judged.released.length,
    releasedLines: judged.released.flatMap((bar) =>
      importId !== null && bar.importId === importId && bar.line !== null ? [bar.line] : [],
    ),
    quarantined: quarantinedRows(judged, input.rejected),
  }
  if (input.isDryRun) return { posted, news: [] }
  await writeImport(trx, posting, posted, importId === null)
  const [last] = await listLatestBars(trx, series, 1)
  const bars = [...judged.released, ...judged.accepted].sort((a, b) => +a.openedAt - +b.openedAt)
  await insertNewBars(trx, rowsOf(bars, series, instrument.source))
  for (const bar of judged.released) {
    await resolveQuarantinedBar(trx, bar.quarantineId, {
      status: 'ACCEPTED',
      resolvedAt: now,
      resolvedBy: 'system',
    })
  }
  await writeQuarantine(trx, posting, posted, judged)
  await writeAlerts(trx, posting, posted, judged)
  const news = last === undefined ? bars : bars.filter((bar) => bar.openedAt > last.openedAt)
  return {
    posted,
    news: news.slice(-MOST_BARS_TO_PASS_ON).map((bar) => toBar(bar, series, instrument.source)),
  }
}

async function judge(
  trx: Trx,
  series: Series,
  incoming: readonly IncomingBar[],
  now: Date,
): Promise<JudgedBars> {
  const instants = incoming.map((bar) => bar.openedAt.getTime())
  const from = new Date(instants.reduce((least, at) => Math.min(least, at), Number.MAX_SAFE_INTEGER / 2000))
  const to = new Date(instants.reduce((most, at) => Math.max(most, at), 0))
  const known = await listBars(trx, series, { from, to }, Number.MAX_SAFE_INTEGER)
  const [before] = await listLatestBars(trx, series, 1, new Date(from.getTime() - 1))
  const waiting = await listPendingBars(trx, series, JUMP_REASONS, {
    after: before?.openedAt ?? new Date(0),
    before: from,
  })
  return judgeBars(incoming, {
    known,
    lastClose: before?.close ?? null,
    waiting: before === undefined ? [] : waiting.map(toWaiting),
    latestMs: now.getTime() + DAY_MS,
  })
}

function toWaiting(row: QuarantinedBar): WaitingBar {
  const raw = row.raw as BarTexts
  return {
    quarantineId: row.quarantineId,
    importId: row.importId,
    line: row.line,
    openedAt: row.openedAt ?? new Date(0),
    open: toDecimal(raw.open),
    high: toDecimal(raw.high),
    low: toDecimal(raw.low),
    close: toDecimal(raw.close),
    volume: toDecimal(raw.volume),
  }
}

function toRaw(bar: IncomingBar): BarTexts & { opened_at: string } {
  return { opened_at: bar.openedAt.toISOString(), ...textsOf(bar) }
}

function rowsOf(bars: readonly (IncomingBar | WaitingBar)[], series: Series, source: string): BarRows {
  const texts = bars.map(textsOf)
  return {
    ...series,
    source,
    openedAtMs: bars.map(({ openedAt }) => openedAt.getTime()),
    open: texts.map(({ open }) => open),
    high: texts.map(({ high }) => high),
    low: texts.map(({ low }) => low),
    close: texts.map(({ close }) => close),
    volume: texts.map(({ volume }) => volume),
  }
}

function toBar(bar: IncomingBar | WaitingBar, series: Series, source: string): Bar {
  const { openedAt, open, high, low, close, volume } = bar
  const closedAt = new Date(openedAt.getTime() + series.intervalSeconds * 1000)
  return { ...series, openedAt, closedAt, open, high, low, close, volume, source }
}

function quarantinedRows(judged: JudgedBars, rejected: readonly RejectedRow[]): QuarantinedRow[] {
  const refused = judged.refused.map(({ bar, reason, detail }) => ({
    index: bar.index,
    line: bar.line,
    reason,
    detail,
  }))
  const unread = rejected.map(({ line, reason, detail }) => ({ index: null, line, reason, detail }))
  return [...refused, ...unread].sort((a, b) => (a.line ?? a.index ?? 0) - (b.line ?? b.index ?? 0))
}

/** @throws AppError NOT_FOUND for an id that is no import of this symbol */
async function findImport(trx: Trx, { input, series }: Posting): Promise<string | null> {
  if (input.importId === null) return null
  const found = await findBarImport(trx, input.importId)
  if (found === null || found.symbol !== series.symbol) throw notFound('Import')
  return found.importId
}

/** One row and one audit entry per import, however many requests carry it; the counts grow with each. */
async function writeImport(trx: Trx, posting: Posting, posted: PostedBars, isNew: boolean): Promise<void> {
  const { actor, input, deps, series } = posting
  const counts = {
    rowsTotal: posted.rowsTotal,
    rowsAccepted: posted.rowsAccepted + posted.releasedLines.length,
    rowsQuarantined: posted.quarantined.length - posted.releasedLines.length,
    rowsDuplicate: posted.rowsDuplicate,
  }
  if (!isNew) {
    await addToBarImport(trx, posted.importId, counts)
    return
  }
  const createdAt = deps.clock.now()
  const fileName = input.fileName ?? ''
  const { importId } = posted
  await insertBarImport(trx, {
    importId,
    symbol: series.symbol,
    fileName,
    ...counts,
    createdBy: actor.label,
    createdAt,
  })
  await appendAudit(trx, [
    {
      auditId: randomUUID(),
      at: createdAt,
      actorId: actor.userId,
      actorLabel: actor.label,
      role: actor.role,
      action: 'market_data.import',
      entity: 'bar_import',
      entityId: importId,
      before: null,
      after: { symbol: series.symbol, interval_seconds: series.intervalSeconds, file_name: fileName },
      reason: null,
      requestId: actor.requestId,
      ip: actor.ip,
    },
  ])
}

async function writeQuarantine(
  trx: Trx,
  { input, series, deps }: Posting,
  { importId }: PostedBars,
  { refused }: JudgedBars,
): Promise<void> {
  const common = { ...series, importId, createdAt: deps.clock.now() }
  const bars = refused.map(({ bar, reason, detail }) => ({
    ...common,
    quarantineId: randomUUID(),
    openedAt: bar.openedAt,
    line: bar.line,
    raw: toRaw(bar),
    reason,
    detail,
  }))
  const rows = input.rejected.map(({ line, text, reason, detail }) => ({
    ...common,
    quarantineId: randomUUID(),
    openedAt: null,
    line,
    raw: { text },
    reason,
    detail,
  }))
  await insertQuarantinedBars(trx, [...bars, ...rows])
}

async function writeAlerts(
  trx: Trx,
  posting: Posting,
  posted: PostedBars,
  judged: JudgedBars,
): Promise<void> {
  const { input, series, deps } = posting
  const createdAt = deps.clock.now()
  const what = input.fileName === null ? series.symbol : `${series.symbol} (${input.fileName})`
  const [first] = posted.quarantined
  const alerts: { code: string; message: string }[] = []
  if (first !== undefined) {
    const count = posted.quarantined.length
    alerts.push({
      code: 'BAD_BAR',
      message: `${count} of ${posted.rowsTotal} bars of ${what} quarantined, the first: ${first.reason}, ${first.detail}`,
    })
  }
  if (judged.hasNewLevel) {
    alerts.push({
      code: 'PRICE_LEVEL_CHANGED',
      message: `Three bars in a row of ${what} stand at a new price level: accepted`,
    })
  }
  const scope =
    input.fileName === null ? `${series.symbol}:${createdAt.toISOString().slice(0, 13)}` : posted.importId
  const written = await insertAlerts(
    trx,
    alerts.map((alert) => ({
      ...alert,
      alertId: randomUUID(),
      severity: 'WARNING' as const,
      context: { symbol: series.symbol, import_id: posted.importId },
      strategyId: null,
      // A feed that sends nonsense raises one alert an hour, a file one alert, however many requests carry it.
      dedupeKey: `${alert.code}:${scope}`,
      acknowledged: false,
      acknowledgedAt: null,
      acknowledgedBy: null,
      createdAt,
    })),
  )
  const messages = written.map((alert) => ({
    topic: 'alerts',
    key: null,
    payload: { alert_id: alert.alertId, severity: alert.severity, code: alert.code, message: alert.message },
    createdAt,
    push: true,
  }))
  if (messages.length > 0) await appendOutbox(trx, messages)
}
