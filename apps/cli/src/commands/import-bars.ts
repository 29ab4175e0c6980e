import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { DATE_FORMATS, type DateFormat } from '../bars-csv/dates.ts'
import { formatInterval, parseInterval } from '../bars-csv/interval.ts'
import type { DecimalSign } from '../bars-csv/numbers.ts'
import { BarsFileError, parseBarsCsv, type ParsedFile } from '../bars-csv/parse-bars-csv.ts'
import { Client } from '../client.ts'
import { CliError, UsageError } from '../errors.ts'
import { ensureInstrument } from '../import/instrument.ts'
import { Progress } from '../import/progress.ts'
import { type ImportReport, sendBars } from '../import/send-bars.ts'
import { printReport } from '../import/report.ts'
import { type Invocation, readArgs } from '../args.ts'

const OPTIONS = {
  symbol: { type: 'string' },
  interval: { type: 'string' },
  'date-format': { type: 'string' },
  decimal: { type: 'string' },
  zone: { type: 'string' },
  column: { type: 'string' },
  'contract-type': { type: 'string' },
  currency: { type: 'string' },
  'dry-run': { type: 'boolean' },
  url: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** Reads a file here, sends its rows there, and says what became of each. @returns 1 when no row was taken */
export async function importBars({ args, env, nowMs }: Invocation): Promise<number> {
  const { values, positionals } = readArgs({ args, options: OPTIONS, allowPositionals: true })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new UsageError('import bars takes one FILE')
  if (values.symbol === undefined) throw new UsageError('import bars needs --symbol')
  const { symbol } = values
  const parsed = parseFile(resolve(env.directory, file), {
    symbol,
    intervalSeconds: intervalOption(values.interval),
    dateFormat: choice('date-format', values['date-format'], DATE_FORMATS),
    decimalSign: choice('decimal', values.decimal, ['point', 'comma'] as const),
    zone: zoneOption(values.zone),
    priceColumn: values.column,
    nowMs,
  })
  const client = new Client(values, env)
  const isDryRun = values['dry-run'] ?? false
  const contractType = choice('contract-type', values['contract-type'], [
    'STOCK',
    'INDEX',
    'FX',
    'CRYPTO',
  ] as const)
  const instrument = await ensureInstrument(
    client,
    { symbol, contractType, currency: values.currency, isDryRun },
    parsed,
  )
  const progress = new Progress(parsed.rowCount)
  client.onWait((seconds) => progress.say(`waiting ${seconds} s for the server's rate limit`))
  const report = await sendBars(client, {
    symbol,
    fileName: basename(file),
    isDryRun,
    parsed,
    instrument,
    progress,
  })
  progress.end()
  printReport(report, values.json ?? false)
  return isTaken(report) ? 0 : 1
}

function isTaken(report: ImportReport): boolean {
  return report.rows_accepted + report.rows_duplicate > 0
}

interface ReadOptions {
  symbol: string
  intervalSeconds: number | undefined
  dateFormat: DateFormat | undefined
  decimalSign: DecimalSign | undefined
  zone: string
  priceColumn: string | undefined
  nowMs: number
}

function parseFile(file: string, options: ReadOptions): ParsedFile {
  try {
    return parseBarsCsv(readText(file), options)
  } catch (error) {
    if (error instanceof BarsFileError) throw new CliError(`${file}: ${error.message}`, { cause: error })
    throw error
  }
}

function readText(file: string): string {
  try {
    return decode(readFileSync(file))
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CliError(`${file} cannot be read: ${reason === 'ENOENT' ? 'there is no such file' : reason}`, {
      cause: error,
    })
  }
}

/** UTF-8, UTF-16 by its mark, and what old spreadsheets write. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function intervalOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = parseInterval(text)
  if (seconds === null)
    throw new UsageError(`--interval ${text} is none: use ${formatInterval(300)}, 1h, 1d, 1w ...`)
  return seconds
}

function zoneOption(zone = 'UTC'): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone === 'UTC'
      ? 'UTC'
      : zone
  } catch (error) {
    throw new UsageError(`--zone ${zone} is no time zone: use America/Bogota, America/New_York, UTC ...`, {
      cause: error,
    })
  }
}

function choice<T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined) return undefined
  const found = allowed.find((one) => one.toLowerCase() === value.toLowerCase())
  if (found === undefined) throw new UsageError(`--${name} must be one of ${allowed.join(', ')}`)
  return found
}
