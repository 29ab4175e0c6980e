import { deck, MAX_BARS, type OutputOf, type RequestOf } from '@quantdeck/contracts'
import type { ParsedFile } from '../bars-csv/parse-bars-csv.ts'
import type { ParsedBar, RejectedRow } from '../bars-csv/rows.ts'
import type { Client } from '../client.ts'
import type { InstrumentState } from './instrument.ts'
import type { Progress } from './progress.ts'

type PostBars = typeof deck.marketData.postBars
type Request = RequestOf<PostBars>
type Answer = OutputOf<PostBars>['data']

/** Well below the 4 MiB that the server takes in one request. */
const MAX_BODY_BYTES = 3 * 1024 * 1024
const MAX_TEXT = 500

export interface SendOptions {
  symbol: string
  fileName: string
  isDryRun: boolean
  parsed: ParsedFile
  instrument: InstrumentState
  progress: Progress
}

export interface ReportedRow {
  line: number
  reason: string
  detail: string
}

/** What became of a file. */
export interface ImportReport {
  file: string
  symbol: string
  interval_seconds: number
  dry_run: boolean
  instrument: InstrumentState
  import_id: string | null
  rows_total: number
  rows_accepted: number
  rows_duplicate: number
  rows_quarantined: number
  first_opened_at: string | null
  last_opened_at: string | null
  /** By line. */
  quarantined: ReportedRow[]
}

/** Sends a file in as many requests as it takes, all of one import. */
export async function sendBars(client: Client, options: SendOptions): Promise<ImportReport> {
  const { parsed, symbol, fileName, isDryRun, instrument, progress } = options
  const report = emptyReport(options)
  if (instrument === 'would-be-created') return judgedHereOnly(report, parsed)
  for (const part of partsOf(parsed)) {
    const { data } = await client.call(deck.marketData.postBars, {
      symbol,
      interval_seconds: parsed.intervalSeconds,
      file_name: fileName.slice(0, 255),
      dry_run: isDryRun,
      ...(report.import_id === null || isDryRun ? {} : { import_id: report.import_id }),
      ...part,
    })
    addAnswer(report, data)
    progress.add(data.rows_total)
  }
  report.quarantined.sort((a, b) => a.line - b.line)
  return report
}

function emptyReport({ parsed, symbol, fileName, isDryRun, instrument }: SendOptions): ImportReport {
  const instant = (bar: ParsedBar | undefined) =>
    bar === undefined ? null : new Date(bar.openedAtMs).toISOString()
  return {
    file: fileName,
    symbol,
    interval_seconds: parsed.intervalSeconds,
    dry_run: isDryRun,
    instrument,
    import_id: null,
    rows_total: parsed.rowCount,
    rows_accepted: 0,
    rows_duplicate: 0,
    rows_quarantined: 0,
    first_opened_at: instant(parsed.bars[0]),
    last_opened_at: instant(parsed.bars.at(-1)),
    quarantined: [],
  }
}

/** A dry run of a symbol that the server does not know: it has nothing to judge the bars against. */
function judgedHereOnly(report: ImportReport, { bars, rejected }: ParsedFile): ImportReport {
  const quarantined = rejected.map(({ line, reason, detail }) => ({ line, reason, detail }))
  return { ...report, rows_accepted: bars.length, rows_quarantined: rejected.length, quarantined }
}

function addAnswer(report: ImportReport, answer: Answer): void {
  report.import_id ??= answer.dry_run ? null : answer.import_id
  const released = new Set(answer.released_lines)
  report.quarantined = report.quarantined.filter(({ line }) => !released.has(line))
  report.rows_accepted += answer.rows_accepted + released.size
  report.rows_duplicate += answer.rows_duplicate
  report.rows_quarantined += answer.rows_quarantined - released.size
  report.quarantined.push(
    ...answer.quarantined.map(({ line, reason, detail }) => ({ line: line ?? 0, reason, detail })),
  )
}

type Part = Required<Pick<Request, 'bars' | 'rejected'>>

/** Bars in time order, as many to a request as its limits allow; the unreadable rows travel with them. */
export function* partsOf({ bars, rejected }: Pick<ParsedFile, 'bars' | 'rejected'>): Generator<Part> {
  let part: Part = { bars: [], rejected: [] }
  let size = 0
  const items = [
    ...bars.map((bar) => ({ bar: wireBar(bar), row: null })),
    ...rejected.map((row) => ({ bar: null, row: wireRow(row) })),
  ]
  for (const { bar, row } of items) {
    const bytes = Buffer.byteLength(JSON.stringify(bar ?? row)) + 1
    if (size + bytes > MAX_BODY_BYTES || part.bars.length >= MAX_BARS || part.rejected.length >= MAX_BARS) {
      yield part
      part = { bars: [], rejected: [] }
      size = 0
    }
    if (bar !== null) part.bars.push(bar)
    if (row !== null) part.rejected.push(row)
    size += bytes
  }
  if (size > 0) yield part
}

function wireBar(bar: ParsedBar): Part['bars'][number] {
  const { open, high, low, close, volume, line } = bar
  return { opened_at: new Date(bar.openedAtMs).toISOString(), open, high, low, close, volume, line }
}

function wireRow({ line, text, reason, detail }: RejectedRow): Part['rejected'][number] {
  return { line, text: storable(text), reason, detail: storable(detail) }
}

/** A broken line may hold anything; what no database stores becomes a replacement sign. */
function storable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\ufffd')
    .slice(0, MAX_TEXT)
    .toWellFormed()
}
