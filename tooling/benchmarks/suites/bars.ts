import { type Database, insertBars, loadBarColumns } from '@quantdeck/db'
import { type Bar, Decimal } from '@quantdeck/domain'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { timeHere } from '../measure.ts'
import type { Comparison, Suite } from '../suite.ts'
import { startPostgres } from '../support/postgres.ts'

const LOADED = 1_000_000
const IMPORTED = 200_000
const MINUTE_MS = 60_000
const COLUMNS = 7
const SERIES = { symbol: 'LOADED', intervalSeconds: 60 }
/** A statement of the pool has ten seconds. */
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

function importedBars(): Bar[] {
  return Array.from({ length: IMPORTED }, (_, i) => {
    const openedAt = new Date(FIRST_T + i * MINUTE_MS)
    const cents = 10_000 + ((i * 7919) % 2_000)
    const price = (more: number): Decimal => new Decimal(cents + more).div(100)
    return {
      ...{ symbol: 'IMPORTED', intervalSeconds: 60, openedAt, closedAt: new Date(+openedAt + MINUTE_MS) },
      ...{ open: price(0), high: price(20), low: price(-30), close: price(5) },
      ...{ volume: new Decimal(i % 900), source: 'bench' },
    }
  })
}

function toCsv(bars: readonly Bar[]): string {
  const rows = bars.map((bar) => {
    const prices = [bar.open, bar.high, bar.low, bar.close, bar.volume].map((value) => value.toFixed())
    const times = [bar.openedAt, bar.closedAt].map((at) => at.toISOString())
    return [bar.symbol, bar.intervalSeconds, ...times, ...prices, bar.source].join(',')
  })
  return `${rows.join('\n')}\n`
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

function importing(db: Database, folder: string): Comparison {
  const bars = importedBars()
  const csv = join(folder, 'bars.csv')
  writeFileSync(csv, toCsv(bars))
  return {
    goal: 'P15',
    title: `${IMPORTED.toLocaleString('en')} bars into the database against COPY with the same index`,
    figure: 'wall',
    baseline: {
      name: 'COPY from a file of the server',
      run: async () => {
        await db.executeSql('truncate copied_bars')
        return timeHere(IMPORTED, () => db.executeSql(`copy copied_bars from '${csv}' with (format csv)`))
      },
    },
    candidates: [
      {
        name: 'insertBars',
        run: async () => {
          await db.executeSql(`delete from bars where symbol = 'IMPORTED'`)
          return timeHere(IMPORTED, () => db.kysely.transaction().execute((trx) => insertBars(trx, bars)))
        },
        bound: { atLeast: 0.6 },
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
    return {
      comparisons: [loading(postgres.db, folder), importing(postgres.db, folder)],
      notes: [
        'The round that warms up packs the chunks; the others read them. The file is in the page cache.',
        'Both sides of the import are durable, and have the same checks and the same primary key.',
      ],
      close: async () => {
        await postgres.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}
