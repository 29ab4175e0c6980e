import { MAX_BARS } from '@quantdeck/contracts'
import { type BarRows, type Database, insertInstrument, insertNewBars, loadBarColumns } from '@quantdeck/db'
import { sampleInstrument } from '@quantdeck/db/testing'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { timeHere } from '../measure.ts'
import type { Comparison, Sample, Suite } from '../suite.ts'
import { type ApiProcess, startApi } from '../support/api-process.ts'
import { httpLoad } from '../support/http-load.ts'
import { type BenchPostgres, startPostgres } from '../support/postgres.ts'
import { cpuDuring } from '../support/processes.ts'

const LOADED = 1_000_000
const IMPORTED = 'IMPORTED'
const FILES = 5
/** A statement has ten seconds. */
const ROWS_PER_FILE = 200_000
const MINUTE_MS = 60_000
const COLUMNS = 7
const SERIES = { symbol: 'LOADED', intervalSeconds: 60 }
const ROWS_PER_SEED = 20_000
const FIRST_T = Date.UTC(2020, 0, 1)

/** Minutes in cents, written by the server itself: how they come in is another comparison. */
async function seedLoaded(db: Database): Promise<void> {
  for (let from = 0; from < LOADED; from += ROWS_PER_SEED) {
    await db.executeSql(`
      insert into bars (symbol, interval_seconds, opened_at, closed_at, open, high, low, close, volume, source)
      select 'LOADED', 60, t, t + interval '1 minute', p, p + 0.2, p - 0.3, p + 0.05, i % 900, 'bench'
      from (
        select i, timestamptz '2020-01-01T00:00:00Z' + i * interval '1 minute' as t,
          round((100 + 20 * sin(i / 5000.0) + (i::bigint * 7919 % 100) / 100.0)::numeric, 2) as p
        from generate_series(${from}, ${from + ROWS_PER_SEED - 1}) as i
      ) rows`)
  }
  await db.executeSql(`
    insert into bar_chunks (symbol, interval_seconds, chunk)
    select distinct symbol, interval_seconds,
      floor(extract(epoch from opened_at) / (interval_seconds::numeric * 8192))::int
    from bars`)
}

/** Minutes in cents, as texts. */
function importedRows(file: number): BarRows {
  const first = FIRST_T + file * ROWS_PER_FILE * MINUTE_MS
  const column = (price: (i: number) => string) => Array.from({ length: ROWS_PER_FILE }, (_, i) => price(i))
  const cents = (more: number) => column((i) => ((10_000 + ((i * 7919) % 2_000) + more) / 100).toFixed(2))
  return {
    ...{ symbol: IMPORTED, intervalSeconds: 60, source: 'bench' },
    openedAtMs: Array.from({ length: ROWS_PER_FILE }, (_, i) => first + i * MINUTE_MS),
    ...{ open: cents(0), high: cents(20), low: cents(-30), close: cents(5) },
    volume: column((i) => String(i % 900)),
  }
}

function toCsv(rows: BarRows): string {
  const lines = rows.openedAtMs.map((ms, i) => {
    const times = [ms, ms + MINUTE_MS].map((at) => new Date(at).toISOString())
    const prices = [rows.open[i], rows.high[i], rows.low[i], rows.close[i], rows.volume[i]]
    return [rows.symbol, rows.intervalSeconds, ...times, ...prices, rows.source].join(',')
  })
  return `${lines.join('\n')}\n`
}

/** Bodies of requests as `quantdeck import-bars` sends them. */
function toBodies(rows: BarRows): string[] {
  const bodies: string[] = []
  for (let from = 0; from < ROWS_PER_FILE; from += MAX_BARS) {
    const bars = rows.openedAtMs.slice(from, from + MAX_BARS).map((ms, n) => ({
      opened_at: new Date(ms).toISOString(),
      ...{ open: rows.open[from + n], high: rows.high[from + n], low: rows.low[from + n] },
      ...{ close: rows.close[from + n], volume: rows.volume[from + n], line: from + n + 2 },
    }))
    bodies.push(JSON.stringify({ symbol: IMPORTED, interval_seconds: 60, file_name: 'bench.csv', bars }))
  }
  return bodies
}

/** The same doubles from a file, one column after the other. */
function fileOfDoubles(folder: string): string {
  const path = join(folder, 'doubles')
  writeFileSync(path, Buffer.alloc(LOADED * COLUMNS * Float64Array.BYTES_PER_ELEMENT, 1))
  return path
}

function loading(db: Database, folder: string): Comparison {
  const path = fileOfDoubles(folder)
  return {
    goal: 'P15',
    title: `${LOADED.toLocaleString('en')} bars for a backtest against the same doubles from a file`,
    figure: 'wall',
    baseline: {
      name: 'file of doubles, cached',
      run: () => timeHere(LOADED, () => new Float64Array(new Uint8Array(readFileSync(path)).buffer)),
    },
    candidates: [
      {
        name: 'loadBarColumns',
        run: () =>
          timeHere(LOADED, async () => {
            const { length } = await loadBarColumns(db.kysely, SERIES)
            if (length !== LOADED) throw new Error(`${length} bars were loaded`)
          }),
        bound: { atLeast: 1 / 3 },
      },
    ],
  }
}

/** Wall time, and CPU time of this process with all that it started: the databases' server and the API. */
async function timeAll(work: () => Promise<unknown>): Promise<Sample> {
  const started = performance.now()
  const cpuMs = await cpuDuring([process.pid], async () => void (await work()))
  return { operations: ROWS_PER_FILE * FILES, wallMs: performance.now() - started, cpuMs }
}

async function importing(postgres: BenchPostgres, api: ApiProcess, folder: string): Promise<Comparison> {
  const { db } = postgres
  const files = Array.from({ length: FILES }, (_, file) => importedRows(file))
  const bodies = files.flatMap(toBodies)
  const paths = files.map((_, file) => join(folder, `bars-${file}.csv`))
  for (const [file, path] of paths.entries()) writeFileSync(path, toCsv(importedRows(file)))
  await insertInstrument(db.kysely, sampleInstrument({ symbol: IMPORTED, barIntervalSeconds: 60 }))
  const empty = async (): Promise<void> => {
    await db.executeSql(`delete from bar_chunks where symbol = '${IMPORTED}'`)
    for (const { openedAtMs } of files) {
      const to = new Date(openedAtMs.at(-1)!).toISOString()
      await db.executeSql(`delete from bars where symbol = '${IMPORTED}' and opened_at <= '${to}'`)
    }
    await db.executeSql('checkpoint')
  }
  return {
    goal: 'P15',
    title: `${(ROWS_PER_FILE * FILES).toLocaleString('en')} bars into the database against COPY with the same index`,
    figure: 'wall',
    rounds: 3,
    baseline: {
      name: 'COPY from files of the server',
      run: async () => {
        await db.executeSql('truncate copied_bars')
        await db.executeSql('checkpoint')
        return timeAll(async () => {
          for (const path of paths) await db.executeSql(`copy copied_bars from '${path}' with (format csv)`)
        })
      },
    },
    candidates: [
      {
        name: 'POST /v1/market-data/bars: read, judged, stored',
        run: async () => {
          await empty()
          const requests = bodies.map((body) => ({ method: 'POST', path: '/v1/market-data/bars', body }))
          return timeAll(() =>
            httpLoad({ ...api, connections: 1, requests: [requests], expectedStatus: 202, pids: [] }),
          )
        },
        bound: { atLeast: 0.6 },
      },
      {
        name: 'insertNewBars: stored only',
        run: async () => {
          await empty()
          return timeAll(async () => {
            for (const rows of files) await db.kysely.transaction().execute((trx) => insertNewBars(trx, rows))
          })
        },
      },
    ],
  }
}

export const suite: Suite = {
  title: 'bars: from the database into a backtest, and into the database',
  open: async () => {
    const postgres = await startPostgres()
    const folder = mkdtempSync(join(tmpdir(), 'quantdeck-bench-bars-'))
    chmodSync(folder, 0o755)
    await seedLoaded(postgres.db)
    await postgres.db.executeSql('create table copied_bars (like bars including all)')
    const api = await startApi(postgres.url)
    return {
      comparisons: [loading(postgres.db, folder), await importing(postgres, api, folder)],
      notes: [
        'The round that warms up packs the chunks; the others read them. The file is in the page cache.',
        'Both sides of the import are durable, and have the same checks and the same primary key.',
      ],
      close: async () => {
        await api.close()
        await postgres.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}
