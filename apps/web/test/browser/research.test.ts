import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, type Rest } from './harness/api.ts'
import { parseCsv } from './harness/csv.ts'
import { openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { go, readNumber, settled } from './harness/reading.ts'

interface Trade {
  symbol: string
  quantity: string
  pnl: string
  closed_at: string
}
interface Run {
  run_id: string
  status: string
  strategy_id: string
  report_url: string
  sharpe_ratio: string
  total_trades: number
  trades: Trade[]
  equity_curve: { date: string; value: string }[]
}
interface Comparison {
  runs: { run_id: string }[]
  metrics: { name: string; values: (string | number | null)[]; best: number | null }[]
  differences: { field: string; values: (string | null)[] }[]
}

let browser: Browser
let visitor: Visit
let page: Page
let rest: Rest
let folder: string
let runId: string

beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visitLoggedIn(browser)
  page = visitor.page
  rest = await logIn()
  folder = await mkdtemp(join(tmpdir(), 'quantdeck-report-'))
})

afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
})

const getRun = async (id: string) => (await rest.get<{ data: Run }>(`/v1/runs/${id}`)).data

/** Fills in the sheet for a new backtest, one parameter of the strategy changed, and sends it. */
async function startBacktest(stop: string): Promise<string> {
  await go(page, '/runs?new=true')
  const sheet = page.getByRole('dialog', { name: 'New backtest' })
  await sheet.getByLabel('Strategy').selectOption('momentum_v1')
  await sheet.getByLabel('Start date').fill('2024-01-01')
  await sheet.getByLabel('End date').fill('2025-12-31')
  await sheet.getByText('Costs, seed and parameters').click()
  await sheet.getByLabel(/^Stop loss/).fill(stop)
  await sheet.getByRole('button', { name: 'Start backtest' }).click()
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/)
  return page.url().split('/').at(-1) ?? ''
}

describe('a backtest', () => {
  it('shows its progress, then its result, which is that of the API', async () => {
    runId = await startBacktest('3.0')
    const main = page.locator('main')
    await main
      .getByRole('progressbar')
      .or(main.getByText('Completed', { exact: true }))
      .first()
      .waitFor()
    await main.getByText('Completed', { exact: true }).first().waitFor({ timeout: 45_000 })
    await settled(page)
    const run = await getRun(runId)
    expect(run).toMatchObject({ status: 'COMPLETED', strategy_id: 'momentum_v1' })
    expect(run.total_trades).toBeGreaterThan(0)
    const sharpe = main.locator('dt', { hasText: 'Sharpe' }).first().locator('xpath=../dd')
    expect(readNumber(await sharpe.innerText())).toBeCloseTo(Number(run.sharpe_ratio), 2)
    visitor.watched.expectQuiet()
  })

  it('has a report that is one file: it opens without a network and asks nobody for anything', async () => {
    const href = await page.getByRole('link', { name: 'Open report' }).getAttribute('href')
    const answer = await fetch(href ?? '')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/html/),
    ])
    const file = join(folder, 'report.html')
    await writeFile(file, await answer.text())
    const offline = await browser.newContext({ offline: true })
    const report = await offline.newPage()
    const asked: string[] = []
    const errors: string[] = []
    report.on('request', (request) => asked.push(request.url()))
    report.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    await report.goto(pathToFileURL(file).href)
    expect(await report.locator('body').innerText()).toContain('momentum_v1')
    expect(await report.locator('svg').count()).toBeGreaterThan(0)
    expect({ asked, errors }).toEqual({ asked: [pathToFileURL(file).href], errors: [] })
    await offline.close()
  })

  it('gives its trades and its curve as CSV, row for row what the API says', async () => {
    const run = await getRun(runId)
    const trades = parseCsv(await rest.text(`/v1/runs/${runId}/trades.csv`))
    const kept = (row: Record<string, string> | Trade) => [
      row.symbol,
      Date.parse(row.closed_at ?? ''),
      Number(row.quantity),
    ]
    expect(trades.map(kept)).toEqual(run.trades.map(kept))
    // The file has every digit, the API two.
    const apart = trades.map(({ pnl }, index) => Math.abs(Number(pnl) - Number(run.trades[index]?.pnl)))
    expect(Math.max(...apart)).toBeLessThanOrEqual(0.005_001)
    const equity = parseCsv(await rest.text(`/v1/runs/${runId}/equity.csv`))
    expect(equity.map(({ date, equity: value }) => [date, Number(value)])).toEqual(
      run.equity_curve.map(({ date, value }) => [date, Number(value)]),
    )
  })

  it('is compared with another one: the figures of the API, the better one marked, what differs named', async () => {
    const other = await startBacktest('1.0')
    await page.locator('main').getByText('Completed', { exact: true }).first().waitFor({ timeout: 45_000 })
    await go(page, '/runs?strategy=momentum_v1&type=BACKTEST', 'Runs')
    for (const id of [other, runId]) {
      const row = page.getByRole('row').filter({ has: page.locator(`a[href$="${id}"]`) })
      await row.getByRole('checkbox').check()
    }
    await page.getByRole('link', { name: /^Compare/ }).click()
    await settled(page, 'Compare runs')
    const { data } = await rest.get<{ data: Comparison }>(`/v1/runs/compare?ids=${other},${runId}`)
    const table = page.getByRole('region', { name: 'Figures' }).getByRole('table')
    const rows = await table.locator('tbody tr').all()
    expect(rows).toHaveLength(data.metrics.length)
    for (const [index, { name, values, best }] of data.metrics.entries()) {
      const cells = rows[index]?.getByRole('cell') ?? page.locator('never')
      const shown = await cells
        .locator('span')
        .evaluateAll((spans) =>
          spans
            .filter((span) => !span.className.includes('text-muted'))
            .map((span) => span.textContent ?? ''),
        )
      const wanted = values.map((value) => (value === null ? null : shownAs(name, Number(value))))
      const read = DURATIONS.has(name) ? readHours : bareNumber
      expect([name, shown.map(read)]).toEqual([name, wanted])
      const marked = await cells.evaluateAll((all) =>
        all.findIndex((cell) => cell.querySelector('[aria-label="best"], [aria-label="Best"]') !== null),
      )
      expect([name, marked]).toEqual([name, best ?? -1])
    }
    const differing = page.getByRole('region', { name: /differ/i }).locator('tbody th')
    expect(await differing.allInnerTexts()).toEqual(data.differences.map(({ field }) => field))
    expect(data.differences.map(({ field }) => field).join(' ')).toContain('stop_loss_pct')
    visitor.watched.expectQuiet()
  })
})

const SHARES = new Set(['win_rate', 'probabilistic_sharpe', 'deflated_sharpe'])
const DURATIONS = new Set(['longest_drawdown_days', 'average_trade_duration_hours'])

/** The API's number as the page rounds it: shares in percent, durations in hours, to the second unit. */
function shownAs(name: string, value: number): number {
  if (SHARES.has(name)) return Math.round(value * 1_000) / 10
  if (name === 'longest_drawdown_days') return Math.round(value) * 24
  if (name === 'average_trade_duration_hours')
    return value < 24 ? Math.floor(value * 60) / 60 : Math.floor(value)
  // Never minus zero.
  return Math.round(value * 100) / 100 + 0
}

const HOURS = { d: 24, h: 1, min: 1 / 60 } as const

/** "4 d 2 h" -> 98. */
function readHours(text: string): number {
  const parts = [...text.matchAll(/(\d+) (d|h|min)\b/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * HOURS[unit as keyof typeof HOURS], 0)
}

/** A figure with whatever unit follows it. */
function bareNumber(text: string): number | null {
  return readNumber(text.replace(/[^\d.,−–-]+$/, ''))
}
