import { readFile } from 'node:fs/promises'
import type { Browser, Download, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, type Rest } from './harness/api.ts'
import { openBrowser, visitLoggedIn, type Visit } from './harness/browser.ts'
import { parseCsv } from './harness/csv.ts'
import { firstLine, go, readNumber } from './harness/reading.ts'

interface Listed {
  data: Record<string, unknown>[]
  meta: { total_count: number }
}

let browser: Browser
let visitor: Visit
let page: Page
let rest: Rest
let runId: string

beforeAll(async () => {
  browser = await openBrowser()
  visitor = await visitLoggedIn(browser)
  page = visitor.page
  rest = await logIn()
  const runs = await rest.get<Listed>('/v1/runs?run_type=BACKTEST&status=COMPLETED')
  runId = String(runs.data[0]?.['run_id'])
})

afterAll(() => browser.close())

const table = (name: string) => page.getByRole('region', { name, exact: true }).getByRole('table')
const headers = async (name: string) => {
  const texts = await table(name).getByRole('columnheader').allInnerTexts()
  return texts.map((text) => text.replace(/\d$/, '').trim())
}

async function download(press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()])
  return { name: file.suggestedFilename(), text: await readFile(await pathOf(file), 'utf8') }
}
const pathOf = (file: Download) => file.path()

describe('the table', () => {
  const sorted = () => page.getByRole('columnheader', { name: /^Symbol|^Fees/ })

  it('is sorted by one column, then by another among equals, and says so in the address', async () => {
    await go(page, '/orders', 'Orders')
    await table('Orders').getByRole('button', { name: 'Symbol' }).click()
    await table('Orders')
      .getByRole('button', { name: 'Fees' })
      .click({ modifiers: ['Shift'] })
    await page.waitForURL(/sort=-symbol%2C-fees|sort=-symbol,-fees/)
    expect(await sorted().first().getAttribute('aria-sort')).toBe('descending')
    const places = (await headers('Orders')).map((name) => name.replaceAll(/\s+/g, ' '))
    const [symbol, fees] = [places.indexOf('Symbol'), places.indexOf('Fees')]
    const rows = await table('Orders')
      .locator('tbody tr')
      .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText)))
    const keys = rows.map(
      (cells) => [firstLine(cells[symbol] ?? ''), readNumber(cells[fees] ?? '') ?? -1] as const,
    )
    const wanted = keys.toSorted(([a, feeA], [b, feeB]) => b.localeCompare(a) || feeB - feeA)
    expect(keys).toEqual(wanted)
  })

  it('shows the columns that its reader chose, also after other pages', async () => {
    await go(page, '/orders', 'Orders')
    const before = await headers('Orders')
    await page.getByRole('button', { name: 'Columns' }).click()
    const sheet = page.getByRole('dialog', { name: 'Columns' })
    await sheet.getByRole('checkbox', { name: 'Latency' }).uncheck()
    await sheet.getByRole('button', { name: 'Move Fees towards the beginning' }).click()
    await page.keyboard.press('Escape')
    await go(page, '/runs', 'Runs')
    await go(page, '/orders', 'Orders')
    const after = await headers('Orders')
    expect(after).not.toContain('Latency')
    expect(after.indexOf('Fees')).toBe(before.indexOf('Fees') - 1)
    await page.getByRole('button', { name: 'Columns' }).click()
    await sheet.getByRole('button', { name: 'As it was' }).click()
    await page.keyboard.press('Escape')
    expect(await headers('Orders')).toEqual(before)
  })

  it('is walked by keys: j and k move, Enter opens, and a closed dialog is not in the way', async () => {
    await go(page, '/orders', 'Orders')
    const focused = () =>
      page.evaluate(() => document.activeElement?.closest('tbody')?.getAttribute('data-index'))
    await page.keyboard.press('j')
    await expect.poll(focused).toBe('0')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    await expect.poll(focused).toBe('1')
    await page.keyboard.press('Enter')
    await table('Orders').getByRole('button', { name: 'Hide details' }).waitFor()
    expect(await table('Orders').getByRole('button', { name: 'Hide details' }).count()).toBe(1)
    await page.keyboard.press('Enter')
    await table('Orders').getByRole('button', { name: 'Hide details' }).waitFor({ state: 'detached' })
    visitor.watched.expectQuiet()
  })

  it('hands out the whole list under its filters as CSV, which is what the API lists', async () => {
    await go(page, '/orders?strategy=ppo_v1&status=FILLED', 'Orders')
    const { name, text } = await download(async () => {
      await page.getByRole('button', { name: 'CSV' }).click()
      await page.getByRole('menuitem', { name: /^CSV, all rows/ }).click()
    })
    const rows = parseCsv(text)
    const listed = await rest.get<Listed>('/v1/orders?strategy_id=ppo_v1&status=FILLED&per_page=100')
    expect(name).toBe('quantdeck-orders.csv')
    // A live market may have filled one since.
    expect(Math.abs(rows.length - listed.meta.total_count)).toBeLessThanOrEqual(1)
    const ids = listed.data.map((row) => row['order_id'])
    const kept = rows.filter((row) => ids.includes(row['order_id']))
    expect(kept.length).toBeGreaterThanOrEqual(ids.length - 1)
    const fees = new Map(listed.data.map((row) => [row['order_id'], row['fees']]))
    expect(kept.map((row) => row['fees'])).toEqual(kept.map((row) => fees.get(row['order_id'])))
  })

  it('of hundreds of rows draws those in sight, and counts all of them', async () => {
    await go(page, `/runs/${runId}?tab=equity`)
    await page.getByRole('button', { name: 'Show as table' }).click()
    const curve = await rest.get<{ data: unknown[] }>(`/v1/runs/${runId}/equity.json`)
    const long = table('Equity and drawdown')
    await long.waitFor()
    expect(Number(await long.getAttribute('aria-rowcount'))).toBe(curve.data.length + 1)
    expect(curve.data.length).toBeGreaterThan(100)
    expect(await long.getByRole('row').count()).toBeLessThan(80)
    const region = page.getByRole('region', { name: 'Equity and drawdown', exact: true })
    await region.evaluate((frame) => frame.scrollTo({ top: frame.scrollHeight }))
    await long.locator(`tr[aria-rowindex="${curve.data.length + 1}"]`).waitFor()
  })
})

interface Statistics {
  data: {
    figures: Record<string, string | number | null>
    drawdowns: { depth_pct: string; days: number }[]
  }
}

describe('the result of a backtest', () => {
  const line = (group: string, label: string) =>
    page.getByRole('region', { name: group }).locator('dl > div').filter({ hasText: label }).locator('dd')

  it('shows every figure of the API, with its unit', async () => {
    const { data } = await rest.get<Statistics>(`/v1/runs/${runId}/statistics`)
    await go(page, `/runs/${runId}`)
    await page.getByRole('region', { name: 'Ratios' }).waitFor()
    for (const [group, label, name] of [
      ['Ratios', 'Calmar', 'calmar_ratio'],
      ['Ratios', 'Omega', 'omega'],
      ['Returns', 'Best day', 'best_day_pct'],
      ['Returns', 'Time in the market', 'exposure_pct'],
      ['Risk', 'Volatility a year', 'volatility_pct'],
      ['Trades', 'Expectancy a trade', 'expectancy'],
      ['Trades', 'SQN', 'sqn'],
      ['Against buy and hold', 'Beta', 'beta'],
    ] as const) {
      const shown = readNumber(await line(group, label).innerText())
      expect([label, shown]).toEqual([label, Number(Number(data.figures[name]).toFixed(2))])
    }
  })

  it('lists its deepest drawdowns as the API does', async () => {
    const { data } = await rest.get<Statistics>(`/v1/runs/${runId}/statistics`)
    await go(page, `/runs/${runId}?tab=equity`)
    const cells = table('Deepest drawdowns').locator('tbody tr td:first-child')
    await cells.first().waitFor()
    const shown = await cells.allInnerTexts()
    expect(shown.map(readNumber)).toEqual(data.drawdowns.map(({ depth_pct: depth }) => Number(depth)))
  })

  it('says what chance might have made of it, as often as asked with the same seed', async () => {
    const { data } = await rest.get<{ data: { final_equity: string[] } }>(`/v1/runs/${runId}/monte-carlo`)
    await go(page, `/runs/${runId}?tab=outlook`)
    const median = page.locator('main dt', { hasText: 'Ends at (median)' }).locator('xpath=../dd')
    await median.waitFor()
    expect(readNumber(await median.innerText())).toBe(Number(data.final_equity[2]))
    await page.getByRole('img', { name: /^Equity at the end of all draws/ }).waitFor()
  })

  it('has its months, its trades and its log, and hands them out as files', async () => {
    await go(page, `/runs/${runId}?tab=periods`)
    await page.getByRole('table', { name: 'Annual returns' }).waitFor()
    await go(page, `/runs/${runId}?tab=log`)
    await page.getByRole('heading', { name: 'Entries not made' }).waitFor()
    await go(page, `/runs/${runId}?tab=trades`)
    await page.getByRole('table', { name: 'Results of trades' }).waitFor()
    const { name, text } = await download(async () => {
      await page.getByRole('button', { name: 'Download' }).click()
      await page.getByRole('menuitem', { name: 'Trades (CSV)' }).click()
    })
    expect(name).toMatch(/trades\.csv$/)
    expect(text).toBe(await rest.text(`/v1/runs/${runId}/trades.csv`))
    const report = await download(async () => {
      await page.getByRole('button', { name: 'Download' }).click()
      await page.getByRole('menuitem', { name: /^Report/ }).click()
    })
    expect(report.text).toMatch(/^<!doctype html>/i)
    visitor.watched.expectQuiet()
  })
})

describe('limits on history', () => {
  it('say what they would have stopped and cost, and change nothing', async () => {
    const path = '/v1/strategies/ppo_v1/limits'
    const before = await rest.get<unknown>(path)
    await go(page, '/strategies/ppo_v1?tab=limits')
    await page.getByRole('link', { name: 'Try on history' }).click()
    const replay = page.getByRole('button', { name: 'Replay the trades' })
    await page.getByLabel(/^Trades per day/).waitFor()
    expect(await replay.isDisabled()).toBe(true)
    await page.getByLabel(/^Trades per day/).fill('2')
    await replay.click()
    const cost = page.locator('main dt', { hasText: 'Entries stopped' }).locator('xpath=../dd')
    await cost.waitFor()
    const limits = { max_trades_per_day: 2 }
    const { body } = await rest.call<{ data: { denied: { orders: number }[]; denied_trades: unknown[] } }>(
      'POST',
      `${path}/backtest`,
      { limits },
    )
    const orders = body.data.denied.reduce((sum, each) => sum + each.orders, 0)
    expect(orders).toBeGreaterThan(0)
    expect(readNumber(await cost.innerText())).toBe(orders)
    await page.getByText('No trades left for today').first().waitFor()
    expect(await rest.get<unknown>(path)).toEqual(before)
    visitor.watched.expectQuiet()
  })
})

describe('a walk-forward study', () => {
  it('is started from the page and shows the windows of the API', async () => {
    await go(page, '/walk-forwards?new=true')
    const sheet = page.getByRole('dialog', { name: 'New walk-forward study' })
    await sheet.getByRole('button', { name: 'Start study' }).click()
    await sheet.getByText('Name a parameter').waitFor()
    await sheet.getByLabel('Strategy').selectOption('mean_reversion_v1')
    await sheet.getByLabel('Start date').fill('2025-01-01')
    await sheet.getByLabel('End date').fill('2025-12-31')
    await sheet.getByLabel('Chosen on').fill('180')
    await sheet.getByLabel('Tried on').fill('90')
    await sheet.getByRole('textbox', { name: 'Parameter 1' }).fill('period')
    await sheet.getByLabel('Values').fill('10, 20')
    await sheet.getByRole('button', { name: 'Start study' }).click()
    await page.waitForURL(/\/walk-forwards\/[0-9a-f-]{36}/)
    await page.getByRole('heading', { level: 1, name: 'mean_reversion_v1 · Walk-forward' }).waitFor()
    await page.locator('main').getByText('Completed', { exact: true }).waitFor({ timeout: 45_000 })
    const id = new URL(page.url()).pathname.split('/').at(-1)
    interface Study {
      data: { windows: { parameters: Record<string, unknown> }[]; efficiency: string | null }
    }
    const { data } = await rest.get<Study>(`/v1/walk-forwards/${id}`)
    const rows = table('Windows').locator('tbody tr')
    await rows.first().waitFor()
    expect(await rows.count()).toBe(data.windows.length)
    const chosen = await rows.evaluateAll((all) =>
      all.map((row) => row.querySelectorAll('td')[3]?.innerText ?? ''),
    )
    expect(chosen).toEqual(data.windows.map(({ parameters }) => `period ${String(parameters['period'])}`))
    visitor.watched.expectQuiet()
  })
})

describe('the rules for alerts', () => {
  interface Rules {
    data: { kind: string; strategy_id: string | null; threshold: string | null; enabled: boolean }[]
  }
  const ofStrategy = async () =>
    (await rest.get<Rules>('/v1/alert-rules')).data.find((rule) => rule.strategy_id === 'sac_v2')

  it('are made, changed and deleted from their page', async () => {
    await go(page, '/alerts/rules', 'Alert rules')
    await page.getByRole('button', { name: 'New rule' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Strategy').selectOption('sac_v2')
    await sheet.getByLabel('Threshold').fill('many')
    await sheet.getByRole('button', { name: 'Create rule' }).click()
    expect(await ofStrategy()).toBeUndefined()
    await sheet.getByLabel('Threshold').fill('7,5')
    await sheet.getByLabel('Repeated every').fill('30')
    await sheet.getByRole('button', { name: 'Create rule' }).click()
    const row = page.getByRole('row', { name: /sac_v2/ })
    await row.waitFor()
    expect(await ofStrategy()).toMatchObject({
      kind: 'drawdown_warning',
      threshold: '7.5',
      repeat_minutes: 30,
    })
    await row.getByRole('button', { name: 'Change' }).click()
    await sheet.getByRole('checkbox', { name: 'Raise alerts of this kind' }).uncheck()
    await sheet.getByRole('button', { name: 'Save' }).click()
    await row.getByText('Not raised').waitFor()
    expect(await ofStrategy()).toMatchObject({ enabled: false, threshold: '7.5' })
    await row.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    // Behind a dialog nothing else is in reach, so the row seems gone before it is.
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    await row.waitFor({ state: 'detached' })
    expect(await ofStrategy()).toBeUndefined()
    visitor.watched.expectQuiet()
  })
})
